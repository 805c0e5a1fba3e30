"""Workers and gateways show that they go on, and find out when they may not write."""

import asyncio
from contextlib import suppress

import asyncpg

from activities.persistence.installation import Presence
from activities.persistence.store import Store
from schemas.records.processes import Part
from tests.support.waiting import until


async def test_a_process_is_seen_while_it_goes_on_and_not_after_its_end(
    store: Store,
) -> None:
    presence = Presence(store.installation, Part.WORKER, "r7", every_seconds=0.01)
    task = asyncio.create_task(presence.run())

    async def seen() -> bool:
        return bool(await store.installation.processes())

    await until(seen)
    [found] = await store.installation.processes()
    assert (found.part, found.release, found.goes_on) == (Part.WORKER, "r7", True)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert not await seen()


async def test_a_refused_write_is_noticed_and_the_next_one_counts_again(
    store: Store, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("alter table processes rename to elsewhere")
    presence = Presence(store.installation, Part.GATEWAY, every_seconds=0.01)
    presence._written_at -= 3_600  # as if it had begun an hour ago
    task = asyncio.create_task(presence.run())
    await asyncio.sleep(0)
    assert not presence.writes
    await connection.execute("alter table elsewhere rename to processes")
    await connection.close()

    async def writes() -> bool:
        return presence.writes

    await until(writes)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
