"""Billable actions, events and bytes of a workflow, counted from the histories of all its runs.

The rule for actions: a start counts one, an activity one and one more a retry, a timer one, a signal one, an accepted
update one, an upsert of search attributes one, and a task with markers of local activities one.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

COUNTED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
}


@dataclass(frozen=True)
class Cost:
    """What some runs cost; `longest` is the most events of a single run."""

    actions: int = 0
    events: int = 0
    size: int = 0
    """Bytes."""
    runs: int = 0
    longest: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.actions + other.actions,
            self.events + other.events,
            self.size + other.size,
            self.runs + other.runs,
            max(self.longest, other.longest),
        )


def cost_of_run(events: list[HistoryEvent]) -> Cost:
    actions = sum(e.event_type in COUNTED for e in events)
    actions += sum(
        max(0, e.activity_task_started_event_attributes.attempt - 1) for e in events
    )
    actions += len(
        {
            e.marker_recorded_event_attributes.workflow_task_completed_event_id
            for e in events
            if _local(e)
        }
    )
    return Cost(actions, len(events), sum(e.ByteSize() for e in events), 1, len(events))


def _local(event: HistoryEvent) -> bool:
    return event.marker_recorded_event_attributes.marker_name == "core_local_activity"


async def runs_of(
    client: Client, workflow_id: str, last_run: str | None = None
) -> AsyncIterator[list[HistoryEvent]]:
    """The histories of all runs of a workflow, newest first, along the chain of continue-as-new."""
    run: str | None = last_run
    while True:
        history = await client.get_workflow_handle(
            workflow_id, run_id=run
        ).fetch_history()
        yield list(history.events)
        started = history.events[0].workflow_execution_started_event_attributes
        run = started.continued_execution_run_id
        if not run:
            return


async def cost_of(client: Client, workflow_id: str) -> Cost:
    total = Cost()
    async for events in runs_of(client, workflow_id):
        total += cost_of_run(events)
    return total
