"""Workers and gateways show that they go on, and find out when they may not write, and why."""

import asyncio
from contextlib import suppress

import asyncpg
import pytest

from activities.persistence.installation import Presence
from activities.persistence.store import Store
from schemas.notices import Notice, Recipient, Template
from schemas.records.inbox import NewEvent
from schemas.records.processes import Part, WriteFault
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import until
from tests.support.world import World


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


LEFT = {
    "type": "binome.person_left.v1",
    "kind": "person_left",
    "person": "p" + "x" * 13,
    "payload": {},
}
RAISED_BY_POSTGRESQL = [
    ("53100", WriteFault.DISK_FULL),
    ("42501", WriteFault.NOT_ALLOWED),
    ("25006", WriteFault.READ_ONLY),
    ("57P01", WriteFault.NO_ANSWER),
    ("22012", WriteFault.OTHER),
]

REFUSE_WRITES = """
create function refuse() returns trigger language plpgsql as
    $$ begin raise exception using errcode = '{}'; end $$;
create trigger refused before insert on processes execute function refuse()
"""


@pytest.mark.parametrize(("code", "fault"), RAISED_BY_POSTGRESQL)
async def test_a_refused_write_is_known_by_the_code_that_postgresql_sends(
    store: Store, database_url: str, code: str, fault: WriteFault
) -> None:
    async with database(database_url) as found:
        await found.do(REFUSE_WRITES.format(code))
    assert await store.installation.write_fault() is fault


async def test_a_write_that_is_tried_leaves_nothing_behind(store: Store) -> None:
    assert await store.installation.write_fault() is None
    assert await store.installation.processes() == []


async def test_mails_and_events_that_nobody_has_in_hand_are_overdue(
    store: Store, database_url: str
) -> None:
    world = await World.make(store)
    notice = Notice(template=Template.CALL_MENTOR, to=Recipient.SUPERVISOR)
    pair, person = world.pair().workflow_id, world.ids["COACH"]
    await store.outbox.queue_for_person(pair, person, "k", [notice])
    await store.inbox.store([NewEvent(key="e", source="hr", event_id="1", **LEFT)])
    async with database(database_url) as found:
        await found.do("update outbox set due = due - interval '2 hours'")
        await found.do("update events set received_at = now() - interval '2 hours'")
    overdue = await store.installation.overdue()
    assert 7_000 < overdue.mails < 7_400 and 7_000 < overdue.events < 7_400
    await store.outbox.lease_due("mail", 10, 60)
    assert (await store.installation.overdue()).mails == 0
