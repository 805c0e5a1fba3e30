"""How many workflows a worker keeps follows from its memory."""

from pathlib import Path

import pytest

from workers.memory import FEWEST, MOST, fitting, memory_bytes

GIB = 2**30


@pytest.mark.parametrize(
    ("memory", "kept"),
    [
        (GIB // 4, FEWEST),
        (2 * GIB, 3_579),
        (8 * GIB, 14_316),
        (64 * GIB, MOST),
    ],
)
def test_a_third_of_the_memory_is_for_cached_workflows(memory: int, kept: int) -> None:
    assert fitting(memory) == kept


@pytest.mark.parametrize("text", ["65536000\n", "65536000"])
def test_a_container_has_the_memory_of_its_limit(tmp_path: Path, text: str) -> None:
    (tmp_path / "limit").write_text(text)
    assert memory_bytes((tmp_path / "none", tmp_path / "limit")) == 65_536_000


def test_without_a_limit_there_is_the_memory_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "limit").write_text("max\n")
    assert memory_bytes((tmp_path / "limit",)) == memory_bytes(())
