"""A patch says since when it is there and why, so that one can tell when no run in flight needs it any more."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CALL = re.compile(r"\b(?:deprecate_patch|patched)\(\s*([^)]*?)\s*,?\s*\)")
DATED = re.compile(
    r'"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])-[a-z0-9]+(?:-[a-z0-9]+)*"'
)


def undated(source: str) -> list[str]:
    """What is given to `workflow.patched` and `deprecate_patch` and is no dated name, written out."""
    return [given for given in CALL.findall(source) if not DATED.fullmatch(given)]


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("workflows/**/*.py")), ids=lambda file: file.name
)
def test_every_patch_is_dated_and_says_why(file: Path) -> None:
    assert undated(file.read_text()) == [], (
        'write it like workflow.patched("2026-11-27-why")'
    )


@pytest.mark.parametrize(
    "given",
    [
        '"why"',
        '"2026-11-why"',
        '"2026-13-01-why"',
        '"2026-11-27"',
        "PATCH",
        'f"2026-11-27-{why}"',
        "",
    ],
)
def test_a_patch_without_a_date_or_a_reason_is_found(given: str) -> None:
    assert undated(f"if workflow.patched({given}):") == [given]
    assert undated(f"workflow.deprecate_patch({given})") == [given]


def test_a_dated_patch_is_fine() -> None:
    assert (
        undated('if not workflow.patched(\n    "2026-11-27-record-before-finding",\n):')
        == []
    )
