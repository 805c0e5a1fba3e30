"""The guard over live pairs after a reorganisation: its events, updates and counts."""

from typing import Annotated, Literal, NamedTuple

from pydantic import ConfigDict, Field

from schemas.base import LenientModel, PairDecision, PairEvent, StrictDecision
from schemas.ids import PersonId
from schemas.records.reasons import AcceptReason, DismissReason, KeepReason

Check = Annotated[int, Field(ge=0)]


class TooClose(PairEvent, kind="too_close"):
    """The reporting lines of the two are too close now: it is frozen, and somebody decides. Key: mentee and check."""

    mentee: PersonId
    check: Check = 0
    """Number of the check that found it; results of earlier checks are stale."""


class ApartAgain(PairEvent, kind="apart_again"):
    """The reporting lines of the two are far enough apart again; a frozen pair goes on. Key: mentee and check."""

    mentee: PersonId
    check: Check = 0
    """Number of the check that found it; results of earlier checks are stale."""


class KeptTogether(PairDecision, kind="keep"):
    """Update `keep`: supervisor or ops keep a frozen pair together, with a reason code. Key: the match."""

    reason: KeepReason


class PeopleChanged(LenientModel):
    """The signal `people_changed` to a cohort: check reporting lines and pauses now.

    Without it they are checked at the cohort's next poll. It may be repeated.
    """


class AcceptPeopleChange(StrictDecision):
    """The update `accept_people_change` of a cohort: the change is right, so the pairs that it holds are frozen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "reorganised"}]}
    )
    reason: AcceptReason = AcceptReason.ASKED


class DismissPeopleChange(StrictDecision):
    """The update `dismiss_people_change` of a cohort: its pairs go on while their lines stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "wrong_feed"}]}
    )
    reason: DismissReason = DismissReason.ASKED


class MatchedPeople(NamedTuple):
    """Two people who are matched, or proposed to each other; `id` is of the pair or of the match."""

    id: str
    mentor: str
    mentee: str


class GuardSnapshot(LenientModel):
    """What one check of the lines reads, as of one moment. It never enters Temporal."""

    check: Check
    """Number of the newest change of people that is included."""
    minimum_levels: int
    pairs: tuple[MatchedPeople, ...] = ()
    proposals: tuple[MatchedPeople, ...] = ()
    """Matches that were not announced yet."""
    managers: dict[str, tuple[str, ...]] = {}


class GuardResult(LenientModel):
    """What a check of the lines returns to the cohort: counts only."""

    pairs: int = 0
    """Live pairs that were found too close."""
    held: int = 0
    """Pairs too close, but so many that ops decide first."""
    hold: int = 0
    """Number of that question to ops."""
    lapsed: int = 0
    """Proposed matches that lapsed, since the two are too close now."""


class GuardFinding(NamedTuple):
    """The result of a check of a pair's reporting lines, to be signalled to its workflow."""

    pair: str
    mentee: str
    status: Literal["too_close", "apart_again"]
    """What the check found, and the name of the signal about it."""
    check: int
