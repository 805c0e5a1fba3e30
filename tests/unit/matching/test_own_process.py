"""Matching in a process of its own, which may be killed, or cancelled with its activity."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.matching.own_process import (
    SPAWN,
    ChildSetUp,
    Failed,
    in_own_process,
    outcome,
)
from tests.support.waiting import until
from tests.unit.matching.played_steps import (
    be_killed,
    be_refused,
    configure_nothing,
    go_on_for_a_while,
    open_nothing,
    wait_for_ever,
)

CHILD = ChildSetUp(open_nothing, configure_nothing)


async def test_killed_it_fails_with_a_reason_and_is_tried_again() -> None:
    with pytest.raises(ApplicationError, match=r"exit code -9.*tried again") as stopped:
        await ActivityEnvironment().run(in_own_process, CHILD, be_killed)
    assert (stopped.value.type, stopped.value.non_retryable) == (
        "MatchingProcessEnded",
        False,
    )


async def test_it_heartbeats_while_it_goes_on_past_checkpoints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its reports come more often than heartbeats are due."""
    monkeypatch.setattr("activities.matching.progress.HEARTBEAT_SECONDS", 0.55)
    environment, heard = ActivityEnvironment(), list[Any]()
    environment.on_heartbeat = lambda *details: heard.extend(details)
    assert await environment.run(in_own_process, CHILD, go_on_for_a_while) > 0
    assert [each["phase"] for each in heard if each["steps"]] != []


async def test_a_refusal_there_keeps_its_type_and_may_be_tried_again() -> None:
    nobody_listens = SPAWN.Pipe(duplex=False)[1]
    assert await outcome(nobody_listens, CHILD, be_refused, ()) == Failed(
        "pins contradict", "PinsContradict", final=False
    )


async def test_cancelled_with_its_activity_it_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "number"
    environment = ActivityEnvironment()
    running = asyncio.ensure_future(
        environment.run(in_own_process, CHILD, wait_for_ever, str(file))
    )

    async def begun() -> bool:
        return file.exists() and file.read_text().endswith("\n")

    await until(begun)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)
