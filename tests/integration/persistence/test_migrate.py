"""Migrations: once, in order, by one at a time; what does not fit is refused with what to do about it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from activities.persistence.migrate import MigrationRefused, migrate, pending, shipped


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.sql").write_text(text)


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "select tablename from pg_tables where schemaname = 'public'"
    )
    await connection.close()
    return {row["tablename"] for row in rows}


async def test_all_that_is_shipped_is_applied_once(empty_database_url: str) -> None:
    versions = [migration.version for migration in shipped()]
    assert await migrate(empty_database_url) == versions
    assert await migrate(empty_database_url) == []


async def test_every_table_says_what_a_row_of_it_is(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    silent = await connection.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p') and not relispartition"
        " and obj_description(oid, 'pg_class') is null"
    )
    await connection.close()
    assert silent == []


async def test_pending_migrations_are_listed_without_being_applied(
    empty_database_url: str,
) -> None:
    assert await pending(empty_database_url) == [
        migration.version for migration in shipped()
    ]
    assert await tables(empty_database_url) == set()


async def test_several_at_the_same_time_apply_each_once(
    empty_database_url: str,
) -> None:
    applied = await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))
    assert sorted(len(versions) for versions in applied) == [0, 0, 0, len(shipped())]


async def test_a_new_file_is_applied_to_an_older_database(
    empty_database_url: str, tmp_path: Path
) -> None:
    write(tmp_path, "0001_a", "create table a (x int)")
    await migrate(empty_database_url, tmp_path)
    write(tmp_path, "0002_b", "create table b (x int); create table c (x int)")
    assert await migrate(empty_database_url, tmp_path) == ["0002_b"]
    assert await tables(empty_database_url) == {"migrations", "a", "b", "c"}


async def test_a_file_that_fails_leaves_nothing_of_itself(
    empty_database_url: str, tmp_path: Path
) -> None:
    write(tmp_path, "0001_a", "create table a (x int)")
    write(tmp_path, "0002_b", "create table b (x int); select no_such_thing()")
    with pytest.raises(asyncpg.UndefinedFunctionError):
        await migrate(empty_database_url, tmp_path)
    assert await tables(empty_database_url) == {"migrations", "a"}


async def test_a_file_that_was_changed_is_refused(
    empty_database_url: str, tmp_path: Path
) -> None:
    write(tmp_path, "0001_a", "create table a (x int)")
    await migrate(empty_database_url, tmp_path)
    write(tmp_path, "0001_a", "create table a (y int)")
    with pytest.raises(
        MigrationRefused,
        match=r"0001_a.sql was changed after it was applied; restore that file",
    ):
        await migrate(empty_database_url, tmp_path)


@pytest.mark.parametrize("command", [migrate, pending])
async def test_a_database_of_a_newer_release_is_refused(
    empty_database_url: str,
    tmp_path: Path,
    command: Callable[[str, Path], Awaitable[object]],
) -> None:
    write(tmp_path, "0001_a", "create table a (x int)")
    write(tmp_path, "0002_b", "create table b (x int)")
    await migrate(empty_database_url, tmp_path)
    (tmp_path / "0002_b.sql").unlink()
    with pytest.raises(
        MigrationRefused, match=r"newer release \(it has 0002_b\); install that release"
    ):
        await command(empty_database_url, tmp_path)
