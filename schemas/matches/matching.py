"""What matching reads and returns.

People stay inside the activity; only ids, counts and codes leave it.
"""

from typing import Literal, NamedTuple

from pydantic import Field

from schemas.base import LenientModel
from schemas.ids import Code, CohortRef, PairRef, PersonId
from schemas.people import Person
from schemas.policy import Policy
from schemas.time.calendar import Instant, WorkCalendar


class FreeSeat(LenientModel):
    """A mentor's free seat: a pair in stage matching without a mentee."""

    pair: str
    """Workflow id of the pair that the seat belongs to."""
    mentor: PersonId
    number: int
    first_in_line: bool = False
    """An earlier match of this seat was refused or has ended, so it is matched before
    others at equal score."""
    since: Instant | None = None
    """Since when it waits; programme time."""


class MatchingPool(LenientModel):
    """Everything that one run of matching needs."""

    cohort: CohortRef
    policy: Policy
    calendar: WorkCalendar = WorkCalendar()
    """The region's: sessions are on its working days, and its hours are those of
    people who gave no windows."""
    seats: tuple[FreeSeat, ...] = ()
    mentees: tuple[Person, ...] = ()
    """Without names and addresses, which no rule asks for; mentors too."""
    mentors: tuple[Person, ...] = ()
    bans: frozenset[tuple[PersonId, PersonId]] = frozenset()
    """(mentor, mentee) who are not to be matched: one refused earlier, or ops keep them apart."""
    pins: frozenset[tuple[PersonId, PersonId]] = frozenset()
    """(mentor, mentee) who must be matched, as ops said; pins whose two people are not
    both free now are ignored."""
    managers: dict[PersonId, tuple[PersonId, ...]] = Field(default_factory=dict)
    """Every person's managers, solid and dotted, for the whole organisation."""


class MatchReason(LenientModel):
    """Why two people are matched, or somebody is not: a rule and what it found."""

    rule: Code
    value: float | None = None
    """What the rule found, in its own unit: hours in common, levels apart, topics shared."""
    items: tuple[str, ...] = ()
    """Topics as they are offered, with `/` and the level wanted where the offer does
    not get there: `ai_tools:1/3`."""


class MatchProposal(LenientModel):
    """One proposed match, with its score (0 to 1) and reasons, strongest first."""

    pair: str
    mentor: PersonId
    mentee: PersonId
    score: float
    reasons: tuple[MatchReason, ...] = ()


class UnmatchedPerson(LenientModel):
    """Somebody without a match, and the rules that exclude all they could have had."""

    person: PersonId
    side: Literal["mentor", "mentee"]
    reasons: tuple[MatchReason, ...] = ()


class RuleGain(LenientModel):
    """How many more people would be matched without one of the rules that a policy can
    switch off.
    """

    rule: Code
    more_people: int | None = None
    """How many more people would be matched; None: counting took too long."""


class MatchRun(LenientModel):
    """The result of one run of matching."""

    proposals: tuple[MatchProposal, ...] = ()
    unmatched: tuple[UnmatchedPerson, ...] = ()
    gains: tuple[RuleGain, ...] = ()
    """Largest first; rules that gain nothing are left out."""


class MenteesWithoutMentor(LenientModel):
    """Mentees whom no mentor could coach, found before anything starts."""

    mentees: tuple[PersonId, ...] = ()
    reasons: dict[PersonId, tuple[Code, ...]] = {}
    without_long_window: int = 0
    """How many have no window in common with any mentor that holds one session."""
    longest_session_minutes: int = 0
    """The longest session that would fit them all; 0: none would."""


class Claim(NamedTuple):
    """A seat that was claimed for a mentee; its pair is still to be signalled."""

    match: str
    pair: PairRef
    mentee: PersonId
