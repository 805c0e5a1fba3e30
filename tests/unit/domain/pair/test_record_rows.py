"""What a batch of transitions writes, table by table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.pair.record_rows import RecordRows, record_rows
from schemas.effects import LedgerLine, PairRow, Record, RecordBatch
from schemas.ids import PairRef
from schemas.notices import Notice, Recipient, Template
from schemas.stages import Stage
from schemas.time.clock import Clock

AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
PAIR = PairRef(programme="pilot", region="idf", mentor="p" + "a" * 13)
BOSS, CFO = "p" + "b" * 13, "p" + "c" * 13
READY = Notice(template=Template.READY, to=Recipient.MENTOR)


def record(
    revision: int,
    stage: Stage = Stage.SESSIONS,
    mentee: str | None = None,
    **fields: Any,
) -> Record:
    row = PairRow(stage=stage, mentee=mentee)
    at = AT + timedelta(hours=revision)
    return Record(revision=revision, at=at, event="event", row=row, **fields)


def rows(*records: Record, clock: Clock | None = None) -> RecordRows:
    return record_rows(RecordBatch(pair=PAIR, records=records), clock)


def test_a_batch_without_transitions_has_no_rows() -> None:
    assert rows() == RecordRows((), (), (), ())


@pytest.mark.parametrize("stage", Stage)
def test_a_mentor_waits_from_the_transition_that_matches(stage: Stage) -> None:
    (row,) = rows(record(1, stage)).transitions
    assert row["waiting_since"] == (row["at"] if stage is Stage.MATCHING else None)


@pytest.mark.parametrize(
    ("records", "mentee"),
    [
        ([record(1, notices=(READY,))], None),
        ([record(1, mentee=BOSS, notices=(READY,))], BOSS),
        # One of the two parted: the notice is about the one who is gone.
        ([record(1, refusal=BOSS, notices=(READY,))], BOSS),
        ([record(1, mentee=BOSS), record(2, notices=(READY,))], BOSS),
        ([record(1, mentee=BOSS), record(2, mentee=CFO, notices=(READY,))], CFO),
        ([record(1, mentee=BOSS), record(2), record(3, notices=(READY,))], None),
    ],
)
def test_a_notice_is_about_the_mentee_of_its_transition_or_the_one_before(
    records: list[Record], mentee: str | None
) -> None:
    (row,) = rows(*records).notices
    assert row["mentee"] == mentee


def test_ledger_lines_are_numbered_within_their_transition() -> None:
    lines = (LedgerLine(what="a"), LedgerLine(what="b"))
    written = rows(record(1, lines=lines), record(2, lines=lines)).ledger
    numbers = [(row["revision"], row["position"], row["what"]) for row in written]
    assert numbers == [(1, 1, "a"), (1, 2, "b"), (2, 1, "a"), (2, 2, "b")]


@pytest.mark.parametrize(
    ("clock", "not_before", "due"),
    [
        (None, AT, None),
        (Clock(programme_epoch=AT, wall_epoch=AT), None, None),
        (Clock(programme_epoch=AT, wall_epoch=AT), AT, AT),
        (
            Clock(programme_epoch=AT, wall_epoch=AT, pace=24.0),
            AT + timedelta(days=2),
            AT + timedelta(hours=2),
        ),
    ],
)
def test_a_notice_queued_ahead_is_due_on_the_wall_clock(
    clock: Clock | None, not_before: datetime | None, due: datetime | None
) -> None:
    ahead = READY.model_copy(update={"not_before": not_before})
    (row,) = rows(record(1, notices=(ahead,)), clock=clock).notices
    assert row["due"] == due


def test_a_field_with_its_default_does_not_change_a_digest() -> None:
    plain, same = record(1), record(1, lines=(), refusal=None)
    (first,), (second,) = rows(plain).transitions, rows(same).transitions
    assert (
        first["digest"] == second["digest"] != rows(record(2)).transitions[0]["digest"]
    )
