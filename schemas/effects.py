"""What a transition of a pair causes: `Record` (one PostgreSQL transaction) and `FindSlots`."""

from datetime import datetime

from pydantic import Field

from schemas.base import DeciderId, LenientModel, StrictModel
from schemas.ids import Code, PairRef, PersonId
from schemas.notices import Notice
from schemas.records.reasons import PauseReason
from schemas.stages import Health, Outcome, SessionStatus, Stage
from schemas.time.calendar import Instant


class LedgerLine(LenientModel):
    """What happened and why, in codes; words are looked up when it is shown."""

    what: Code
    reason: Code | None = None
    session: int | None = None
    by: DeciderId | None = None
    """Who decided, where somebody did and it is known."""


class SessionAttempt(LenientModel):
    """`number` counts conversations, `attempt` make-ups of one, `sequence` its invites."""

    number: int
    attempt: int = 1
    status: SessionStatus
    sequence: int = -1
    """SEQUENCE of the last invite sent; -1: none was."""
    start: Instant | None = None
    minutes: int


class SessionRow(SessionAttempt):
    """A session as PostgreSQL shows it; upserted by (pair, number, attempt)."""

    mentee: PersonId | None


class PairSummary(LenientModel):
    """A pair as listings show it, without its people."""

    stage: Stage
    outcome: Outcome | None = None
    reason: Code | None = None
    health: Health = Health.ON_COURSE
    paused: bool = False
    held: int = 0
    next_step: Code | None = None
    """What is awaited, as a code (the deadline's kind)."""
    next_at: Instant | None = None


class PairRow(PairSummary):
    """A pair after the transition."""

    mentee: PersonId | None = None
    """The mentee while the seat is claimed; a unique index allows one live claim each."""


class Record(LenientModel):
    """One transition to write down, keyed (pair, revision) with a digest of its contents."""

    revision: int
    at: Instant
    event: Code
    row: PairRow
    lines: tuple[LedgerLine, ...] = ()
    notices: tuple[Notice, ...] = ()
    sessions: tuple[SessionRow, ...] = ()
    refusal: PersonId | None = None
    """A mentee this mentor is not to be matched with again."""


class FindSlots(LenientModel):
    """A search for times that suit both, in windows and working days; its result: SlotsFound."""

    pair: PairRef
    mentee: PersonId
    revision: int
    session: int
    attempt: int
    earliest: datetime
    latest: datetime
    minutes: int
    refused: tuple[Instant, ...] = ()
    most: int = 4


class RefusedMessage(LenientModel):
    """A message that a workflow refused: its name and why, never its contents."""

    at: Instant
    name: str
    reason: str
    omitted: int = 0
    """How many further messages this one reports, of which only the number was kept."""


class RefusedBatch(LenientModel):
    """The input of the activity `record_refused_messages`: messages that a cohort or programme refused."""

    workflow_id: str
    refused: tuple[RefusedMessage, ...]


class RefusedMessagesState(LenientModel):
    """The refused messages that a run hands to the next one."""

    shown: tuple[RefusedMessage, ...] = ()
    """The newest, as the Web UI shows them."""
    unsaved: tuple[RefusedMessage, ...] = ()
    """Refused messages that are not in PostgreSQL yet."""
    omitted: int = 0
    """How many messages of a flood came beyond those."""


class RecordBatch(LenientModel):
    """The input of the activity `record`: transitions in order, and the state after the last one."""

    pair: PairRef
    records: tuple[Record, ...]
    state: dict[str, object] = Field(default_factory=dict)
    """PairState without pair, clock, policy, calendar, outbox and without defaults: the cohort's plan has the rest."""
    refused: tuple[RefusedMessage, ...] = ()


class Directives(LenientModel):
    """The pauses in force for a pair; `record` returns them, so that a pair started late obeys too."""

    paused: bool = False
    version: int = 0


class DirectivesChanged(LenientModel):
    """A scope of the pair was paused or resumed; the pair reads in PostgreSQL which. It may be repeated."""


class PauseScope(StrictModel):
    """The input of the activities `set_pause`: a pause of all pairs of a scope, or its end."""

    scope: str
    """`programme:CODE`, `region:PROGRAMME:REGION`, a cohort's workflow id, or `person:ID`."""
    paused: bool
    reason: PauseReason = PauseReason.ASKED


class QueueNotices(LenientModel):
    """Notices of a cohort or programme, which have no pair; keyed like a pair's by (scope, revision)."""

    scope: str
    """Workflow id of the cohort or programme."""
    revision: int
    at: Instant
    programme: Code
    region: Code
    notices: tuple[Notice, ...]
