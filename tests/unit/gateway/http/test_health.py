"""Health: what is up, what is not, and why."""

import asyncio

import pytest

from domain.runs.loops import write_fault_in_words
from gateway.dispatcher import LONGEST_TURN_SECONDS, Dispatcher
from gateway.temporal import TemporalUnavailable
from schemas.records.processes import Part, ProcessSeen, WriteFault
from schemas.records.queues import QueueBacklog, QueuesSeen
from tests.support.lives import MONDAY
from tests.unit.gateway.factories import House


async def test_a_process_that_lives_says_so(at_home: House) -> None:
    assert (await at_home.browser.get("/healthz")).json() == {"status": "alive"}


async def test_it_is_ready_when_all_parts_answer(at_home: House) -> None:
    answer = await at_home.browser.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


async def test_what_does_not_answer_is_named(at_home: House) -> None:
    at_home.workflows.failing, at_home.store.down = TemporalUnavailable(), True
    answer = await at_home.browser.get("/readyz")
    assert (
        answer.status_code,
        answer.json()["temporal"],
        answer.json()["postgres"],
    ) == (503, "down", "down")


@pytest.mark.parametrize(("seconds", "words"), [(5, "up"), (500, "down")])
async def test_a_worker_that_is_missing_is_told_and_keeps_nobody_out(
    at_home: House, seconds: float, words: str
) -> None:
    at_home.store.installation.seen = [
        ProcessSeen(
            process="p",
            part=Part.WORKER,
            host="h",
            started_at=MONDAY,
            seconds_unseen=seconds,
        )
    ]
    answer = await at_home.browser.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (200, words)


def waiting(seconds: float) -> QueuesSeen:
    backlog = QueueBacklog(queue="binome", kind="workflow", tasks=2, seconds=seconds)
    return QueuesSeen(backlogs=(backlog,), polled=True)


@pytest.mark.parametrize(("seconds", "words"), [(5, "up"), (5_000, "down")])
async def test_tasks_that_wait_for_long_are_told_and_keep_nobody_out(
    at_home: House, seconds: float, words: str
) -> None:
    at_home.gateway.queues.seen = waiting(seconds)
    answer = await at_home.browser.get("/readyz")
    assert (answer.status_code, answer.json()["queues"]) == (200, words)
    assert ("2 workflow tasks in binome" in answer.text) is (words == "down")


async def test_a_worker_without_a_build_id_beside_a_current_version_is_named(
    at_home: House,
) -> None:
    at_home.store.installation.seen = [
        ProcessSeen(
            process=release,
            part=Part.WORKER,
            host="h",
            release=release,
            started_at=MONDAY,
            seconds_unseen=1,
        )
        for release in ("", "r7")
    ]
    at_home.gateway.queues.seen = QueuesSeen(polled=True, current="r7")
    answer = (await at_home.browser.get("/readyz")).json()
    assert answer["worker"] == "down" and "no build id" in answer["why"]["worker"]


@pytest.mark.parametrize("fault", [WriteFault.DISK_FULL, WriteFault.NOT_ALLOWED])
async def test_a_write_that_was_refused_is_named_for_what_it_is(
    at_home: House, fault: WriteFault
) -> None:
    at_home.gateway.presence.fault = fault
    answer = (await at_home.browser.get("/readyz")).json()
    assert answer["why"]["writing"] == write_fault_in_words(fault)


async def test_a_dispatcher_that_stands_still_does_not_go_on(at_home: House) -> None:
    dispatcher = Dispatcher(at_home.store, at_home.gateway.workflows)
    running = asyncio.create_task(dispatcher.run())
    await asyncio.sleep(0)
    assert dispatcher.goes_on
    dispatcher._turned_at -= LONGEST_TURN_SECONDS + 1
    assert not dispatcher.goes_on
    running.cancel()
