"""What is wrong with a run, if anything. Pure: the record, the run and the time decide."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.drift import DriftFound, DriftKind

STUCK_TASK = 5
"""Attempts at a workflow task: the fifth fails after some forty seconds of trying."""
STUCK_ACTIVITY = 20
"""Attempts at an activity, at most five seconds apart."""
NEVER_BEGUN = frozenset({"terminated", "timed_out"})
"""How a run that had not begun must have ended to be begun again: a failure told its starter to correct and start."""


@dataclass(frozen=True)
class Run:
    """The newest run of a workflow id. Times are wall time."""

    run_id: str
    status: str
    """running, or how it ended: completed, failed, canceled, terminated, timed_out."""
    started_at: datetime
    closed_at: datetime | None = None
    suspended: bool = False
    task_attempts: int = 0
    """Of the workflow task that waits, if one does."""
    activity_attempts: int = 0
    """The most of any activity that waits."""

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class OnRecord:
    """What PostgreSQL says of a workflow id."""

    live: bool
    """It should have a run."""
    changed_at: datetime | None = None
    """Wall time of its last transition, where that is known."""
    begun: bool = True
    revision: int = 0


class LivePair(NamedTuple):
    """A pair that should have a run."""

    pair: str
    overdue: bool
    """A deadline of it passed long ago."""


def judge(
    workflow_id: str,
    record: OnRecord,
    run: Run | None,
    now: datetime,
    settle: timedelta,
) -> DriftFound | None:
    """Compare at wall time `now`; whatever changed within `settle` is left to change on."""

    def settled(at: datetime | None) -> bool:
        return at is None or at <= now - settle

    def found(kind: DriftKind, why: str) -> DriftFound:
        return DriftFound(
            workflow_id=workflow_id,
            kind=kind,
            why=why,
            run_id=run.run_id if run else "",
        )

    if run is None:
        return (
            found(DriftKind.ENDED, "absent")
            if record.live and record.begun and settled(record.changed_at)
            else None
        )
    if not run.open:
        again = record.live and (record.begun or run.status in NEVER_BEGUN)
        return (
            found(DriftKind.ENDED, run.status)
            if again and settled(run.closed_at)
            else None
        )
    if run.task_attempts >= STUCK_TASK:
        return found(DriftKind.STUCK, "workflow_task")
    if run.activity_attempts >= STUCK_ACTIVITY:
        return found(DriftKind.STUCK, "activity")
    if record.live:
        return (
            found(DriftKind.SUSPENDED, "other_contents")
            if run.suspended and settled(run.started_at)
            else None
        )
    # Closed on record a moment ago, or with a task that no worker took yet, it is about to close by itself.
    over = (
        record.changed_at is not None
        and settled(record.changed_at)
        and settled(run.started_at)
    )
    return (
        found(DriftKind.OUTLIVED, "closed_on_record")
        if over and not run.task_attempts
        else None
    )
