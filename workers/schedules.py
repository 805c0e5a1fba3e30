"""What Temporal starts by itself: the reconciler, every few minutes, and retention, every day."""

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

from schemas.ids import RECONCILE_SCHEDULE, RETENTION_SCHEDULE, TASK_QUEUE
from workers.installation import MEMO_KEY, refuse_other_installation

JITTER_SHARE = 0.2
"""Share of the interval: several installations on one server do not all begin at once."""
RETAIN_EVERY = timedelta(days=1)

log = structlog.get_logger()


def reconciler_settle_time(every: timedelta) -> timedelta:
    """How long a change is left alone: a minute, or a fifth of a shorter interval."""
    return min(timedelta(minutes=1), every / 5)


async def ensure_schedules(
    client: Client, reconcile_every: timedelta, installation: str
) -> None:
    """Make the schedules, or give them the interval that counts now; one that ops paused stays paused.

    Without them everything goes on but repairs and clearing out, so that a server which refuses one does not stop a
    worker.

    Raises:
        OtherInstallation: the namespace belongs to another one.
    """
    reconcile = _schedule(
        "ReconcilerWorkflow",
        RECONCILE_SCHEDULE,
        "Compare PostgreSQL with the workflows",
        reconcile_every,
    )
    retain = _schedule(
        "RetentionWorkflow",
        RETENTION_SCHEDULE,
        "Clear out what has been kept long enough",
        RETAIN_EVERY,
    )
    for schedule_id, schedule in (
        (RECONCILE_SCHEDULE, reconcile),
        (RETENTION_SCHEDULE, retain),
    ):
        try:
            await _ensure(client, schedule_id, schedule, installation)
        except RPCError as error:
            log.warning("not_scheduled", what=schedule_id, status=error.status.name)


async def _ensure(
    client: Client, schedule_id: str, wanted: Schedule, installation: str
) -> None:
    try:
        await client.create_schedule(schedule_id, wanted, memo={MEMO_KEY: installation})
    except ScheduleAlreadyRunningError:
        await refuse_other_installation(client, installation)

        def changed(found: ScheduleUpdateInput) -> ScheduleUpdate | None:
            known = found.description.schedule
            if [spec.every for spec in known.spec.intervals] == [
                spec.every for spec in wanted.spec.intervals
            ] and known.spec.jitter == wanted.spec.jitter:
                return None
            wanted.state = known.state
            return ScheduleUpdate(wanted)

        await client.get_schedule_handle(schedule_id).update(changed)


def _schedule(
    workflow: str, schedule_id: str, summary: str, every: timedelta
) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            workflow,
            id=schedule_id,
            task_queue=TASK_QUEUE,
            static_summary=summary,
        ),
        spec=ScheduleSpec(
            intervals=[ScheduleIntervalSpec(every=every)], jitter=every * JITTER_SHARE
        ),
        policy=SchedulePolicy(
            overlap=ScheduleOverlapPolicy.SKIP,
            catchup_window=max(every, timedelta(seconds=10)),
        ),
    )
