"""A cohort while it runs: start document, counts, evidence, state and updates."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from schemas.base import LenientModel, StrictDecision, StrictModel
from schemas.guard import AcceptPeopleChange, DismissPeopleChange
from schemas.ids import DECIDER_PATTERN, LARGEST_INTEGER, Code, CohortRef, PersonId
from schemas.matches.review import MatchId, MentorMentee, Swap
from schemas.programme import CohortPlan
from schemas.records.reasons import PauseReason
from schemas.stages import Health, Outcome, Stage
from schemas.time.calendar import Instant
from schemas.time.clock import Clock


class PairTally(LenientModel):
    """Pairs of a cohort by what became of them; no score, only how many."""

    pairs: int = 0
    stages: dict[Stage, int] = {}
    outcomes: dict[Outcome, int] = {}
    health: dict[Health, int] = {}
    """The pairs that are not closed."""
    sessions_held: int = 0


class CohortCounts(PairTally):
    """What a cohort polls from PostgreSQL."""

    ready_mentors: int = 0
    """Pairs in matching without a mentee, not paused and with nobody on leave."""
    waiting_mentees: int = 0
    run: int = 0
    """Number of the newest run of matching; a restarted cohort learns it from here."""
    claims: int = 0
    """Matches announced and not agreed yet, or in sessions."""
    proposed: int = 0
    """Matches that wait for a decision of ops."""
    approved: int = 0
    """Matches approved and not announced yet."""
    guard_due: bool = False
    """Whether reporting lines have changed since they were last checked."""
    guard_held: int = 0
    """Pairs that are too close now, about which ops decide first."""
    guard_to_notify: int = 0
    """Pairs that have not been signalled yet that they are too close, or no longer."""
    paused: tuple[str, ...] = ()
    """Scopes of the cohort whose pause is in force: programme, region or its own."""


class Evidence(LenientModel):
    """What the sponsor is shown before the next region opens.

    The mean is withheld under five answers.
    """

    cohort: CohortRef
    pairs: int
    completed: int
    on_course: float
    """Share, 0 to 1, of matched pairs that completed or are on course."""
    sessions_held: int
    answers: int
    """How many people's pulses the mean rests on; 0 when it is withheld."""
    mean_pulse_met: bool | None = None
    """Whether the mean reaches the policy's; None: not enough answers.

    The mean itself never enters Temporal.
    """
    aims_met: bool
    """Whether the pairs and the mean reach what the policy asks for the next region."""


class CohortStart(StrictModel):
    """The start document of CohortWorkflow, made by the programme."""

    plan: CohortPlan
    clock: Clock
    opens_at: Instant


class CohortClosed(LenientModel):
    """The signal `cohort_closed` from a cohort to its programme. Key: the cohort."""

    evidence: Evidence


Matches = Annotated[tuple[MatchId, ...], Field(max_length=5000)]
"""Ids of matches on the review page."""
MentorMenteePairs = Annotated[tuple[MentorMentee, ...], Field(max_length=500)]


class MatchDecision(StrictModel):
    """The update `approve_matches` of a cohort: approve all, or some; refuse, swap, pin or ban.

    The rest is matched again. It is carried out whole or not at all.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"all": True}]})
    all: bool = False
    """Approve every match that is still proposed and not named otherwise."""
    approve: Matches = ()
    refuse: Matches = ()
    """Refused matches: the two are not proposed to each other again, and the rest is matched again."""
    swap: Annotated[tuple[Swap, ...], Field(max_length=100)] = ()
    """The new two pairs stay proposed, and are pinned so that another run keeps them."""
    pin: MentorMenteePairs = ()
    """Two people to be matched in every run from now on in which both are free."""
    unpin: MentorMenteePairs = ()
    ban: MentorMenteePairs = ()
    """Two people never to be proposed to each other; a proposal of the two is refused."""
    unban: MentorMenteePairs = ()
    """Takes back what ops refused or banned; a refusal by one of the two remains."""
    rerun: bool = False
    """Match everybody again whose match is not approved."""
    run: Annotated[int, Field(ge=0, le=LARGEST_INTEGER)] = 0
    """Number of the run that was reviewed; 0: the newest.

    With an older one, only those of its matches that still exist are decided.
    """
    revision: Annotated[int, Field(ge=0, le=LARGEST_INTEGER)] | None = None
    """Number of the last decision that the review page showed.

    What was decided differently since then is reported, not undone.
    """
    by: Annotated[str, Field(pattern=DECIDER_PATTERN)] = "update"
    """Where it was decided, or who did as an opaque id; the console says `console`."""

    @property
    def decides(self) -> bool:
        """Whether it asks for anything at all."""
        return (
            self.all
            or self.rerun
            or any(
                (
                    self.approve,
                    self.refuse,
                    self.swap,
                    self.pin,
                    self.unpin,
                    self.ban,
                    self.unban,
                )
            )
        )

    @property
    def asks_rules(self) -> bool:
        """Whether it puts people together, so that the rules must be checked."""
        return bool(self.swap or self.pin)

    @property
    def matches_again(self) -> bool:
        """Whether a run that found nothing is worth trying once more."""
        return self.rerun or any(
            (self.refuse, self.pin, self.unpin, self.ban, self.unban)
        )


class MatchSummary(LenientModel):
    """What a run of matching returns to the cohort: counts only."""

    run: int
    proposed: int
    unmatched_mentors: int
    unmatched_mentees: int


class PauseCohort(StrictDecision):
    """The update `pause` of a cohort: nothing is sent, and nobody is matched, until `resume`."""

    reason: PauseReason = PauseReason.ASKED


class ResumeCohort(StrictDecision):
    """The update `resume` of a cohort: what fell due in the pause is planned again."""


CohortUpdate = (
    MatchDecision
    | PauseCohort
    | ResumeCohort
    | AcceptPeopleChange
    | DismissPeopleChange
)


class CohortPhase(StrEnum):
    """The phases of a cohort."""

    ENROL = "enrol"
    """Enrols its people and starts its pairs."""
    RUN = "run"
    """Matches, and waits for its pairs."""
    END = "end"
    """Cancelled: ends its pairs, and waits until all have closed."""
    CLOSE = "close"
    """Weighs the evidence, and signals its end to the programme."""
    CLOSED = "closed"


class CohortState(LenientModel):
    """Everything a cohort carries at continue-as-new."""

    schema_version: int = 1
    start: CohortStart
    phase: CohortPhase = CohortPhase.ENROL
    review_asked: int = 0
    """The last run of matching that ops were asked to review."""
    counts: CohortCounts = CohortCounts()
    run: int = 0
    polls: int = 0
    pairs_to_notify: bool = False
    """Whether its pairs are still to be signalled that a pause began or ended."""
    guard_asked: int = 0
    """The last question to ops about a change of people that would freeze many pairs."""
    changes: int = 0
    """Decisions and changes of people so far after which matching is worth another run."""
    tried: tuple[int, int] = (0, 0)
    """Ready mentors and waiting mentees at the last run that proposed nothing.

    No new run until they change.
    """


class PairToStart(LenientModel):
    """One row of a page of pairs to start."""

    mentor: PersonId
    seat: int
    windows_known: bool
    modules_done: tuple[Code, ...] = ()
