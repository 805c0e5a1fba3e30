"""What matching reads and answers. People stay inside the activity; only ids, counts and codes leave it."""

from typing import Literal, NamedTuple

from pydantic import Field

from schemas.base import Carried
from schemas.calendar import Instant, WorkCalendar
from schemas.ids import Code, CohortRef, PairRef, PersonId
from schemas.people import Person
from schemas.policy import Policy


class FreeSeat(Carried):
    """A mentor's free seat: a pair in stage matching without a mentee."""

    pair: str
    """Workflow id of the pair."""
    mentor: PersonId
    number: int
    first_in_line: bool = False
    """An earlier match of this seat did not come about or ended: matched before others at equal score."""
    since: Instant | None = None


class MatchingPool(Carried):
    """Everything one run of matching needs."""

    cohort: CohortRef
    policy: Policy
    calendar: WorkCalendar = WorkCalendar()
    """The region's: on its working days sessions take place, and its hours are those of who gave no windows."""
    seats: tuple[FreeSeat, ...] = ()
    mentees: tuple[Person, ...] = ()
    """Read without their names and addresses, which no rule asks for; mentors too."""
    mentors: tuple[Person, ...] = ()
    bans: frozenset[tuple[PersonId, PersonId]] = frozenset()
    """(mentor, mentee) who are not to be matched: an earlier refusal, or ops said so."""
    pins: frozenset[tuple[PersonId, PersonId]] = frozenset()
    """(mentor, mentee) who must be matched, as ops said; of those who are not both free now, nothing is asked."""
    managers: dict[PersonId, tuple[PersonId, ...]] = Field(default_factory=dict)
    """Every person's managers, solid and dotted, for the whole organisation."""


class MatchReason(Carried):
    """Why a pair is proposed or a person is not: a rule's code and what it found, in codes and numbers."""

    rule: Code
    value: float | None = None
    """Rule's own measure: hours in common, levels apart, topics shared."""
    items: tuple[str, ...] = ()
    """Topics as they are offered, with `/` and the level wanted where the offer does not get there: `ai_tools:1/3`."""


class MatchProposal(Carried):
    """One proposed match, with its score (0 to 1) and reasons, strongest first."""

    pair: str
    mentor: PersonId
    mentee: PersonId
    score: float
    reasons: tuple[MatchReason, ...] = ()


class UnmatchedPerson(Carried):
    """One person without a match, and the rules that excluded everybody."""

    person: PersonId
    side: Literal["mentor", "mentee"]
    reasons: tuple[MatchReason, ...] = ()


class RuleGain(Carried):
    """How many more people would be matched without one of the rules that a policy can switch off."""

    rule: Code
    more_people: int | None = None
    """None: not counted, because it would have taken too long."""


class MatchRun(Carried):
    """The whole result of one run."""

    proposals: tuple[MatchProposal, ...] = ()
    unmatched: tuple[UnmatchedPerson, ...] = ()
    gains: tuple[RuleGain, ...] = ()
    """Most first; rules without which nothing would change are not in it."""


class MenteesWithoutMentor(Carried):
    """For check_only: who has no possible mentor, before anything starts."""

    mentees: tuple[PersonId, ...] = ()
    reasons: dict[PersonId, tuple[Code, ...]] = {}
    without_long_window: int = 0
    """Mentees none of whose common windows holds one session of the policy's length."""
    longest_session_minutes: int = 0
    """A session length that would fit them all; 0: none would."""


class Claim(NamedTuple):
    """A seat that was claimed for a mentee; its pair is still to be signalled."""

    match: str
    pair: PairRef
    mentee: PersonId
