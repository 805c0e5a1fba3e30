"""Uploaded people files in PostgreSQL: kept whole, imported once, and gone afterwards."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from activities.persistence.store import Store
from domain.people.uploaded_files import (
    LARGEST_QUEUE,
    FileNotUnderWay,
    TooManyImports,
    confirmed,
    stopped,
)
from schemas.people import ImportOptions, ImportStep
from schemas.records.people_files import ImportStage, PeopleFile
from tests.support.world import ORGANISATION, file, line, one_part

PLAIN = ImportOptions()


def unheard(*_: Any) -> None: ...


async def taken(store: Store, data: bytes = ORGANISATION) -> str:
    return (await store.people_files.take(one_part(data), PLAIN)).name


async def found(store: Store, name: str) -> PeopleFile:
    file = await store.people_files.find(name)
    assert file is not None
    return file


async def being_imported(store: Store) -> str:
    """A file that somebody confirmed."""
    name = await taken(store)
    await store.people_files.work_on(name, unheard)
    await store.people_files.change(name, lambda file: confirmed(file, None))
    return name


async def rows(url: str, table: str) -> int:
    connection = await asyncpg.connect(url)
    count: int = await connection.fetchval(f"select count(*) from {table}")
    await connection.close()
    return count


async def test_a_file_in_many_parts_is_read_as_one(store: Store) -> None:
    async def parts() -> Any:
        for start in range(0, len(ORGANISATION), 7):
            yield ORGANISATION[start : start + 7]

    columns = ImportOptions(columns=b"", leavers="few")
    name = (await store.people_files.take(parts(), columns)).name
    await store.people_files.work_on(name, unheard)
    shown = await found(store, name)
    assert shown.found is not None
    assert (shown.stage, shown.found.added) == (ImportStage.PREVIEWED, 9)


async def test_an_import_is_marked_in_its_own_transaction_and_done_once(
    store: Store, database_url: str
) -> None:
    name = await being_imported(store)
    await store.people_files.work_on(name, unheard)
    assert (await found(store, name)).stage is ImportStage.IMPORTED
    with pytest.raises(FileNotUnderWay):
        await store.people_files.work_on(name, unheard)
    assert await rows(database_url, "people") == 9


async def test_nothing_personal_is_left_of_a_file_that_was_imported(
    store: Store, database_url: str
) -> None:
    name = await being_imported(store)
    assert await rows(database_url, "people_file_parts") == 1
    await store.people_files.work_on(name, unheard)
    assert await rows(database_url, "people_file_parts") == 0
    assert (await found(store, name)).found is None


async def test_a_file_with_mistakes_keeps_what_is_wrong_and_no_bytes(
    store: Store, database_url: str
) -> None:
    name = await taken(store, file(line("A", email="nobody")))
    await store.people_files.work_on(name, unheard)
    shown = (await found(store, name)).found
    assert shown is not None and shown.problems
    assert await rows(database_url, "people_file_parts") == 0


async def stop_elsewhere(url: str, name: str) -> None:
    """As another gateway does, over a connection of its own."""
    async with await Store.open(url, size=1) as other:
        assert await other.people_files.change(name, stopped)


async def test_whoever_stops_it_before_it_is_kept_stops_it(
    store: Store, database_url: str
) -> None:
    name = await being_imported(store)

    def at(step: ImportStep, *_: int) -> None:
        if step is ImportStep.COMPARED:
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, stop_elsewhere(database_url, name)).result()

    with pytest.raises(FileNotUnderWay):
        await store.people_files.work_on(name, at)
    assert await store.people.in_region() == []


async def test_whoever_stops_it_while_it_is_kept_is_too_late(store: Store) -> None:
    name = await being_imported(store)
    await store.people_files.work_on(name, unheard)
    assert await store.people_files.change(name, stopped) is None
    assert (await found(store, name)).past_stopping


async def test_the_same_file_at_once_is_one(store: Store) -> None:
    names = await asyncio.gather(*(taken(store) for _ in range(3)))
    assert len({*names}) == 1
    assert [file.name for file in await store.people_files.all()] == [names[0]]


async def test_no_more_files_are_kept_than_may_be(store: Store) -> None:
    files = (file(line(str(number))) for number in range(LARGEST_QUEUE + 1))
    results = await asyncio.gather(
        *(taken(store, data) for data in files), return_exceptions=True
    )
    refused = [each for each in results if isinstance(each, BaseException)]
    assert [type(error) for error in refused] == [TooManyImports]
    assert len(await store.people_files.all()) == LARGEST_QUEUE


async def test_nobody_sees_a_file_an_hour_after_its_last_change(
    store: Store, database_url: str
) -> None:
    name = await taken(store)
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "update people_files set changed_at = now() - $1::interval",
        timedelta(hours=1),
    )
    await connection.close()
    assert await store.people_files.find(name) is None
    assert await store.people_files.forget_old() == 1
    assert await rows(database_url, "people_file_parts") == 0


async def test_a_file_under_way_is_not_forgotten(store: Store) -> None:
    name = await taken(store)
    assert not await store.people_files.forget(name)
    await store.people_files.work_on(name, unheard)
    assert await store.people_files.forget(name)
    assert await store.people_files.find(name) is None
