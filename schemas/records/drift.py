"""Where PostgreSQL and the workflows disagree: what was found, what was done. Ids, codes, counts and times only."""

from enum import StrEnum

from schemas.base import LenientModel
from schemas.time.calendar import Instant


class DriftKind(StrEnum):
    """The ways in which a run can differ from the record."""

    ENDED = "ended"
    """On record it goes on, but it has no run: terminated, failed, timed out or vanished."""
    SUSPENDED = "suspended"
    """A pair that found other contents on record than its own, as after a reset; it records nothing."""
    OUTLIVED = "outlived"
    """On record it is closed, but a run of it goes on, as after a reset of a closed pair."""
    STUCK = "stuck"
    """Its workflow task or an activity of it keeps failing. Nothing is done: a deployment repairs it."""
    BEHIND = "behind"
    """A pair whose last transitions PostgreSQL has lost, as after a backup was restored."""
    MISPLACED = "misplaced"
    """Started under a task queue or type that no worker of ours has, as by a slip in the Web UI; it waits for ever."""


class RepairAction(StrEnum):
    """The repairs that the reconciler makes."""

    RESTARTED = "restarted"
    """Started again from what PostgreSQL holds."""
    TERMINATED = "terminated"
    GIVEN_UP = "given_up"
    """Restarted so often in a day that somebody has to look at it."""
    RECORDED_AGAIN = "recorded_again"
    """What was lost is recorded again, from the history of its run."""
    LOST = "lost"
    """Recorded from where its history begins; Temporal has deleted what was before."""
    BY_ITSELF = "by_itself"
    """Nothing: the run was in order again at a later look."""


class DriftFound(LenientModel):
    """A difference between a run and the record, as seen now."""

    workflow_id: str
    kind: DriftKind
    why: str
    """A code: how the run ended (`terminated`, `failed`, `absent`, …), or what keeps failing."""
    run_id: str = ""
    """The run that was found; empty when there is none."""


class Drift(DriftFound):
    """The same as it is kept: since when, and what became of it. Times are wall time."""

    id: int
    found_at: Instant
    repair: RepairAction | None = None
    revision: int = 0
    """The record from which it was started again."""
    resolved_at: Instant | None = None

    @property
    def open(self) -> bool:
        return self.resolved_at is None


class ReconcileReport(LenientModel):
    """What one run of the reconciler came upon; the result of its workflow."""

    look: int = 0
    """Number of this look, one more than that of the look before."""
    set_back: bool = False
    """Whether PostgreSQL was older than at the look before, as after a backup was restored."""
    examined: int = 0
    """Runs that were asked about one by one; pairs that visibility showed to be well are not among them."""
    found: dict[DriftKind, int] = {}
    repaired: int = 0
    left: int = 0
    """Found and not repaired: stuck, given up, or in the hands of another reconciler."""
    failed: int = 0
    """Looks and repairs that an error cut short; the worker's log says which, and the next run tries again."""
    counts_corrected: int = 0
    """Numbers that the console reads and that differed from a recount."""
    sent_again: int = 0
    """Events put back into the inbox, signals and decisions sent once more: the ended runs had not recorded them."""
