"""Data keys: made once, wrapped again by another secret while answers arrive, destroyed for good."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import pytest

from activities.persistence.queries import queries
from activities.persistence.sealing import data_keys
from activities.persistence.sealing.data_keys import KeysDestroyed, SecretMissing
from activities.persistence.sealing.sealed_tables import PULSES
from activities.persistence.store import Store
from schemas.events import Side
from schemas.records.sealing import Rewrapping, Unopened
from schemas.stages import Outcome, Stage
from tests.support.databases import WRAPPING_KEY as OLD
from tests.support.waiting import until
from tests.support.world import AT, COMEX, World, record

NEW = b"n" * 32
ROW = {"pair": "p", "session": 1, "side": "mentor", "person": "P"}
WAITING = "select exists (select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database())"


class Stores:
    """Stores of one database, for processes that know these secrets, the newest first."""

    def __init__(self, url: str, stack: AsyncExitStack) -> None:
        self._url, self._stack = url, stack

    async def knowing(self, *keys: bytes) -> Store:
        store = await Store.open(self._url, wrapping_keys=keys)
        return await self._stack.enter_async_context(store)


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    async with AsyncExitStack() as stack:
        yield Stores(database_url, stack)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    found = await asyncpg.connect(database_url)
    yield found
    await found.close()


async def sealed(store: Store, owner: str = "P") -> bytes:
    key = await store.data_keys.for_sealing(owner)
    value = key.seal(PULSES, ROW, "score", 4)
    assert value is not None
    return value


async def opened(store: Store, value: bytes) -> object:
    keys = await store.data_keys.opened(["P"])
    return keys.open(PULSES, {**ROW, "score": value}, "score")


async def test_many_answers_in_one_moment_make_one_key(store: Store) -> None:
    keys = await asyncio.gather(*(store.data_keys.for_sealing("P") for _ in range(8)))
    assert {key.number for key in keys} == {1}
    values = [key.seal(PULSES, ROW, "score", 4) for key in keys]
    assert [await opened(store, value) for value in values if value] == [4] * 8


async def test_without_a_secret_nothing_is_sealed_and_nothing_opened(
    stores: Stores,
) -> None:
    none = await stores.knowing()
    with pytest.raises(SecretMissing, match="BINOME_SECRET"):
        await none.data_keys.for_sealing("P")
    value = await sealed(await stores.knowing(OLD))
    assert await opened(none, value) is Unopened.WRAPPING_UNKNOWN
    assert await none.data_keys.rewrap() == Rewrapping()


async def test_an_older_secret_goes_on_opening(stores: Stores) -> None:
    value = await sealed(await stores.knowing(OLD))
    both = await stores.knowing(NEW, OLD)
    assert await opened(both, value) == 4
    assert await opened(both, await sealed(both)) == 4


async def test_a_process_without_the_secret_of_a_key_makes_another_and_loses_none(
    stores: Stores,
) -> None:
    before, after = await stores.knowing(OLD), await stores.knowing(NEW)
    old, new = await sealed(before), await sealed(after)
    assert await opened(after, old) is Unopened.WRAPPING_UNKNOWN
    both = await stores.knowing(NEW, OLD)
    assert [await opened(both, value) for value in (old, new)] == [4, 4]


async def test_after_a_rewrapping_the_older_secret_is_needed_no_more(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_keys, "KEYS_PER_BATCH", 2)
    before, both = await stores.knowing(OLD), await stores.knowing(NEW, OLD)
    value = await sealed(before)
    for number in range(4):
        await before.data_keys.for_sealing(f"Q{number}")
    assert await both.data_keys.rewrap() == Rewrapping(rewrapped=5)
    assert await both.data_keys.rewrap() == Rewrapping()
    assert await opened(await stores.knowing(NEW), value) == 4
    assert len(await both.data_keys.counts()) == 1


async def test_keys_of_a_lost_secret_are_counted_and_hold_nothing_up(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_keys, "KEYS_PER_BATCH", 1)
    lost, old = await stores.knowing(b"l" * 32), await stores.knowing(OLD)
    await lost.data_keys.for_sealing("A")
    await old.data_keys.for_sealing("B")
    both = await stores.knowing(NEW, OLD)
    assert await both.data_keys.rewrap() == Rewrapping(rewrapped=1, unopened=1)


async def test_answers_that_arrive_while_the_secret_changes_are_all_readable_afterwards(
    world: World, stores: Stores
) -> None:
    """Processes are restarted one after the other, so some know one secret, some two."""
    knowing = [await stores.knowing(*keys) for keys in ((OLD,), (NEW, OLD), (NEW,))]
    people = list(world.ids.values())
    pairs = [await world.held(person, 1) for person in people]

    async def answers(store: Store, session: int) -> None:
        for pair, person in zip(pairs, people, strict=True):
            assert await store.answers.save_pulse(
                pair, session, Side.MENTOR, person, 4, "idea", "", False
            )

    both, after = knowing[1:]
    await asyncio.gather(
        *(answers(store, session) for session, store in enumerate(knowing, start=1)),
        *(both.data_keys.rewrap() for _ in range(3)),
    )
    await both.data_keys.rewrap()
    for person in people:
        held = (await after.erasures.held_about(person))["pulses"]
        assert [pulse["score"] for pulse in held] == [4, 4, 4]


async def test_destroying_a_key_is_not_undone_by_a_rewrapping(
    stores: Stores, connection: asyncpg.Connection
) -> None:
    await sealed(await stores.knowing(OLD))
    both = await stores.knowing(NEW, OLD)
    async with connection.transaction():
        await queries().destroy_data_keys(connection, person="P")
        rewrapping = asyncio.create_task(both.data_keys.rewrap())
        await until(lambda: waits(connection))
    assert await rewrapping == Rewrapping()
    with pytest.raises(KeysDestroyed):
        await both.data_keys.for_sealing("P")


async def waits(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval(WAITING))


@pytest.mark.parametrize("known", [False, True])
async def test_an_answer_in_the_moment_of_an_erasure_leaves_no_key_and_no_row(
    world: World, connection: asyncpg.Connection, known: bool
) -> None:
    anna, keys = world.ids["ANNA"], world.store.data_keys
    if known:
        await keys.for_sealing(anna)
    async with connection.transaction():
        await queries().refuse_data_keys(connection, person=anna)
        answering = asyncio.create_task(
            world.store.answers.save_pulse(
                world.pair(), 1, Side.MENTOR, anna, 4, "late", "", False
            )
        )
        await until(lambda: waits(connection))
    assert not await answering
    assert await connection.fetchval("select count(*) from pulses") == 0
    assert await connection.fetchval("select count(wrapped) from data_keys") == 0


async def test_without_the_secret_an_export_says_so_and_an_erasure_goes_on(
    world: World, stores: Stores
) -> None:
    anna, lost = world.ids["ANNA"], await stores.knowing(NEW)
    answer = (world.pair(), 1, Side.MENTOR, anna, 4, "idea", "", False)
    assert await world.store.answers.save_pulse(*answer)
    held = (await lost.erasures.held_about(anna))["pulses"][0]
    assert (held["score"], held["comment"]) == (Unopened.WRAPPING_UNKNOWN.words, None)
    await world.record(record(1, stage=Stage.CLOSED, outcome=Outcome.LEFT))
    await lost.erasures.begin(anna, "digest", "dpo")
    person = await lost.people.find(anna)
    assert person is not None
    assert (await lost.erasures.carry_out(person)).finished_at
    assert not await world.store.answers.save_pulse(*answer)


async def test_a_mean_goes_on_without_marks_that_cannot_be_opened(
    store: Store, stores: Stores
) -> None:
    world = await World.make(store, feedback={"low_score": 0})
    lost = await stores.knowing(b"l" * 32)
    for number, person in enumerate(world.ids.values()):
        store = lost if number < 2 else world.store
        await store.answers.save_pulse(
            await world.held(person, 1), 1, Side.MENTOR, person, 4, "idea", "", False
        )
    await world.store.releases.publish_due(COMEX, AT)
    newest = (await world.store.status.find("pilot")).regions[0].release  # type: ignore[union-attr]
    assert newest is not None and newest.people == len(world.ids) - 2
    assert len(await world.store.releases.ideas(COMEX)) == len(world.ids) - 2


async def test_a_cohort_whose_sum_cannot_be_opened_keeps_its_mean(
    store: Store, connection: asyncpg.Connection
) -> None:
    world = await World.make(store, feedback={"low_score": 0})

    async def everybody_answers(session: int) -> None:
        for person in world.ids.values():
            pair = await world.held(person, 1, 2)
            await world.store.answers.save_pulse(
                pair, session, Side.MENTOR, person, 4, "", "", False
            )
        await world.store.releases.publish_due(COMEX, AT)

    await everybody_answers(1)
    tampered = await connection.execute("update releases set total = 'tampered'")
    assert tampered == "UPDATE 1"
    await everybody_answers(2)
    assert await connection.fetchval("select count(*) from releases") == 1
