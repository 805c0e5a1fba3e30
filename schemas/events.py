"""Everything a pair reacts to: signals, updates and its own events.

The name of a signal or update is the `kind` of its event, and its payload is the event.
Signals are idempotent by their natural key, named in each docstring.
"""

from enum import StrEnum
from typing import Annotated, get_args

from pydantic import ConfigDict, Field

from schemas.base import LenientModel, PairEvent
from schemas.guard import ApartAgain, TooClose
from schemas.ids import Code, Key, Ordinal, PersonId
from schemas.pair_updates import PairUpdate
from schemas.records.reasons import DeliveryFailure
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


class Volunteered(PairEvent, kind="volunteered"):
    """The mentor takes part. Key: the pair."""

    windows: bool = False
    """The same page gave weekly windows (kept in PostgreSQL)."""
    charter: bool = False
    """The same page had the charter signed."""


class Declined(PairEvent, kind="declined"):
    """The mentor does not take part; no reason is asked. Key: the pair."""


class WindowsGiven(PairEvent, kind="windows_given"):
    """Somebody gave weekly windows (kept in PostgreSQL). Key: the side."""

    side: Side


class ModuleCompleted(PairEvent, kind="module_completed"):
    """The learning platform saw the mentor finish a module. Key: the module."""

    module: Code


class CharterSigned(PairEvent, kind="charter_signed"):
    """One side signed the charter. Key: the side (the mentee's belongs to the match)."""

    side: Side


class Rehearsed(PairEvent, kind="rehearsed"):
    """Mentor and supervisor rehearsed. Key: the pair."""


class Matched(PairEvent, kind="matched"):
    """The cohort claimed a seat in PostgreSQL for this mentee. Key: the mentee."""

    mentee: PersonId


class EarlySlots(LenientModel):
    """Times that the gateway looked up before it sent a signal; others leave them out."""

    at: Instant
    """When the agendas were read, programme time."""
    mentee: PersonId
    minutes: int
    starts: tuple[Instant, ...]
    """Starts that suit both, best first."""


class MatchAgreed(PairEvent, kind="agreed"):
    """One side agrees to the match. Key: side and mentee."""

    side: Side
    mentee: PersonId
    charter: bool = False
    """The mentee's page asks for agreement and charter at once."""
    slots: EarlySlots | None = None
    """Times for the session that has to be planned now, if the sender looked them up."""


class MatchRefused(PairEvent, kind="refused"):
    """One side would rather not; no reason is asked. Key: side and mentee."""

    side: Side
    mentee: PersonId


class InvitationAnswered(PairEvent, kind="answered"):
    """An answer to an invitation, by mentee, delegate or mentor. Key: session, attempt, sequence and answer."""

    session: Ordinal
    attempt: Ordinal = 1
    sequence: Annotated[int, Field(ge=0)]
    answer: InvitationAnswer
    side: Side = Side.MENTEE
    """The side on whose behalf it is; a delegate answers for the mentee."""
    start: Instant | None = None
    """With another_time: the alternative chosen; without it, none of them suits."""
    slots: EarlySlots | None = None
    """Times for the session that has to be planned now, if the sender looked them up."""


class Held(PairEvent, kind="held"):
    """The mentor says whether the session took place. Key: session and attempt."""

    session: Ordinal
    attempt: Ordinal = 1
    held: bool = True
    slots: EarlySlots | None = None
    """Times for the session that has to be planned now, if the sender looked them up."""


class PulseReceived(PairEvent, kind="pulse_received"):
    """A pulse is in PostgreSQL; never whose. Key: session and the pulse's id."""

    session: Ordinal
    pulse: Code


class ConcernRaised(PairEvent, kind="concern_raised"):
    """Somebody asked for help or scored low; never who. Key: the concern's id."""

    concern: Code


class CheckedIn(PairEvent, kind="checked_in"):
    """The supervisor talked with the mentor. Key: the number of the request."""

    check: Ordinal
    """Which request it answers (`Notice.check`); an answer to an earlier one is stale."""
    well: bool = True


class PersonLeft(PairEvent, kind="person_left"):
    """Somebody left the organisation or the programme. Key: side, and for a mentee who."""

    side: Side
    mentee: PersonId | None = None


class NoticeFailed(PairEvent, kind="notice_failed"):
    """A notice could not be delivered. Key: the notice."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"notice": "its-id", "reason": "address_refused"}]
        }
    )

    notice: Annotated[Key, Field(max_length=200)]
    reason: DeliveryFailure


class Started(PairEvent, kind="started"):
    """The first event of every pair."""


class DeadlinePassed(PairEvent, kind="deadline_passed"):
    """A deadline came. Stale unless the state still holds it for the same instant."""

    deadline: str
    at: Instant


class SlotsFound(PairEvent, kind="slots_found"):
    """The answer to FindSlots: starts that suit both, best first; none at all is an answer too."""

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

Event = PairSignal | PairUpdate | InternalEvent

SIGNALS: tuple[type[PairSignal], ...] = get_args(PairSignal)
SIGNAL_MODELS: dict[str, type[PairSignal]] = {model.kind: model for model in SIGNALS}
"""What services and people report, by name."""
UPDATES: tuple[type[PairUpdate], ...] = get_args(PairUpdate)
SENT: dict[str, type[PairSignal | PairUpdate]] = {
    model.kind: model for model in (*SIGNALS, *UPDATES)
}
"""What is sent to a pair, by name."""
