"""Everything a pair reacts to: signals, updates and its own events.

The name of a signal or update is the `kind` of its event, and its payload is the event
without `kind`. Signals are idempotent by their natural key, named in each docstring.
"""

from enum import StrEnum
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter

from schemas.base import LenientModel
from schemas.guard import ApartAgain, TooClose
from schemas.ids import Code, Key, Ordinal, PersonId
from schemas.pair_updates import PairUpdate
from schemas.time.calendar import Instant


class Side(StrEnum):
    """The two people of a pair."""

    MENTOR = "mentor"
    MENTEE = "mentee"


class InvitationAnswer(StrEnum):
    """What one may answer to an invitation."""

    YES = "yes"
    NO = "no"
    ANOTHER_TIME = "another_time"
    HALF_HOUR = "half_hour"


class Volunteered(LenientModel):
    """The mentor takes part. Key: the pair."""

    kind: Literal["volunteered"] = "volunteered"
    windows: bool = False
    """The same page gave weekly windows (kept in PostgreSQL)."""
    charter: bool = False
    """The same page had the charter signed."""


class Declined(LenientModel):
    """The mentor does not take part; no reason is asked. Key: the pair."""

    kind: Literal["declined"] = "declined"


class WindowsGiven(LenientModel):
    """Somebody gave weekly windows (kept in PostgreSQL). Key: the side."""

    kind: Literal["windows_given"] = "windows_given"
    side: Side


class ModuleCompleted(LenientModel):
    """The learning platform saw the mentor finish a module. Key: the module."""

    kind: Literal["module_completed"] = "module_completed"
    module: Code


class CharterSigned(LenientModel):
    """One side signed the charter. Key: the side (the mentee's belongs to the match)."""

    kind: Literal["charter_signed"] = "charter_signed"
    side: Side


class Rehearsed(LenientModel):
    """Mentor and supervisor rehearsed. Key: the pair."""

    kind: Literal["rehearsed"] = "rehearsed"


class Matched(LenientModel):
    """The cohort claimed a seat in PostgreSQL for this mentee. Key: the mentee."""

    kind: Literal["matched"] = "matched"
    mentee: PersonId


class MatchAgreed(LenientModel):
    """One side agrees to the match. Key: side and mentee."""

    kind: Literal["agreed"] = "agreed"
    side: Side
    mentee: PersonId
    charter: bool = False
    """The mentee's page asks for agreement and charter at once."""


class MatchRefused(LenientModel):
    """One side would rather not; no reason is asked. Key: side and mentee."""

    kind: Literal["refused"] = "refused"
    side: Side
    mentee: PersonId


class InvitationAnswered(LenientModel):
    """An answer to an invitation, by mentee, delegate or mentor. Key: session, attempt, sequence and answer."""

    kind: Literal["answered"] = "answered"
    session: Ordinal
    attempt: Ordinal = 1
    sequence: Annotated[int, Field(ge=0)]
    answer: InvitationAnswer
    side: Side = Side.MENTEE
    """On whose behalf; a delegate answers for the mentee."""
    start: Instant | None = None
    """With another_time: the alternative chosen; without it, none of them suits."""


class Held(LenientModel):
    """The mentor says whether the session took place. Key: session and attempt."""

    kind: Literal["held"] = "held"
    session: Ordinal
    attempt: Ordinal = 1
    held: bool = True


class PulseReceived(LenientModel):
    """A pulse is in PostgreSQL; never whose. Key: session and the pulse's id."""

    kind: Literal["pulse_received"] = "pulse_received"
    session: Ordinal
    pulse: Code


class ConcernRaised(LenientModel):
    """Somebody asked for help or scored low; never who. Key: the concern's id."""

    kind: Literal["concern_raised"] = "concern_raised"
    concern: Code


class CheckedIn(LenientModel):
    """The supervisor talked with the mentor. Key: the number of the request."""

    kind: Literal["checked_in"] = "checked_in"
    check: Ordinal
    """Which request it answers (`Notice.check`); an answer to an earlier one is stale."""
    well: bool = True


class PersonLeft(LenientModel):
    """Somebody left the organisation or the programme. Key: side, and for a mentee who."""

    kind: Literal["person_left"] = "person_left"
    side: Side
    mentee: PersonId | None = None


class NoticeFailed(LenientModel):
    """A notice could not be delivered. Key: the notice."""

    kind: Literal["notice_failed"] = "notice_failed"
    notice: Annotated[Key, Field(max_length=200)]
    reason: Code


class Started(LenientModel):
    """The first event of every pair."""

    kind: Literal["started"] = "started"


class DeadlinePassed(LenientModel):
    """A deadline came. Stale unless the state still holds it for the same instant."""

    kind: Literal["deadline_passed"] = "deadline_passed"
    deadline: str
    at: Instant


class SlotsFound(LenientModel):
    """The answer to FindSlots: starts that suit both, best first; none at all is an answer too."""

    kind: Literal["slots_found"] = "slots_found"
    revision: int
    """Revision that asked; any other answer is stale."""
    session: Ordinal
    starts: tuple[Instant, ...] = ()


PairSignal = (
    Volunteered
    | Declined
    | WindowsGiven
    | ModuleCompleted
    | CharterSigned
    | Rehearsed
    | Matched
    | MatchAgreed
    | MatchRefused
    | InvitationAnswered
    | Held
    | PulseReceived
    | ConcernRaised
    | CheckedIn
    | PersonLeft
    | TooClose
    | ApartAgain
    | NoticeFailed
)
"""What services and people report to a pair."""

InternalEvent = Started | DeadlinePassed | SlotsFound
"""What a pair reports to itself; nobody sends it."""

Event = Annotated[PairSignal | PairUpdate | InternalEvent, Field(discriminator="kind")]

SIGNALS: tuple[type[LenientModel], ...] = get_args(PairSignal)
UPDATES: tuple[type[LenientModel], ...] = get_args(PairUpdate)

EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def name_of(kind: type[LenientModel]) -> str:
    """Returns the name of an event's signal or update."""
    name: str = kind.model_fields["kind"].default
    return name
