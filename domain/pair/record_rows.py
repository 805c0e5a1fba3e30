"""The rows that a batch of transitions writes into PostgreSQL, table by table.

They depend on nothing that is stored there.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from domain.notices.keys import notice_key
from domain.notices.recipients import (
    RecipientSource,
    needs_agreement,
    recipient_sources,
)
from schemas.effects import PairRow, Record, RecordBatch, SessionRow
from schemas.ids import Code, PairRef, PersonId
from schemas.notices import Notice
from schemas.stages import Stage
from schemas.time.clock import Clock


@dataclass(frozen=True, slots=True)
class TransitionRow:
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


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the ledger."""

    revision: int
    position: int
    at: datetime
    what: Code
    reason: Code | None
    session: int | None


@dataclass(frozen=True, slots=True)
class SessionOfRevision:
    """A session as one transition left it."""

    revision: int
    row: SessionRow


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice, before the people who receive it are looked up."""

    revision: int
    key: str
    """Without the person."""
    at: datetime
    mentee: PersonId | None
    """The mentee whom it is about, as far as the batch knows."""
    sources: tuple[RecipientSource, ...]
    due: datetime | None
    """Wall time from which it may be sent; None: at once."""
    needs_agreement: bool
    body: Notice


@dataclass(frozen=True, slots=True)
class RecordRows:
    """The rows of a batch."""

    transitions: tuple[TransitionRow, ...]
    ledger: tuple[LedgerRow, ...]
    sessions: tuple[SessionOfRevision, ...]
    notices: tuple[NoticeRow, ...]


def record_rows(batch: RecordBatch, clock: Clock | None) -> RecordRows:
    """Make the rows of a batch. Without a clock every notice is due at once."""
    return RecordRows(
        transitions=tuple(transition_row(record) for record in batch.records),
        ledger=tuple(row for record in batch.records for row in _ledger(record)),
        sessions=tuple(
            SessionOfRevision(record.revision, session)
            for record in batch.records
            for session in record.sessions
        ),
        notices=tuple(
            notice_row(batch.pair, record, before, notice, clock)
            for before, record in zip(
                (None, *batch.records), batch.records, strict=False
            )
            for notice in record.notices
        ),
    )


def transition_row(record: Record) -> TransitionRow:
    return TransitionRow(
        revision=record.revision,
        at=record.at,
        event=record.event,
        digest=digest(record),
        row=record.row,
        waiting_since=record.at if (record.row.stage is Stage.MATCHING) else None,
        refusal=record.refusal,
    )


def digest(record: Record) -> str:
    """A digest of a record's contents.

    Defaults are left out: a release that adds a field must not change an old digest.
    """
    contents = record.model_dump_json(exclude_defaults=True)
    return "\\x" + sha256(contents.encode()).hexdigest()


def _ledger(record: Record) -> list[LedgerRow]:
    return [
        LedgerRow(
            revision=record.revision,
            position=position,
            at=record.at,
            what=line.what,
            reason=line.reason,
            session=line.session,
        )
        for position, line in enumerate(record.lines, 1)
    ]


def notice_row(
    pair: PairRef,
    record: Record,
    before: Record | None,
    notice: Notice,
    clock: Clock | None,
) -> NoticeRow:
    """`before` is the transition before this one in the same batch."""
    ahead = notice.not_before
    return NoticeRow(
        revision=record.revision,
        key=notice_key(pair.workflow_id, record.revision, notice),
        at=record.at,
        mentee=_mentee_of_notice(record, before),
        sources=recipient_sources(notice.to),
        due=clock.wall(ahead) if clock and ahead else None,
        needs_agreement=needs_agreement(notice.to),
        body=notice,
    )


def _mentee_of_notice(record: Record, before: Record | None) -> PersonId | None:
    """The mentee of the notices; where the two are parted, the one who is gone.

    That one is notified, and named to the other.
    """
    return (
        record.row.mentee
        or record.refusal
        or (before.row.mentee if before is not None else None)
    )
