"""Moves into the archive that run at once, or are cut off: nothing is lost, and nothing is there twice."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import asyncpg

from activities.persistence.database import DatabaseUnavailable
from schemas.notices import Recipient
from schemas.records.inbox import EventState
from schemas.stages import Outcome, Stage
from tests.integration.persistence.messages.test_inbox import event
from tests.support.world import World, notice, record

LATER = datetime.now(UTC) + timedelta(hours=1)
PAIRS, EVENTS = 60, 200
KEPT = """
select (select count(*) from ledger), (select count(*) from archived_ledger),
       (select count(*) from (select pair, revision, position from archived_ledger
                              union select pair, revision, position from ledger) l),
       (select count(*) from outbox), (select count(*) from archived_notices),
       (select count(*) from events), (select count(*) from archived_events),
       (select count(distinct key) from archived_events), (select count(*) from archived_event_keys)
"""
KILL = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
"""
LINES = 2 * PAIRS
ALL_MOVED = [0, LINES, LINES, 0, PAIRS, 0, EVENTS, EVENTS, EVENTS]


async def closed(world: World) -> None:
    """Pairs that closed, with notices that were sent, and events that were delivered."""
    for seat in range(1, PAIRS + 1):
        first = record(1, what="started", notices=(notice(Recipient.MENTOR),))
        last = record(2, stage=Stage.CLOSED, outcome=Outcome.COMPLETED)
        await world.record(first, last, seat=seat)
    while leased := await world.store.outbox.lease_due("mail", 100, 60):
        await world.store.outbox.mark_sent([row.id for row in leased])
    await world.store.inbox.store([event(str(n)) for n in range(EVENTS)])
    for number in range(EVENTS):
        await world.store.inbox.mark(str(number), EventState.DELIVERED)


async def kept(url: str) -> list[int]:
    connection = await asyncpg.connect(url)
    counts = list(await connection.fetchrow(KEPT))
    await connection.close()
    return counts


async def test_three_archivers_at_once_move_each_row_once(
    world: World, database_url: str
) -> None:
    await closed(world)
    moved = await asyncio.gather(
        *(world.store.archive.move(LATER, at_once=3) for _ in range(3))
    )
    assert sum(each.pairs for each in moved) == PAIRS
    assert sum(each.events for each in moved) == EVENTS
    assert await kept(database_url) == ALL_MOVED


async def test_an_archiver_that_is_cut_off_loses_nothing(
    world: World, database_url: str
) -> None:
    """Its connection ends while it moves, again and again, as when PostgreSQL is killed."""
    await closed(world)
    killer = await asyncpg.connect(database_url)
    for _ in range(3):
        move = asyncio.create_task(world.store.archive.move(LATER, at_once=2))
        while not move.done() and not await killer.fetchval(KILL):
            pass
        with suppress(DatabaseUnavailable):
            await move
    await killer.close()
    await world.store.archive.move(LATER)
    assert await kept(database_url) == ALL_MOVED


async def test_records_of_closed_pairs_go_on_during_moves(
    world: World, database_url: str
) -> None:
    await closed(world)

    async def late(seat: int) -> None:
        row = record(3, stage=Stage.CLOSED, outcome=Outcome.COMPLETED, what="late")
        for _ in range(2):  # the second is a retry
            await world.record(row, seat=seat)

    await asyncio.gather(
        *(late(seat) for seat in range(1, PAIRS + 1)),
        *(world.store.archive.move(LATER, at_once=3) for _ in range(2)),
    )
    busy, archived, different, *_ = await kept(database_url)
    assert busy + archived == different == 3 * PAIRS
    await world.store.archive.move(LATER)
    busy, archived, *_ = await kept(database_url)
    assert (busy, archived) == (0, 3 * PAIRS)
