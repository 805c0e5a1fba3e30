"""Replays recorded histories as a worker does after a deploy, and says what a failure means for pairs in flight."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.worker import Interceptor, Replayer, WorkflowReplayResult

from tests.replay.deciding import ActivityInputs, decided_otherwise
from tests.replay.histories import Recorded
from tests.replay.sandbox import workflow_runner
from workers.build import WORKFLOWS
from workers.converter import data_converter

WHAT_TO_DO = """\
Every {workflow} in flight that has come so far would stop, or go on against its own record. Correct it in one of
three ways:
- the workflow waits, or asks for something, in another order: keep the old way for runs under way behind
  workflow.patched("YYYY-MM-DD-why"), dated today, and do it the new way where that returns True;
- the lifecycle decides otherwise: keep the old way for `state.rules` as they were, raise RULES in schemas/pair.py;
- it was not meant: undo it.
Histories of a release are never recorded again to make this pass; docs/upgrading.md says when one may record."""


async def failures(
    histories: Sequence[Recorded], workflows: Sequence[type] = WORKFLOWS
) -> dict[str, str]:
    """By name of the history: what went wrong, at which event, and what to do. Empty when all replay."""
    inputs = ActivityInputs()
    found = await _replayed(
        [history.read() for history in histories], workflows, inputs
    )
    problems: dict[str, str] = {}
    for history, result in zip(histories, found, strict=True):
        events = result.history.events
        if result.replay_failure:
            at = await _first_that_fails(result.history, workflows)
            problems[history.name] = _problem(
                history, events[at - 1], _in_short(result.replay_failure)
            )
        elif parted := decided_otherwise(events, inputs.asked[result.history.run_id]):
            problems[history.name] = _problem(
                history,
                parted[0],
                f"another state is written down; it differs in {parted[1]}",
            )
    return problems


async def _replayed(
    histories: Sequence[WorkflowHistory],
    workflows: Sequence[type],
    *interceptors: Interceptor,
) -> list[WorkflowReplayResult]:
    """One worker replays them all: making one costs more than a replay does."""

    async def each() -> AsyncIterator[WorkflowHistory]:
        for history in histories:
            yield history

    replayer = Replayer(
        workflows=workflows,
        workflow_runner=workflow_runner(),
        data_converter=data_converter,
        interceptors=interceptors,
    )
    async with replayer.workflow_replay_iterator(each()) as results:
        return [result async for result in results]


def _problem(history: Recorded, event: HistoryEvent, why: str) -> str:
    kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
    what = event.activity_task_scheduled_event_attributes.activity_type.name
    where = f"{history.name} leaves what is recorded at event {event.event_id}, {kind} {what}".rstrip()
    return f"{where}: {why}\n{WHAT_TO_DO.format(workflow=history.workflow)}"


async def _first_that_fails(history: WorkflowHistory, workflows: Sequence[type]) -> int:
    """Number of events of the shortest beginning that does not replay: its last event is where the ways part.

    The message of a failure does not always say it.
    """
    good, bad = 2, len(history.events)
    while bad - good > 1:
        middle = (good + bad) // 2
        beginning = replace(history, events=list(history.events)[:middle])
        [result] = await _replayed([beginning], workflows)
        good, bad = (good, middle) if result.replay_failure else (middle, bad)
    return bad


def _in_short(failure: Exception) -> str:
    """The sentence within what the SDK prints of the failure's structure."""
    message = re.search(r'message: "(?:\[\w+\] )?(.*?)", source', str(failure))
    return message[1] if message else str(failure)[:300]
