"""Where Temporal's real server cannot be built, a sentence says why, and nothing is left behind."""

from pathlib import Path

import pytest

from tests.support.cluster.building import ServerMissing, build_server

SLOW = """[ "$1" = mod ] && echo '{"Dir": "/source"}' || exec sleep 60"""
OLD = """echo '{"Error": "requires go >= 1.99"}'"""
ALONE = """echo 'no such host' >&2"""


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty one, and no programs but those of the system and what is put there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def put_go(folder: Path, script: str) -> None:
    go = folder / "go"
    go.write_text(f"#!/bin/sh\n{script}\n")
    go.chmod(0o755)


@pytest.mark.parametrize(
    ("go", "why"),
    [(SLOW, "its time was over"), (OLD, "requires go"), (ALONE, "no such host")],
    ids=["slow", "old", "alone"],
)
def test_a_go_that_cannot_build_it(cache: Path, go: str, why: str) -> None:
    put_go(cache, go)
    with pytest.raises(ServerMissing, match=why):
        build_server(minutes=0)
    assert list(cache.glob("binome/*")) == []
