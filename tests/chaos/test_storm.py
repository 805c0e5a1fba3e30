"""Everything arrives three times, in any order, among nonsense, and a worker stops: no event is lost.

The lifecycle, given what the histories hold, must come to the state of each running pair.
"""

import asyncio
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom

import pytest
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from schemas.effects import RefusedMessage
from schemas.pair import PairState
from tests.chaos.expected_life import ExpectedLife, tasks
from tests.chaos.storm import Storm
from tests.support.temporal_servers import full_server
from workflows import options

PAIRS = int(
    os.environ.get("BINOME_STORM_PAIRS", "200" if os.environ.get("CI") else "60")
)
"""All of a storm takes a minute of two cores."""
SEED = int(os.environ.get("BINOME_STORM_SEED", str(SystemRandom().randrange(10**6))))
AGAIN = f"to see it again: BINOME_STORM_SEED={SEED} BINOME_STORM_PAIRS={PAIRS}"
A_MOMENT = timedelta(minutes=1)
"""A task that a busy machine tried again began later for its worker than its history says, once by three seconds."""
EVENTS_PER_RUN = 200
"""Fewer than otherwise, so that many pairs continue as new."""
LONGEST = 300
UNREAD = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_TIMER_FIRED,
)
"""No workflow has seen the end of a history that ends so."""


@dataclass(frozen=True)
class Pair:
    """One pair after the storm: what it says of itself, what its histories say, and what its activities were given."""

    id: str
    state: PairState
    runs: Sequence[Sequence[HistoryEvent]]
    expected_life: ExpectedLife
    recorded: dict[int, set[tuple[str, str]]]
    refused: list[RefusedMessage]
    accepted: int


@dataclass(frozen=True)
class Survived:
    storm: Storm
    pairs: list[Pair]


@pytest.fixture(scope="module")
async def survived() -> AsyncIterator[Survived]:
    logging.getLogger("temporalio.workflow").setLevel(
        logging.ERROR
    )  # or each refusal is a line
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(options, "EVENTS_PER_RUN", EVENTS_PER_RUN)
        async with full_server() as server:
            storm = Storm(server.client, PAIRS, SEED)
            async with storm.blown():
                yield Survived(storm, await _all(storm))


async def _all(storm: Storm) -> list[Pair]:
    a_few = asyncio.Semaphore(10)

    async def each(pair: str) -> Pair:
        async with a_few:
            return await _after(storm, pair)

    return await asyncio.gather(*map(each, storm.senders))


async def _after(storm: Storm, pair: str) -> Pair:
    """Read again what moved while it was read, and what is not at rest: deadlines come all the time."""
    handle = storm.client.get_workflow_handle(pair)
    while True:
        runs = await _runs(storm.client, pair)
        state = await handle.query("state", result_type=PairState)
        now = await handle.describe()
        expected_life = ExpectedLife(runs)
        if (
            now.history_length == len(runs[-1])
            and runs[-1][-1].event_type not in UNREAD
            and not expected_life.asked
        ):
            break
    refused = [message for batch in storm.kept[pair].values() for message in batch]
    return Pair(
        pair,
        state,
        runs,
        expected_life,
        dict(storm.recorded[pair]),
        refused,
        storm.senders[pair].accepted,
    )


async def _runs(client: Client, pair: str) -> list[list[HistoryEvent]]:
    """The histories of all runs, the oldest first."""
    found: list[list[HistoryEvent]] = []
    run = (
        await client.get_workflow_handle(pair).describe()
    ).raw_description.workflow_execution_info.first_run_id
    while run:
        events = client.get_workflow_handle(pair, run_id=run).fetch_history_events()
        found.append([event async for event in events])
        run = found[-1][
            -1
        ].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found


async def test_every_pair_is_as_the_lifecycle_makes_it_of_what_arrived(
    survived: Survived,
) -> None:
    wrong = {
        pair.id: [
            name
            for name in PairState.model_fields
            if getattr(pair.state, name) != getattr(pair.expected_life.state, name)
        ]
        for pair in survived.pairs
    }
    assert {pair: fields for pair, fields in wrong.items() if fields} == {}, AGAIN


async def test_every_signal_that_was_sent_was_handled(survived: Survived) -> None:
    assert {
        p.id: (p.accepted, p.expected_life.signals)
        for p in survived.pairs
        if p.accepted != p.expected_life.signals
    } == {}, AGAIN


async def test_every_message_that_could_not_be_taken_is_kept_once_with_its_reason(
    survived: Survived,
) -> None:
    for pair in survived.pairs:
        kept = sorted((m.at, m.name, m.reason) for m in pair.refused)
        expected = sorted(pair.expected_life.refused, key=lambda one: one[0])
        assert [name for _, name, _ in kept] == [name for _, name, _ in expected], AGAIN
        for (at, _, reason), (arrived, _, begins) in zip(kept, expected, strict=True):
            assert timedelta(0) <= at - arrived < A_MOMENT and reason.startswith(
                begins
            ), AGAIN


async def test_every_revision_is_recorded_once_with_one_digest(
    survived: Survived,
) -> None:
    """A pulse waits in the outbox of a pair that still lives for the next record."""
    for pair in survived.pairs:
        waiting = {record.revision for record in pair.state.outbox}
        assert waiting.isdisjoint(pair.recorded), AGAIN
        assert waiting | pair.recorded.keys() == set(
            range(1, pair.state.revision + 1)
        ), AGAIN
        assert {len(by) for by in pair.recorded.values()} <= {1}, AGAIN


async def test_no_workflow_task_failed_but_for_a_message_that_came_at_its_end(
    survived: Survived,
) -> None:
    causes = Counter(
        event.workflow_task_failed_event_attributes.cause
        for pair in survived.pairs
        for run in pair.runs
        for event in run
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    )
    assert causes.keys() <= {
        WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND
    }, AGAIN


async def test_a_long_run_ends_with_the_first_task_that_finds_it_at_rest(
    survived: Survived,
) -> None:
    assert [pair.id for pair in survived.pairs if pair.expected_life.late] == [], AGAIN


async def test_no_run_is_longer_than_planned_but_by_what_came_in_one_burst(
    survived: Survived,
) -> None:
    """A burst: what arrived between two workflow tasks; nobody could have ended the run before it."""
    for pair in survived.pairs:
        for run in pair.runs:
            burst = max((len(task.arrived) for task in tasks(run)), default=0)
            assert len(run) <= LONGEST or len(run) - burst <= EVENTS_PER_RUN, AGAIN


async def test_it_was_a_storm(survived: Survived) -> None:
    """Many pairs continued as new, a worker was replaced, and pairs still went far."""
    assert sum(len(pair.runs) > 1 for pair in survived.pairs) >= PAIRS // 10, AGAIN
    assert 0 < survived.storm.stopped_after < survived.storm.sent
    assert sum(len(pair.expected_life.refused) for pair in survived.pairs) >= 3 * PAIRS
    assert any(pair.state.held for pair in survived.pairs)
    assert any(pair.expected_life.updates for pair in survived.pairs)
