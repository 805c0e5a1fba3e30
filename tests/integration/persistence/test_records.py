"""Transitions on record."""

from datetime import UTC, datetime

from activities.persistence.store import Store
from schemas.effects import PairRow, Record, RecordBatch
from schemas.ids import PairRef
from schemas.stages import Stage

AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
PAIR = PairRef(programme="demo", region="comex", mentor="paaaaaaaaaaaaa")


async def test_a_batch_is_recorded(store: Store) -> None:
    record = Record(revision=1, at=AT, event="started", row=PairRow(stage=Stage.TRAINING))
    directives = await store.record(RecordBatch(pair=PAIR, records=(record,), state={"revision": 1}))
    assert not directives.paused
