"""What is wrong with a run, if anything. Pure: the record, the run and the time decide."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.records.drift import DriftFound, DriftKind

STUCK_TASK_ATTEMPTS = 5
"""Attempts at a workflow task: the fifth fails after some forty seconds of trying."""
STUCK_ACTIVITY_ATTEMPTS = 20
"""Attempts at an activity, at most five seconds apart."""
NEVER_BEGUN = frozenset({"terminated", "timed_out"})
"""How a run that had not begun must have ended to be started again.

After a failure its starter corrects the document and starts it.
"""


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
    """Attempts at the workflow task that waits, if one does."""
    activity_attempts: int = 0
    """The most of any activity that waits."""

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class OnRecord:
    """The state of a workflow as PostgreSQL has it, to compare its run with."""

    live: bool
    """Whether its workflow should have a run."""
    changed_at: datetime | None = None
    """Wall time of its last transition, where that is known."""
    begun: bool = True
    revision: int = 0


class LivePair(NamedTuple):
    """A pair that should have a run."""

    pair: str
    overdue: bool
    """Whether one of its deadlines passed long ago."""


def judge(
    workflow_id: str,
    record: OnRecord,
    run: Run | None,
    now: datetime,
    settle: timedelta,
) -> DriftFound | None:
    """Find what is wrong at wall time `now`; None: nothing.

    Whatever changed within `settle` is left to change on.
    """
    wrong = _wrong(record, run, now - settle)
    if wrong is None:
        return None
    kind, why = wrong
    return DriftFound(
        workflow_id=workflow_id, kind=kind, why=why, run_id=run.run_id if run else ""
    )


def _wrong(
    record: OnRecord, run: Run | None, settled: datetime
) -> tuple[DriftKind, str] | None:
    """Returns the kind of drift and a reason code; None: nothing is wrong.

    Changes after `settled` are not judged yet, as more may follow.
    """
    if run is None:
        expected = record.live and record.begun
        old = record.changed_at is None or record.changed_at <= settled
        return (DriftKind.ENDED, "absent") if expected and old else None
    if run.closed_at is not None:
        expected = record.live and (record.begun or run.status in NEVER_BEGUN)
        old = run.closed_at <= settled
        return (DriftKind.ENDED, run.status) if expected and old else None
    if run.task_attempts >= STUCK_TASK_ATTEMPTS:
        return DriftKind.STUCK, "workflow_task"
    if run.activity_attempts >= STUCK_ACTIVITY_ATTEMPTS:
        return DriftKind.STUCK, "activity"
    old = run.started_at <= settled
    if record.live:
        wrong = run.suspended and old
        return (DriftKind.SUSPENDED, "other_contents") if wrong else None
    # Closed on record a moment ago, or with a task that no worker took yet, it is about
    # to close by itself.
    closed = record.changed_at is not None and record.changed_at <= settled
    over = closed and old and not run.task_attempts
    return (DriftKind.OUTLIVED, "closed_on_record") if over else None
