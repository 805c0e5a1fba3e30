"""Rows that the console lists. They hold names: they go from PostgreSQL to a page and nowhere else."""

from schemas.base import LenientModel
from schemas.effects import LedgerLine, PairSummary
from schemas.ids import Code, PairRef, PersonId
from schemas.matches.matching import MatchReason, RuleGain
from schemas.pair import PairState
from schemas.time.calendar import Instant


class PairListing(PairSummary):
    """A pair in a cohort's list."""

    pair: PairRef
    mentor_name: str
    mentee_name: str | None = None


class PairDetail(PairListing):
    """A pair with all that its pages need. `state` is None until the pair recorded its first transition."""

    state: PairState | None = None


class LedgerEntry(LedgerLine):
    """One line of what happened and why, programme time."""

    at: Instant
    revision: int
    by: str | None = None
    """An account, a person, or a code such as update; None: nobody did, or nobody knows."""


class NamedMatch(LenientModel):
    """A mentor and a mentee with their names."""

    mentor: PersonId
    mentor_name: str
    mentee: PersonId
    mentee_name: str


class MatchListing(NamedMatch):
    """A proposed match, for the review page."""

    id: str
    """Id of the match, which a MatchDecision names."""
    score: float
    """How well the two fit, 0 to 1."""
    reasons: tuple[MatchReason, ...] = ()
    decision: str = "proposed"
    """proposed, approved, refused, announced or lapsed."""


class PinCandidate(LenientModel):
    """Somebody who may be pinned to somebody, or banned."""

    side: str
    person: PersonId
    name: str


class UnmatchedListing(PinCandidate):
    """Somebody without a match, and why."""

    reasons: tuple[MatchReason, ...] = ()


class MatchChange(LenientModel):
    """A difference for a mentee between the newest run of matching and the one before."""

    kind: str
    """new, gone, partner (another mentor) or score."""
    mentee_name: str
    mentor_name: str | None = None
    score: float | None = None
    mentor_before: str | None = None
    score_before: float | None = None


class BanListing(NamedMatch):
    """Two people whom ops keep apart, with names."""

    by: Code
    at: Instant
    """When ops decided, wall time."""


class PinListing(BanListing):
    """Two people whom ops want matched in every run, with names."""

    over: bool = False
    """One of the two has refused since: it counts no more."""


class DecisionListing(LenientModel):
    """One line of what was decided about matches."""

    revision: int
    what: Code
    run: int
    mentor_name: str | None = None
    mentee_name: str | None = None
    by: Code
    at: Instant
    """When ops decided, wall time."""


class ReviewPage(LenientModel):
    """Which part of its lists the review page shows: what follows these, each the last of
    the page before; empty: the first page.
    """

    proposed: str = ""
    """Id of a match, as is `decided`."""
    decided: str = ""
    left: str = ""
    """SIDE:PERSON of somebody without a match."""


class MatchReview(LenientModel):
    """All that the review page shows; `run` and `revision` guard against two reviewers."""

    run: int = 0
    """Number of the newest run; 0: no run yet."""
    matches: tuple[MatchListing, ...] = ()
    """A page of what is proposed and one of what is decided."""
    proposed: int = 0
    """How many are proposed, on all pages."""
    left: tuple[UnmatchedListing, ...] = ()
    next: ReviewPage = ReviewPage()
    """The pages that follow; empty where none does."""
    gains: tuple[RuleGain, ...] = ()
    """What loosening a rule would gain, most first."""
    revision: int = 0
    """The number of the newest decision."""
    changes: tuple[MatchChange, ...] = ()
    """What the newest run proposes otherwise than the run before."""
    pins: tuple[PinListing, ...] = ()
    bans: tuple[BanListing, ...] = ()
    decided: tuple[DecisionListing, ...] = ()
    """Decisions of ops, newest first."""
    free: tuple[PinCandidate, ...] = ()


class RefusedListing(LenientModel):
    """A signal that a workflow could not take: who got it and why, not what stood in it."""

    id: int = 0
    workflow_id: str
    name: str
    reason: str
    at: Instant
    resent_at: Instant | None = None
    """When it was corrected and sent again; wall time."""
    resent_by: str | None = None
    later: int = 0
    """How many of its name were refused after it in the same moment.

    Counted only where one message is read.
    """


class PauseListing(LenientModel):
    """A pause that is in force for a scope."""

    scope: str
    reason: Code
    since: Instant
    """When the pause began, wall time."""
