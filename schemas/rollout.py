"""A running programme: its regions, their state, and the updates that ops send it."""

from enum import StrEnum

from schemas.base import LenientModel, StrictDecision
from schemas.cohort import Evidence
from schemas.ids import Code, CohortRef
from schemas.programme import CohortPlan, ProgrammePlan
from schemas.records.reasons import PauseReason, RegionReason
from schemas.time.calendar import Instant


class RegionPhase(StrEnum):
    """The life of one wave of a region."""

    WAITING = "waiting"
    """It waits for the start of the programme, or for the region that it comes after."""
    PROPOSED = "proposed"
    """The sponsor was asked, and has not decided."""
    HELD = "held"
    """Held back until ops extend it."""
    NEEDS = "needs"
    """Something that it needs is not ticked yet."""
    OPENING = "opening"
    """The cohort of the wave is being started."""
    OPEN = "open"
    CLOSED = "closed"


class ReasonedDecision(StrictDecision):
    """What ops decide about a region, with a reason code."""

    region: Code
    reason: RegionReason = RegionReason.ASKED


class ExtendRegion(ReasonedDecision):
    """The update `extend` of a programme: open a region, or its next wave, with a reason code."""


class HoldRegion(ReasonedDecision):
    """The update `hold` of a programme: a region, or its next wave, stays closed until `extend`."""


class ConcludeRegion(ReasonedDecision):
    """The update `conclude` of a programme: no further wave of a region, with a reason code."""


class TickNeed(StrictDecision):
    """The update `tick_need` of a programme: a need of a region is met; it is dated on arrival."""

    region: Code
    need: Code


class PauseProgramme(StrictDecision):
    """The update `pause` of a programme, or of one region: nothing is sent until `resume`."""

    reason: PauseReason = PauseReason.ASKED
    region: Code | None = None
    """The region to pause; None: every region."""


class ResumeProgramme(StrictDecision):
    """The update `resume` of a programme: what fell due in the pause is planned again."""

    region: Code | None = None
    """None: ends the pause of the whole programme; a region paused alone stays paused."""


RegionUpdate = ExtendRegion | HoldRegion | ConcludeRegion | TickNeed
ProgrammeUpdate = RegionUpdate | PauseProgramme | ResumeProgramme


class RegionState(LenientModel):
    """One region of a running programme."""

    plan: CohortPlan
    status: RegionPhase = RegionPhase.WAITING
    ticked: tuple[Code, ...] = ()
    ticked_at: dict[Code, Instant] = {}
    """When each need was ticked, programme time."""
    evidence: Evidence | None = None
    """The evidence of the last wave that closed, also while the next one is proposed or runs."""
    approved: bool = False
    next_wave_at: Instant | None = None
    """When the next wave of a closed region is proposed or opens, programme time."""

    @property
    def unticked_needs(self) -> tuple[Code, ...]:
        """The needs without which it does not open, even once approved."""
        return tuple(need for need in self.plan.needs if need not in self.ticked)

    @property
    def done(self) -> bool:
        """Closed, and no further wave is waited for."""
        return self.status is RegionPhase.CLOSED and self.next_wave_at is None


class ProgrammeState(LenientModel):
    """Everything the rollout decides on; carried whole at continue-as-new."""

    schema_version: int = 1
    plan: ProgrammePlan
    now: Instant
    revision: int = 0
    regions: tuple[RegionState, ...]
    cancelled: bool = False
    """Whether it was cancelled: nothing more opens, and open cohorts are being cancelled."""
    paused: tuple[str, ...] = ()
    """Scopes whose pause is in force: its workflow id, or `region:PROGRAMME:REGION`."""
    scopes_to_notify: tuple[str, ...] = ()
    """Scopes whose pairs have not been signalled yet that a pause began or ended."""

    @property
    def finished(self) -> bool:
        """Whether every region is done, so that the programme ends."""
        return all(region.done for region in self.regions)


class ProgrammeOnRecord(LenientModel):
    """What PostgreSQL holds of a programme whose run was lost."""

    plan: ProgrammePlan | None = None
    """The plan with which it was started; None: nobody has started it."""
    state: ProgrammeState | None = None
    """The state that was saved last; None: it was never saved."""
    opened: tuple[CohortRef, ...] = ()
    closed: tuple[Evidence, ...] = ()
    """The evidence of cohorts that have closed, also where their signal was lost."""
    paused: tuple[str, ...] | None = None
    """Scopes whose pause is in force, saved in its state or not; None: they were not read."""
