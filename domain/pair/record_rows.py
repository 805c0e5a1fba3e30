"""The rows that a batch of transitions writes into PostgreSQL, table by table.

They depend on nothing that is stored there.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from domain.notices.keys import notice_key
from domain.notices.recipients import (
    RecipientSource,
    needs_agreement,
    recipient_sources,
)
from schemas.base import DeciderId
from schemas.effects import PairRow, Record, RecordBatch, SessionRow
from schemas.ids import Code, PersonId
from schemas.notices import Notice
from schemas.stages import Stage
from schemas.time.clock import Clock

_RECORD = TypeAdapter(Record).serializer
DIGEST_BYTES = 16
"""It tells a retry from a contradiction of one pair with itself; nobody attacks it."""


class TransitionRow(TypedDict):
    """One transition, and the pair as it is after it."""

    revision: int
    at: datetime
    event: Code
    digest: str
    """As PostgreSQL reads bytes: `\\x` and hexadecimal digits."""
    row: PairRow
    waiting_since: datetime | None
    """Since when the mentor waits for a match, unless they waited before."""
    refusal: PersonId | None


class LedgerRow(TypedDict):
    """One row of the table `ledger`: what happened to a pair, and why."""

    revision: int
    position: int
    at: datetime
    what: Code
    reason: Code | None
    session: int | None
    decided_by: DeciderId | None


class SessionOfRevision(TypedDict):
    """A session as one transition left it."""

    revision: int
    row: SessionRow


class NoticeRow(TypedDict):
    """One notice, before the people who receive it are looked up."""

    revision: int
    key: str
    """Key of the notice without its last part, the recipient's person id."""
    at: datetime
    mentee: PersonId | None
    """The mentee whom it is about, as far as the batch knows."""
    sources: tuple[RecipientSource, ...]
    due: datetime | None
    """Wall time from which it may be sent; None: at once."""
    needs_agreement: bool
    body: Notice


@dataclass(slots=True)
class RecordRows:
    """All rows that a batch of transitions writes, by table."""

    transitions: tuple[TransitionRow, ...]
    ledger: tuple[LedgerRow, ...]
    sessions: tuple[SessionOfRevision, ...]
    notices: tuple[NoticeRow, ...]


def record_rows(batch: RecordBatch, clock: Clock | None) -> RecordRows:
    """Make the rows of a batch. Without a clock every notice is due at once."""
    records = batch.records
    mentees_before = (None, *(record.row.mentee for record in records))
    return RecordRows(
        transitions=tuple(map(transition_row, records)),
        ledger=tuple(row for record in records for row in _ledger(record)),
        sessions=tuple(
            {"revision": record.revision, "row": session}
            for record in records
            for session in record.sessions
        ),
        notices=tuple(
            row
            for record, mentee_before in zip(records, mentees_before, strict=False)
            for row in _notices(batch.pair.workflow_id, record, mentee_before, clock)
        ),
    )


def transition_row(record: Record) -> TransitionRow:
    return {
        "revision": record.revision,
        "at": record.at,
        "event": record.event,
        "digest": digest(record),
        "row": record.row,
        "waiting_since": record.at if record.row.stage is Stage.MATCHING else None,
        "refusal": record.refusal,
    }


def digest(record: Record) -> str:
    """A digest of a record's contents, of 16 bytes.

    Defaults are left out: a release that adds a field must not change an old digest.
    """
    contents = _RECORD.to_json(record, exclude_defaults=True)
    return "\\x" + sha256(contents).hexdigest()[: 2 * DIGEST_BYTES]


def _ledger(record: Record) -> list[LedgerRow]:
    return [
        {
            "revision": record.revision,
            "position": position,
            "at": record.at,
            "what": line.what,
            "reason": line.reason,
            "session": line.session,
            "decided_by": line.by,
        }
        for position, line in enumerate(record.lines, 1)
    ]


def _notices(
    scope: str, record: Record, mentee_before: PersonId | None, clock: Clock | None
) -> list[NoticeRow]:
    """`mentee_before` is of the transition before this one in the same batch.

    Where the two are parted, a notice is about the one who is gone: that one is
    notified, and named to the other.
    """
    mentee = record.row.mentee or record.refusal or mentee_before
    return [
        {
            "revision": record.revision,
            "key": notice_key(scope, record.revision, notice),
            "at": record.at,
            "mentee": mentee,
            "sources": recipient_sources(notice.to),
            "due": clock.wall(notice.not_before)
            if clock and notice.not_before
            else None,
            "needs_agreement": needs_agreement(notice.to),
            "body": notice,
        }
        for notice in record.notices
    ]
