"""PostgreSQL older than Temporal, as after a backup was restored: what it lost is recorded again."""

from temporalio.testing import ActivityEnvironment

from schemas.records.drift import DriftKind, RepairAction
from schemas.stages import Outcome, Stage
from tests.integration.reconciling.house import House
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import until


class Backup:
    """The rows of one pair as they are now, to be restored later."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._row = ""
        self._revision = 0

    async def take(self) -> None:
        async with database(self._house.url) as found:
            [[self._row, self._revision]] = await found.rows(
                "select to_jsonb(p)::text, revision from pairs p where pair = $1",
                self._house.pair_id,
            )

    async def restore(self) -> None:
        pair = self._house.pair_id
        async with database(self._house.url) as found:
            await found.do("set session_replication_role = replica")  # no triggers
            for table in ("transitions", "ledger"):
                await found.do(
                    f"delete from {table} where pair = $1 and revision > $2",
                    pair,
                    self._revision,
                )
            await found.do("delete from outbox where scope = $1", pair)
            await found.do("delete from pairs where pair = $1", pair)
            await found.do(
                "insert into pairs select * from jsonb_populate_record(null::pairs, $1::jsonb)",
                self._row,
            )


async def repairs(house: House) -> list[tuple[DriftKind, RepairAction | None, bool]]:
    return [
        (drift.kind, drift.repair, drift.open)
        for drift in await house.drift()
        if drift.workflow_id == house.pair_id
    ]


RECORDED_AGAIN = (DriftKind.BEHIND, RepairAction.RECORDED_AGAIN, False)


async def test_what_a_pair_recorded_before_is_recorded_again_before_what_is_new(
    house: House,
) -> None:
    await house.start_pairs()
    backup = Backup(house)
    await backup.take()
    await house.pair.signal("volunteered", {"windows": True, "charter": True})
    await house.revision(2)
    before = await house.ledger()
    await backup.restore()
    assert await house.ledger() != before
    await house.pair.signal("module_completed", {"module": "listening"})
    await house.revision(3)
    ledger = await house.ledger()
    assert ledger[: len(before)] == before and len(ledger) > len(before)

    async def repaired() -> bool:
        return await repairs(house) == [RECORDED_AGAIN]

    await until(repaired)


async def test_pairs_that_record_nothing_more_are_read_when_postgresql_was_set_back(
    house: House,
) -> None:
    await house.start_pairs()
    first = await house.reconcile()
    backup = Backup(house)
    await backup.take()
    await house.pair.signal("volunteered", {"windows": True, "charter": True})
    await house.revision(2)
    before = await house.ledger()
    await backup.restore()
    await house.listed(house.pair_id, "Running")
    look = first.look + 5
    report = await ActivityEnvironment().run(house.reconciling.reconcile, look)
    assert (report.set_back, report.look) == (True, look + 1)
    assert report.found[DriftKind.BEHIND] == 1
    assert await house.ledger() == before
    assert await repairs(house) == [RECORDED_AGAIN]
    again = await ActivityEnvironment().run(house.reconciling.reconcile, report.look)
    assert not again.set_back and DriftKind.BEHIND not in again.found


async def test_a_pair_that_closed_since_the_backup_is_not_started_again(
    house: House,
) -> None:
    await house.start_pairs()
    backup = Backup(house)
    await backup.take()
    await house.pair.cancel()
    await house.listed(house.pair_id, "Completed")
    await backup.restore()
    assert (await house.detail()).stage is Stage.TRAINING
    await house.reconcile()
    detail = await house.detail()
    assert (detail.stage, detail.outcome) == (Stage.CLOSED, Outcome.ENDED_EARLY)
    assert await repairs(house) == [RECORDED_AGAIN]
    assert "restarted" not in await house.ledger()
