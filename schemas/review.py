"""The review of matches: two people whom ops name, and what the rules say of them."""

from typing import Annotated

from pydantic import Field

from schemas.base import Carried, Strict
from schemas.ids import Code, Key, PersonId
from schemas.matching import MatchingPool, MatchReason

MatchId = Annotated[Key, Field(max_length=80)]
"""Of a match on the review page."""


class DecisionRefused(Exception):
    """A decision about matches that cannot be carried out; the message is for who decided, with ids and codes."""


class MentorMentee(Strict):
    """A mentor and a mentee."""

    mentor: PersonId
    mentee: PersonId

    def __str__(self) -> str:
        return f"mentor {self.mentor} and mentee {self.mentee}"


class Swap(Strict):
    """Two proposed matches that exchange their mentees."""

    one: MatchId
    other: MatchId


class MatchesToCheck(Carried):
    """All that the rules ask about the people of pins and swaps."""

    pool: MatchingPool
    pins: tuple[MentorMentee, ...] = ()
    """Any rule that a policy can switch off may be broken by them."""
    swaps: tuple[MentorMentee, ...] = ()
    """Those who would be together after a swap."""


class CheckedMatch(Carried):
    """What the rules say of two people."""

    people: MentorMentee
    broken_rule: Code | None = None
    """The first one that they break."""
    score: float = 0
    """0 to 1."""
    reasons: tuple[MatchReason, ...] = ()
