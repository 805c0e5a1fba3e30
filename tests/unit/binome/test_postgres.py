from pathlib import Path

import asyncpg

from binome.ports import free_port
from binome.postgres import Cluster, serving


async def _number(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_the_server_answers(postgres: Cluster) -> None:
    assert await _number(postgres.url("postgres"), "select 1") == 1


async def test_two_tests_never_share_a_database(empty_database_url: str) -> None:
    assert await _number(empty_database_url, "select count(*) from pg_tables where schemaname = 'public'") == 0


async def test_a_server_started_again_has_its_data(open_folder: Path) -> None:
    cluster = Cluster(open_folder / "again", free_port(), durable=False)
    with serving(cluster, open_folder / "again.log"):
        cluster.create_database("kept")
    with serving(cluster, open_folder / "again.log"):
        assert await _number(cluster.url("kept"), "select 1") == 1


async def test_a_database_that_exists_is_left_alone(postgres: Cluster) -> None:
    postgres.create_database("twice")
    postgres.create_database("twice")
    assert await _number(postgres.url("twice"), "select 1") == 1
