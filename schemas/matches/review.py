"""The review of matches: people whom ops name, and what the rules say about them."""

from typing import Annotated

from pydantic import StringConstraints

from schemas.base import LenientModel, StrictModel
from schemas.ids import MATCH_PATTERN, Code, PersonId
from schemas.matches.matching import MatchingPool, MatchReason

MatchId = Annotated[str, StringConstraints(pattern=MATCH_PATTERN)]
"""Id of a match, as the review page shows it: run, seat, mentor and mentee."""


class DecisionRefused(Exception):
    """A decision about matches that cannot be carried out.

    The message is for whoever decided, with ids and codes.
    """


class MentorMentee(StrictModel):
    """A mentor and a mentee whom ops name in a decision."""

    mentor: PersonId
    mentee: PersonId

    def __str__(self) -> str:
        return f"mentor {self.mentor} and mentee {self.mentee}"


class Swap(StrictModel):
    """Two proposed matches that exchange their mentees."""

    one: MatchId
    other: MatchId


class MatchesToCheck(LenientModel):
    """Matches that ops want, and all that the rules ask about their people."""

    pool: MatchingPool
    pins: tuple[MentorMentee, ...] = ()
    """Matches that ops pin; they may break rules that a policy can switch off."""
    swaps: tuple[MentorMentee, ...] = ()
    """Matches that a swap would make; they break no rule that the policy has on."""


class CheckedMatch(LenientModel):
    """What the rules say about one match."""

    people: MentorMentee
    broken_rule: Code | None = None
    """Code of the first rule that it breaks; None: it breaks none."""
    score: float = 0
    """How well the two fit, 0 to 1."""
    reasons: tuple[MatchReason, ...] = ()
