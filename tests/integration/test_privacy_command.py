"""`binome privacy` over a real PostgreSQL."""

import asyncio
import json
from typing import Any

import pytest
from pytest import CaptureFixture, MonkeyPatch

from activities.persistence.store import Store
from tests.support.commands import run_command
from tests.support.world import World

URL = "https://intranet.example/privacy"


@pytest.fixture
async def installation(database_url: str, monkeypatch: MonkeyPatch) -> None:
    async with await Store.open(database_url) as store:
        await World.make(store)
    monkeypatch.setenv("BINOME_DATABASE_URL", database_url)
    monkeypatch.setenv("BINOME_SECRET", "s" * 32)


async def called(tmp_path: Any, *words: str) -> int:
    """In a thread: a command brings its own loop."""
    return await asyncio.to_thread(run_command, *words, f"--data={tmp_path}")


async def test_a_notice_is_set_listed_and_taken_back(
    installation: None, tmp_path: Any, capfd: CaptureFixture[str]
) -> None:
    place = ("--programme", "pilot", "--region", "comex")
    assert await called(tmp_path, "privacy", "set", "--url", URL, *place) == 0
    assert await called(tmp_path, "privacy", "set", "--url", URL, *place) == 0
    assert "nothing changes" in capfd.readouterr().out
    assert await called(tmp_path, "privacy", "list", "--json") == 0
    (notice,) = json.loads(capfd.readouterr().out)
    assert (notice["region"], notice["url"], notice["set_by"]) == (
        "comex",
        URL,
        "command",
    )
    assert await called(tmp_path, "privacy", "list") == 0
    assert URL in capfd.readouterr().out
    assert await called(tmp_path, "privacy", "remove", *place) == 0
    assert await called(tmp_path, "privacy", "remove", *place) == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--url", "http://intranet.example"), "does not begin with https://"),
        ((), "nothing was given"),
        (("--url", URL, "--region", "comex"), "--region needs its --programme"),
        (("--url", URL, "--programme", "nope"), "PROGRAMME is unknown"),
        (("--url", URL, "--programme", "No Code"), "PROGRAMME is not a code"),
    ],
)
async def test_what_is_wrong_is_refused_with_what_is_allowed(
    installation: None,
    tmp_path: Any,
    capfd: CaptureFixture[str],
    words: tuple[str, ...],
    why: str,
) -> None:
    assert await called(tmp_path, "privacy", "set", *words) == 2
    assert why in capfd.readouterr().err
