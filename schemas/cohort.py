"""Cohorts and programmes while they run: start documents, counts, evidence, updates."""

from typing import Annotated

from pydantic import ConfigDict, Field

from schemas.base import Carried, Strict
from schemas.calendar import Instant
from schemas.clock import Clock
from schemas.ids import LARGEST, Code, CohortRef, PersonId
from schemas.programme import CohortPlan, ProgrammePlan
from schemas.review import MatchId, MentorMentee, Swap
from schemas.stages import Health, Outcome, Stage


class CohortCounts(Carried):
    """What a cohort polls from PostgreSQL; no score, only how many."""

    pairs: int = 0
    stages: dict[Stage, int] = {}
    outcomes: dict[Outcome, int] = {}
    health: dict[Health, int] = {}
    """Of the pairs that are not closed."""
    sessions_held: int = 0
    ready_mentors: int = 0
    """Pairs in matching without a mentee, not paused and with nobody on leave."""
    waiting_mentees: int = 0
    run: int = 0
    """The newest run of matching, of which a cohort that was started again knows nothing."""
    claims: int = 0
    """Matches announced and not agreed yet, or in sessions."""
    proposed: int = 0
    """Matches that wait for ops."""
    approved: int = 0
    """Matches approved and not announced yet."""
    guard_due: bool = False
    """Reporting lines changed since the last look at them."""
    guard_held: int = 0
    """Pairs that are too close now, about which ops decide first."""
    guard_untold: int = 0
    """Pairs that are still to hear that they are too close, or no longer."""
    paused: tuple[str, ...] = ()
    """Scopes of the cohort whose pause is in force: programme, region or its own."""


class Evidence(Carried):
    """What the sponsor is shown before the next region opens. The mean is withheld under five answers."""

    cohort: CohortRef
    pairs: int
    completed: int
    on_course: float
    """Share, 0 to 1, of matched pairs that completed or are on course."""
    sessions_held: int
    answers: int
    """How many people's pulses the mean rests on; 0 when it is withheld."""
    mean_pulse_met: bool | None = None
    """Whether the mean reaches the policy's; None: not enough answers. The mean itself never enters Temporal."""
    met: bool


class CohortStart(Strict):
    """The start document of CohortWorkflow, made by the programme."""

    plan: CohortPlan
    clock: Clock
    opens_at: Instant


class CohortClosed(Carried):
    """The signal `cohort_closed` from a cohort to its programme. Key: the cohort."""

    evidence: Evidence


Matches = Annotated[tuple[MatchId, ...], Field(max_length=5000)]
"""Ids of matches on the review page."""
MentorMenteePairs = Annotated[tuple[MentorMentee, ...], Field(max_length=500)]


class MatchDecision(Strict):
    """The update `approve_matches` of a cohort: approve all, or some; refuse, swap, pin or ban, and run the rest again.

    It is carried out whole or not at all.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"all": True}]})
    all: bool = False
    """Approve every match that is still proposed and not named otherwise."""
    approve: Matches = ()
    refuse: Matches = ()
    """These two are not proposed to each other again, and the rest is matched anew."""
    swap: Annotated[tuple[Swap, ...], Field(max_length=100)] = ()
    """The new two pairs stay proposed, and are pinned so that another run keeps them."""
    pin: MentorMenteePairs = ()
    """To be matched in every run from now on in which both are free."""
    unpin: MentorMenteePairs = ()
    ban: MentorMenteePairs = ()
    """Never to be proposed to each other; a proposal of the two is refused."""
    unban: MentorMenteePairs = ()
    """Takes back what ops refused or banned; what one of the two refused stays."""
    rerun: bool = False
    """Match everybody again whose match is not approved."""
    run: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    """Number of the run that was reviewed; 0: the newest. Of an older one only matches that still stand are decided."""
    revision: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    """Number of the last decision that the review page showed: what was decided otherwise since is told, not undone."""
    by: Code = "update"
    """Who decided, as a code; the console says `console`."""

    @property
    def decides(self) -> bool:
        """Whether anything is asked for."""
        named = (
            self.approve,
            self.refuse,
            self.swap,
            self.pin,
            self.unpin,
            self.ban,
            self.unban,
        )
        return self.all or self.rerun or any(named)

    @property
    def asks_rules(self) -> bool:
        """Whether it puts people together, whom the rules have to let."""
        return bool(self.swap or self.pin)

    @property
    def matches_again(self) -> bool:
        """Whether a run that found nothing is worth trying once more."""
        return self.rerun or any(
            (self.refuse, self.pin, self.unpin, self.ban, self.unban)
        )


class MatchSummary(Carried):
    """What a run of matching answers to the cohort: counts only."""

    run: int
    proposed: int
    unmatched_mentors: int
    unmatched_mentees: int


class ExtendDecision(Strict):
    """The updates `extend`, `hold` and `conclude` of a programme, with a reason code."""

    region: Code
    reason: Code = "asked"


class NeedTicked(Strict):
    """The update `tick_need` of a programme: a region's need is met, dated when it arrives."""

    region: Code
    need: Code


class PauseDecision(Strict):
    """The update `pause` of a programme, with a reason code: all of it, or one region. Nothing is sent meanwhile."""

    reason: Code = "asked"
    region: Code | None = None
    """None: every region."""


class ResumeDecision(Strict):
    """The update `resume` of a programme: what fell due meanwhile is planned anew, nothing at once."""

    region: Code | None = None
    """None: the pause of the whole programme; a region that was paused by itself stays so."""


class CohortPause(Strict):
    """The update `pause` of a cohort, with a reason code. Nothing is sent meanwhile, and nobody is matched."""

    reason: Code = "asked"


class CohortResume(Strict):
    """The update `resume` of a cohort: what fell due meanwhile is planned anew, nothing at once."""


class RegionState(Carried):
    """One region of a running programme."""

    plan: CohortPlan
    status: str = "waiting"
    """waiting, proposed, held, needs, open or closed."""
    ticked: tuple[Code, ...] = ()
    ticked_at: dict[Code, Instant] = {}
    """When each need was ticked, programme time."""
    evidence: Evidence | None = None
    """Of the last wave that closed; it stays while the next one is proposed or runs."""
    approved: bool = False
    next_wave_at: Instant | None = None
    """Of a closed region that has waves to come: when the next one is proposed or opens, programme time."""

    @property
    def done(self) -> bool:
        """Closed, and no further wave is waited for."""
        return self.status == "closed" and self.next_wave_at is None


class ProgrammeState(Carried):
    """All that the rollout decides on; carried whole at continue-as-new."""

    schema_version: int = 1
    plan: ProgrammePlan
    now: Instant
    revision: int = 0
    regions: tuple[RegionState, ...]
    cancelled: bool = False
    """Nothing more opens, and open cohorts are being cancelled."""
    paused: tuple[str, ...] = ()
    """Scopes whose pause is in force: the programme's workflow id, or `region:PROGRAMME:REGION`."""
    untold: tuple[str, ...] = ()
    """Scopes whose pairs are still to hear of a pause or its end."""

    @property
    def finished(self) -> bool:
        """Every region is done: the programme ends."""
        return all(region.done for region in self.regions)


class ProgrammeOnRecord(Carried):
    """What PostgreSQL holds of a programme whose run was lost."""

    plan: ProgrammePlan | None = None
    """None: nobody has started it."""
    state: ProgrammeState | None = None
    """As it was saved last; None: not once."""
    opened: tuple[CohortRef, ...] = ()
    closed: tuple[Evidence, ...] = ()
    """Of its cohorts that have closed, whether it heard of that or not."""
    paused: tuple[str, ...] | None = None
    """Its scopes whose pause is in force, whether it could save that or not; None: an earlier release did not ask."""


class CohortState(Carried):
    """All that a cohort carries at continue-as-new."""

    schema_version: int = 1
    start: CohortStart
    phase: str = "enrol"
    """enrol, run, close, closed; end: cancelled, and waiting for its pairs to close."""
    told: int = 0
    """The last run of matching that ops were asked to review."""
    counts: CohortCounts = CohortCounts()
    run: int = 0
    polls: int = 0
    untold: bool = False
    """Pairs are still to hear of a pause or its end."""
    guard_told: int = 0
    """The last question to ops about a change of people that would freeze many pairs."""
    decided: int = 0
    """How many decisions about matches, or changes of people, came that make another run worthwhile."""
    tried: tuple[int, int] = (0, 0)
    """Ready mentors and waiting mentees at the last run that proposed nothing: no new run until they change."""


class PairToStart(Carried):
    """One row of a page of pairs to start."""

    mentor: PersonId
    seat: int
    windows_known: bool
    modules_done: tuple[Code, ...] = ()
