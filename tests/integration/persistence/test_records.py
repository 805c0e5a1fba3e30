"""Transitions on record: once, whole, and answered with what is in force."""

import asyncio

import asyncpg
import pytest

from activities.persistence.lost_records import LostRecords
from activities.persistence.records import DigestMismatch, RevisionGap
from schemas.effects import QueueNotices, RecordBatch, RefusedMessage
from schemas.notices import Recipient, Template
from schemas.records.drift import DriftKind, RepairAction
from schemas.stages import Outcome, Stage
from tests.support.world import AT, World, notice, record


async def test_a_batch_shows_in_the_listing(world: World) -> None:
    await world.record(
        record(1), record(2, stage=Stage.MATCHING, next_step="search_due")
    )
    listed = {
        row.pair: row for row in await world.store.pairs.in_cohort(world.pair().cohort)
    }
    assert (listed[world.pair()].stage, listed[world.pair()].next_step) == (
        Stage.MATCHING,
        "search_due",
    )


async def test_the_ledger_has_every_line_in_order(world: World) -> None:
    await world.record(record(1, what="started"), record(2, what="volunteered"))
    entries = await world.store.pairs.ledger(world.pair().workflow_id)
    assert [(entry.revision, entry.what) for entry in entries] == [
        (1, "started"),
        (2, "volunteered"),
    ]


async def test_a_retry_changes_nothing(world: World) -> None:
    records = record(1, notices=(notice(Recipient.MENTOR),)), record(2)
    await world.record(*records)
    await world.record(*records)
    assert len(await world.store.pairs.ledger(world.pair().workflow_id)) == 2
    assert await world.store.outbox.counts() == {"queued": 1}


async def test_a_batch_that_overlaps_an_earlier_one_adds_the_rest(world: World) -> None:
    await world.record(record(1))
    await world.record(record(1), record(2))
    assert [
        e.revision for e in await world.store.pairs.ledger(world.pair().workflow_id)
    ] == [
        1,
        2,
    ]


async def test_other_contents_under_a_known_revision_are_refused_whole(
    world: World,
) -> None:
    await world.record(record(1))
    with pytest.raises(DigestMismatch):
        await world.record(record(1, what="other"), record(2))
    assert [
        e.revision for e in await world.store.pairs.ledger(world.pair().workflow_id)
    ] == [1]


async def test_the_same_batch_at_the_same_time_is_written_once(world: World) -> None:
    batch = record(1, notices=(notice(Recipient.MENTOR),)), record(2)
    await asyncio.gather(*(world.record(*batch) for _ in range(8)))
    assert len(await world.store.pairs.ledger(world.pair().workflow_id)) == 2
    assert await world.store.outbox.counts() == {"queued": 1}


async def test_different_batches_at_the_same_time_leave_one_winner(
    world: World,
) -> None:
    batches = (world.record(record(1, what=f"variant-{n}")) for n in range(8))
    outcomes = await asyncio.gather(*batches, return_exceptions=True)
    assert sum(isinstance(outcome, DigestMismatch) for outcome in outcomes) == 7


async def test_an_older_revision_does_not_overwrite_the_listing(world: World) -> None:
    older = record(1, stage=Stage.TRAINING)
    await world.record(older, record(2, stage=Stage.MATCHING))
    await world.record(older)
    detail = await world.store.pairs.find(world.pair().workflow_id)
    assert detail is not None
    assert detail.stage is Stage.MATCHING


async def test_the_state_comes_back_with_what_its_cohort_knows(world: World) -> None:
    await world.record(record(1))
    detail = await world.store.pairs.find(world.pair().workflow_id)
    assert detail is not None
    assert detail.state is not None
    assert detail.state.policy.training.modules == ("listening",)


async def test_a_message_that_could_not_be_read_is_kept_once(world: World) -> None:
    refused = (
        RefusedMessage(
            at=AT, name="modul_done", reason="unknown; did you mean module_completed?"
        ),
    )
    for _ in range(2):
        await world.store.records.record(
            RecordBatch(pair=world.pair(), records=(), refused=refused)
        )
    assert [kept.name for kept in await world.store.refused_messages.listing()] == [
        "modul_done"
    ]
    assert await world.store.refused_messages.count() == 1


@pytest.mark.parametrize(
    "statement",
    ["update ledger set what = 'x'", "delete from ledger", "truncate ledger"],
)
async def test_the_ledger_is_append_only(
    world: World, database_url: str, statement: str
) -> None:
    await world.record(record(1))
    connection = await asyncpg.connect(database_url)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await connection.execute(statement)
    await connection.close()


async def test_a_closed_pair_remembers_whom_it_was_with(world: World) -> None:
    await world.matched()
    await world.record(
        record(
            2, stage=Stage.CLOSED, outcome=Outcome.COMPLETED, mentee=world.ids["BOSS"]
        )
    )
    detail = await world.store.pairs.find(world.pair().workflow_id)
    assert detail is not None
    assert detail.mentee_name == "Name of BOSS"


async def test_notices_of_a_cohort_are_queued_once(world: World) -> None:
    notices = QueueNotices(
        scope="cohort:pilot:comex:1", revision=1, at=AT, programme="pilot", region="comex",
        notices=(notice(Recipient.OPS, Template.MATCHES_TO_REVIEW),),
    )  # fmt: skip
    assert [
        await world.store.records.queue(notices),
        await world.store.records.queue(notices),
    ] == [
        1,
        0,
    ]


async def test_two_regions_that_are_proposed_at_once_get_a_notice_each(
    world: World,
) -> None:
    queued = [
        await world.store.records.queue(
            QueueNotices(
                scope="programme:pilot", revision=3, at=AT, programme="pilot", region=region,
                notices=(notice(Recipient.SPONSOR, Template.EXTENSION_PROPOSED),),
            )
        )
        for region in ("idf", "ouest", "idf")
    ]  # fmt: skip
    assert queued == [1, 1, 0]


async def test_a_batch_after_a_gap_is_refused_and_nothing_of_it_is_written(
    world: World,
) -> None:
    await world.record(record(1))
    with pytest.raises(RevisionGap) as refused:
        await world.record(record(4, what="other"), record(5))
    assert refused.value.stored == 1
    assert [
        line.what for line in await world.store.pairs.ledger(world.pair().workflow_id)
    ] == ["changed"]


class DeletedHistories:
    """Temporal has deleted everything."""

    async def recorded_after(
        self, workflow_id: str, run_id: str, revision: int
    ) -> list[RecordBatch]:
        return []


async def test_what_nobody_has_any_more_is_left_out_and_noted(world: World) -> None:
    await world.record(record(1))
    store = world.store
    lost = LostRecords(store.records, store.drift, DeletedHistories())
    batch = RecordBatch(pair=world.pair(), records=(record(4),), state={"now": str(AT)})
    await lost.record_after_gap(batch, "some-run", 1)
    assert [
        line.revision
        for line in await world.store.pairs.ledger(world.pair().workflow_id)
    ] == [1, 4]
    [drift] = await store.drift.listing()
    assert (drift.kind, drift.repair, drift.open) == (
        DriftKind.BEHIND,
        RepairAction.LOST,
        False,
    )
