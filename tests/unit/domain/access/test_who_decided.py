"""Who decided stands on each line of the ledger that the decision led to, and on no other."""

import pytest

from domain.pair.record_rows import record_rows
from schemas.effects import Record, RecordBatch
from schemas.events import Volunteered
from schemas.pair_updates import EndPair, PairUpdate, PausePair, WaiveGateItem
from tests.support.lives import Life, a_pair

OLGA = "a" + "o" * 13


def records(life: Life) -> tuple[Record, ...]:
    return tuple(each for each in life.state.outbox if isinstance(each, Record))


@pytest.mark.parametrize(
    "update",
    [
        PausePair(by=OLGA),
        EndPair(reason="reorganised", by=OLGA),
        WaiveGateItem(item="charter", reason="asked", by=OLGA),
    ],
)
def test_a_decision_bears_who_took_it(update: PairUpdate) -> None:
    life = Life(a_pair()).on(Volunteered(), update)
    before, after = records(life)[0], records(life)[-1]
    assert {line.by for line in before.lines} == {None}
    assert {line.by for line in after.lines} == {OLGA}


def test_a_decision_in_the_temporal_web_ui_bears_nobody() -> None:
    life = Life(a_pair()).on(PausePair())
    assert {line.by for line in records(life)[-1].lines} == {None}


def test_it_is_recorded_with_the_line() -> None:
    life = Life(a_pair()).on(PausePair(by=OLGA))
    batch = RecordBatch(pair=life.state.pair, records=records(life), state={})
    rows = record_rows(batch, None).ledger
    assert rows[-1]["decided_by"] == OLGA
