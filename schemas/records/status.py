"""What ops read: `binome status --json`, the console and the demo all show this."""

from datetime import datetime

from schemas.base import LenientModel
from schemas.cohort import PairTally
from schemas.ids import Code
from schemas.records.releases import Release
from schemas.time.calendar import Instant


class RegionStatus(PairTally):
    """One cohort, or a region that is not open yet (wave 0), or its next wave that is not."""

    region: Code
    wave: int
    status: str
    """waiting, proposed, held, needs, open or closed."""
    next_wave_at: Instant | None = None
    """When the next wave of this region is proposed or opens by itself; None: none is waited for."""
    answers: int = 0
    """Number of people whose pulses are released."""
    mean_pulse: float | None = None
    """The released mean, rounded; of a range the end nearer to 3; None: none is released yet."""
    release: Release | None = None
    """The newest release of the mean pulse, with its range and date; None: none yet."""
    guard_held: int = 0
    """Pairs that a change of people would freeze, about which ops decide first."""

    @property
    def opened(self) -> bool:
        """Whether it has a cohort, which runs or has closed."""
        return self.wave > 0 and self.status in ("open", "closed")


class ProgrammeStatus(LenientModel):
    """One programme as a whole; `now` is programme time."""

    programme: Code
    status: str
    now: Instant
    closed_at: Instant | None = None
    """When its last region closed, programme time; None while it runs."""
    pace: float
    regions: tuple[RegionStatus, ...]
    notices: dict[str, int] = {}
    """Numbers of notices by state: queued, sent, dropped, failed."""
    waiting_for: dict[str, int] = {}
    """What waits for a person, as next-step codes of pairs, plus matches_to_review, extension, guard_held and
    refused_messages."""
    links: dict[str, str] = {}

    @property
    def date_shown(self) -> datetime:
        """The date on which it ended, else now. A rehearsal's clock runs on by years after its end."""
        return self.closed_at or self.now
