"""Health and numbers."""

import pytest

from gateway.temporal import TemporalUnavailable
from schemas.records.listings import RefusedListing
from schemas.records.processes import Part, ProcessSeen
from tests.support.lives import MONDAY
from tests.unit.gateway.events.sending import send
from tests.unit.gateway.events.test_reading import EVENT
from tests.unit.gateway.factories import PAIR_ID, House


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


async def test_numbers_are_there_for_prometheus(at_home: House) -> None:
    await send(at_home, EVENT)
    at_home.store.refused_messages.messages = [
        RefusedListing(workflow_id=PAIR_ID, name="x", reason="unknown_name", at=MONDAY)
    ]
    lines = (await at_home.browser.get("/metrics")).text.splitlines()
    expected = ['binome_events{state="stored"} 1', 'binome_notices{state="sent"} 3']
    expected += ['binome_drift{kind="stuck"} 0', "binome_refused_messages 1"]
    assert [line for line in lines if not line.startswith("#")] == expected
