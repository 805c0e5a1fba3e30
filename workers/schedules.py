"""What Temporal starts by itself: the reconciler, every few minutes."""

from datetime import timedelta

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

from schemas.ids import RECONCILE_SCHEDULE, TASK_QUEUE

JITTER_SHARE = 0.2
"""Share of the interval: several installations on one server do not all begin at once."""

log = structlog.get_logger()


def reconciler_settle_time(every: timedelta) -> timedelta:
    """How long a change is left alone: a minute, or a fifth of a shorter interval."""
    return min(timedelta(minutes=1), every / 5)


async def ensure_schedules(client: Client, every: timedelta) -> None:
    """Make the schedule, or give it the interval that the settings say now; one that ops paused stays paused.

    Without it everything goes on but repairs, so that a server which refuses it does not stop a worker.
    """
    try:
        await _ensure_reconciler(client, every)
    except RPCError as error:
        log.warning("reconciler_not_scheduled", status=error.status.name)


async def _ensure_reconciler(client: Client, every: timedelta) -> None:
    try:
        await client.create_schedule(RECONCILE_SCHEDULE, _schedule(every))
    except ScheduleAlreadyRunningError:

        def changed(found: ScheduleUpdateInput) -> ScheduleUpdate | None:
            known, wanted = found.description.schedule, _schedule(every)
            if [spec.every for spec in known.spec.intervals] == [
                every
            ] and known.spec.jitter == wanted.spec.jitter:
                return None
            wanted.state = known.state
            return ScheduleUpdate(wanted)

        await client.get_schedule_handle(RECONCILE_SCHEDULE).update(changed)


def _schedule(every: timedelta) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "ReconcilerWorkflow",
            id=RECONCILE_SCHEDULE,
            task_queue=TASK_QUEUE,
            static_summary="Compare PostgreSQL with the workflows",
        ),
        spec=ScheduleSpec(
            intervals=[ScheduleIntervalSpec(every=every)], jitter=every * JITTER_SHARE
        ),
        policy=SchedulePolicy(
            overlap=ScheduleOverlapPolicy.SKIP,
            catchup_window=max(every, timedelta(seconds=10)),
        ),
    )
