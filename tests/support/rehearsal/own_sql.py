"""What PostgreSQL holds, read by statements of the tests' own: the Store is what they check."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a question meets while PostgreSQL is being killed and started again."""


class Database:
    """One connection; `rows` of any statement."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        return list(await self._connection.fetch(statement, *values))

    async def value(self, statement: str, *values: Any) -> Any:
        return await self._connection.fetchval(statement, *values)

    async def do(self, statement: str, *values: Any) -> None:
        await self._connection.execute(statement, *values)


@asynccontextmanager
async def database(url: str) -> AsyncIterator[Database]:
    connection = await asyncpg.connect(url)
    try:
        yield Database(connection)
    finally:
        await connection.close()


async def region_numbers(found: Database, programme: str) -> dict[str, dict[str, Any]]:
    """By region what a status tells of it, counted from the rows themselves."""
    numbers: dict[str, dict[str, Any]] = {}
    pairs = await found.rows(
        "select pair, region, stage, outcome from pairs where programme = $1", programme
    )
    held = await found.rows(
        "select pair from sessions where programme = $1 and status = 'held'", programme
    )
    released = await found.rows(
        "select region, count(distinct person) as people from pulses "
        "where programme = $1 and release is not null group by 1",
        programme,
    )
    answers = {row["region"]: row["people"] for row in released}
    for region in {row["region"] for row in pairs}:
        own = [row for row in pairs if row["region"] == region]
        of_region = {row["pair"] for row in own}
        numbers[region] = {
            "pairs": len(own),
            "stages": counted(row["stage"] for row in own),
            "outcomes": counted(row["outcome"] for row in own if row["outcome"]),
            "sessions_held": sum(1 for row in held if row["pair"] in of_region),
            "answers": answers.get(region, 0),
        }
    return numbers


def counted(values: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found
