"""What is archived is still found, still counts once, and goes a month at a time."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from activities.persistence.archive import ArchivedCounts
from activities.persistence.records import DigestMismatch
from activities.persistence.store import Store
from schemas.effects import Record
from schemas.notices import Recipient
from schemas.records.inbox import EventState
from schemas.stages import Outcome, Stage
from tests.integration.persistence.messages.test_inbox import event
from tests.support.world import World, notice, record

LATER = datetime.now(UTC) + timedelta(hours=1)
FAR_FUTURE = date(2200, 1, 1)
FIRST = record(1, what="started", notices=(notice(Recipient.MENTOR),))
LAST = record(2, stage=Stage.CLOSED, outcome=Outcome.COMPLETED, what="closed")


async def closed(world: World, *records: Record) -> str:
    """A pair that lived, closed, and sent its notices."""
    await world.record(*(records or (FIRST, LAST)))
    leased = await world.store.outbox.lease_due("mail", 10, 60)
    await world.store.outbox.mark_sent([row.id for row in leased])
    return world.pair().workflow_id


async def whats(store: Store, pair: str) -> list[str]:
    return [entry.what for entry in await store.pairs.ledger(pair)]


async def busy_rows(url: str) -> int:
    connection = await asyncpg.connect(url)
    count: int = await connection.fetchval(
        "select (select count(*) from ledger) + (select count(*) from transitions)"
        " + (select count(*) from outbox) + (select count(*) from events)"
    )
    await connection.close()
    return count


async def test_a_closed_pair_leaves_the_busy_tables_and_is_still_found(
    world: World, database_url: str
) -> None:
    pair = await closed(world)
    moved = await world.store.archive.move(LATER)
    assert (moved, await busy_rows(database_url)) == (ArchivedCounts(1, 0), 0)
    assert await whats(world.store, pair) == ["started", "closed"]
    assert await world.store.outbox.counts("pilot") == {"sent": 1}


async def test_what_closed_too_late_stays(world: World, database_url: str) -> None:
    await closed(world)
    before = await busy_rows(database_url)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert await world.store.archive.move(yesterday) == ArchivedCounts(0, 0)
    assert await busy_rows(database_url) == before


async def test_a_live_pair_stays(world: World) -> None:
    await closed(world, FIRST)
    assert (await world.store.archive.move(LATER)).pairs == 0


async def test_a_pair_with_a_notice_to_send_waits_for_it(world: World) -> None:
    await world.record(FIRST, LAST)
    assert (await world.store.archive.move(LATER)).pairs == 0


async def test_pages_end_when_everything_is_moved(world: World) -> None:
    for seat in (1, 2):
        await world.record(record(1), LAST, mentor="BRUNO", seat=seat)
    assert (await world.store.archive.move(LATER, at_once=1)).pairs == 2


@pytest.mark.parametrize("dropped", [False, True])
async def test_a_transition_of_an_archived_pair_is_not_recorded_twice(
    world: World, database_url: str, dropped: bool
) -> None:
    await closed(world)
    await world.store.archive.move(LATER)
    if dropped:
        await world.store.archive.drop_months(FAR_FUTURE)
    await world.record(FIRST, LAST)
    assert await busy_rows(database_url) == 0


async def test_a_pair_that_was_not_archived_still_notices_other_contents(
    world: World,
) -> None:
    await closed(world, FIRST)
    await world.store.archive.move(LATER)
    with pytest.raises(DigestMismatch):
        await world.record(record(1, what="other"))


@pytest.mark.parametrize("dropped", [False, True])
async def test_an_archived_event_counts_once_when_it_comes_again(
    store: Store, dropped: bool
) -> None:
    await store.inbox.store([event("a"), event("b")])
    await store.inbox.mark("a", EventState.DELIVERED)
    moved = await store.archive.move(LATER)
    if dropped:
        await store.archive.drop_months(FAR_FUTURE)
    again = await store.inbox.store([event("a"), event("b"), event("c")])
    assert (moved, again) == (ArchivedCounts(0, 1), 1)


async def test_an_archived_event_still_says_what_became_of_it(store: Store) -> None:
    await store.inbox.store([event("a")])
    await store.inbox.mark("a", EventState.DELIVERED)
    before = await store.inbox.find("a")
    await store.archive.move(LATER)
    assert await store.inbox.find("a") == before


async def test_an_event_of_a_live_pair_stays_for_its_restart(world: World) -> None:
    pair = await closed(world, FIRST)
    await world.store.inbox.store([event("a")])
    await world.store.inbox.mark("a", EventState.DELIVERED, reached=[pair])
    assert (await world.store.archive.move(LATER)).events == 0


async def test_a_notice_about_a_pair_that_was_archived_follows_it(
    world: World, database_url: str
) -> None:
    pair = await closed(world)
    await world.store.archive.move(LATER)
    await world.store.outbox.queue_call_notices(pair, "concern")
    leased = await world.store.outbox.lease_due("mail", 10, 60)
    await world.store.outbox.mark_sent([row.id for row in leased])
    await world.store.archive.move(LATER)
    assert (len(leased), await busy_rows(database_url)) == (2, 0)


async def test_what_a_pair_recorded_after_it_was_archived_follows_it(
    world: World, database_url: str
) -> None:
    pair = await closed(world)
    await world.store.archive.move(LATER)
    late = record(3, stage=Stage.CLOSED, outcome=Outcome.COMPLETED, what="late")
    await world.record(late)
    await world.store.archive.move(LATER)
    await world.record(late)  # a retry
    assert await busy_rows(database_url) == 0
    assert await whats(world.store, pair) == ["started", "closed", "late"]


async def test_only_months_that_ended_are_dropped(world: World) -> None:
    pair = await closed(world)
    await world.store.archive.move(LATER)
    today = datetime.now(UTC).date()
    assert await world.store.archive.drop_months(today) == []
    month = today.strftime("%Y_%m")
    dropped = await world.store.archive.drop_months(FAR_FUTURE)
    assert sorted(dropped) == [
        f"archived_events_{month}",
        f"archived_ledger_{month}",
        f"archived_notices_{month}",
    ]
    assert await whats(world.store, pair) == []


async def test_the_ledger_is_append_only_again_after_a_move(
    world: World, database_url: str
) -> None:
    await closed(world, FIRST)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.fetchval("select set_config('binome.archiving', 'on', true)")
        await connection.execute("delete from ledger where false")
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await connection.execute("delete from ledger")
    await connection.close()
