"""What a pair costs in Temporal: actions, events and bytes, per session held and per whole pair. Deterministic.

One pair of six sessions lives in skipped time; every message comes when the workflow is at rest, as in real life.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from benchmarks.support.counting import Cost, cost_of
from benchmarks.support.tables import Measured, bounds
from domain.pair.feedback import pair_awaits_pulse
from domain.scheduling.early_search import may_begin_search, search_begun
from schemas.events import SIGNAL_MODELS, EarlySlots, PairSignal, PulseReceived
from schemas.ids import TASK_QUEUE, PairRef
from schemas.notices import Notice, Template
from schemas.pair import PairStart, PairState
from schemas.policy import Policy
from schemas.stages import Stage
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock
from tests.support.played import PlayedActivities, always_found, willing

PAIR = PairRef(programme="cost", region="comex", mentor="p" + "a" * 13)
ENDED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
}
AIM_ACTIONS, AIM_EVENTS, AIM_RUN = 9, 42, 300


class Collected(PlayedActivities):
    """Records what is asked of participants; they answer later, one by one."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        super().__init__(environment)
        self.asked: list[Notice] = []

    async def _answer(self, pair: PairRef, record: Any) -> None:
        self.asked += record.notices

    def next_due(self, now: datetime) -> Notice | None:
        """The next notice that has reached its reader."""
        due = next(
            (n for n in self.asked if n.not_before is None or n.not_before <= now), None
        )
        if due:
            self.asked.remove(due)
        return due

    def next_time(self, state: PairState) -> datetime:
        """When something happens next: a notice queued ahead, or a deadline."""
        ahead = [n.not_before for n in self.asked if n.not_before]
        return min(ahead + ([state.next_deadline] if state.next_deadline else []))


async def live(environment: WorkflowEnvironment, played: Collected) -> None:
    """Play the pair to its end against a worker that runs `played`."""
    await environment.sleep(_until_monday(await environment.get_current_time()))
    now = await environment.get_current_time()
    start = PairStart(
        pair=PAIR,
        clock=Clock(programme_epoch=now, wall_epoch=now),
        policy=Policy(),
        calendar=WorkCalendar(zone="UTC"),
        starts_at=now,
        windows_known=True,
    )
    with environment.auto_time_skipping_disabled():
        handle: WorkflowHandle[Any, str] = await environment.client.start_workflow(
            "PairWorkflow",
            start,
            id=PAIR.workflow_id,
            task_queue=TASK_QUEUE,
            result_type=str,
        )
        while (state := await at_rest(environment, handle)).stage is not Stage.CLOSED:
            now = await environment.get_current_time()
            if notice := played.next_due(now):
                await answer(handle, notice, state, now)
            else:
                await environment.sleep(played.next_time(state) - now)
        await handle.result()


def _until_monday(now: datetime) -> timedelta:
    """Always the same weekday and hour, since weekends and working hours count."""
    monday = (now + timedelta(days=7 - now.weekday())).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    return monday - now


async def at_rest(
    environment: WorkflowEnvironment, handle: WorkflowHandle[Any, str]
) -> PairState:
    """The state, once no task is open, no timer is due, and nothing is left but what waits for the next record."""
    while True:
        history = await environment.client.get_workflow_handle(
            PAIR.workflow_id
        ).fetch_history()
        if _quiet(list(history.events), await environment.get_current_time()):
            state: PairState = await handle.query("state", result_type=PairState)
            if state.finding is None and all(
                r.event == "pulse_received" for r in state.outbox
            ):
                return state
        await asyncio.sleep(0.01)


def _quiet(events: list[HistoryEvent], now: datetime) -> bool:
    kinds = [event.event_type for event in events]
    if kinds[-1] in ENDED:
        return kinds[-1] is not EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW
    if kinds.count(EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED) > kinds.count(
        EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    ):
        return False
    if kinds.count(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) > kinds.count(
        EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
    ):
        return False
    gone = {
        e.timer_fired_event_attributes.started_event_id
        or e.timer_canceled_event_attributes.started_event_id
        for e in events
    }
    waiting = (
        e
        for e in events
        if e.HasField("timer_started_event_attributes") and e.event_id not in gone
    )
    return (
        all(_fires(event) > now for event in waiting)
        and EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED in kinds
    )


def _fires(event: HistoryEvent) -> datetime:
    span = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
    return event.event_time.ToDatetime(tzinfo=UTC) + span


async def answer(
    handle: WorkflowHandle[Any, str], notice: Notice, state: PairState, now: datetime
) -> None:
    """Answer a notice; the pair gets of it what the gateway sends on."""
    if notice.template is Template.SIGN_OFF_REQUEST:
        await handle.execute_update("sign_off", {"rehearsed": True})
    elif reply := willing(notice):
        signal = SIGNAL_MODELS[reply[0]].model_validate(reply[1])
        if not isinstance(signal, PulseReceived) or pair_awaits_pulse(
            state, signal.session
        ):
            await handle.signal(reply[0], with_slots(signal, state, now))


def with_slots(signal: PairSignal, state: PairState, now: datetime) -> PairSignal:
    """The signal with times that are always found, where it makes its pair search."""
    asked = search_begun(state, signal, now) if may_begin_search(signal) else None
    if asked is None:
        return signal
    slots = EarlySlots(
        at=now,
        mentee=asked.mentee,
        minutes=asked.minutes,
        starts=always_found(asked).starts,
    )
    return signal.model_copy(update={"slots": slots})


def per_session(cost: Cost, sessions: int = 6) -> dict[str, float]:
    return {
        "actions": round(cost.actions / sessions, 1),
        "events": round(cost.events / sessions, 1),
    }


@asynccontextmanager
async def after_a_whole_pair() -> AsyncIterator[Client]:
    """Give the client of a server on which a pair of six sessions has lived."""
    from temporalio.worker import Worker

    from tests.support.temporal_servers import skipping_server
    from workers.runner import workflow_runner
    from workflows.pair import PairWorkflow

    async with skipping_server() as environment:
        played = Collected(environment)
        async with Worker(
            environment.client,
            task_queue=TASK_QUEUE,
            workflows=[PairWorkflow],
            activities=[played.record, played.find_slots],
            workflow_runner=workflow_runner(),
        ):
            await live(environment, played)
            yield environment.client


async def main() -> None:
    async with after_a_whole_pair() as client:
        cost = await cost_of(client, PAIR.workflow_id)
    each = per_session(cost)
    bounds(
        "Cost of a pair of six sessions, everything included",
        [
            Measured("actions a session", each["actions"], AIM_ACTIONS),
            Measured("events a session", each["events"], AIM_EVENTS),
            Measured("bytes a session", cost.size / 6, digits=0),
            Measured("most events of one run", cost.longest, AIM_RUN, digits=0),
            Measured("actions of the whole pair", cost.actions, digits=0),
            Measured("events of the whole pair", cost.events, digits=0),
            Measured("runs", cost.runs, digits=0),
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())
