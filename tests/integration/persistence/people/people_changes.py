"""What the table `people_changes` holds, which checks of reporting lines count on."""

import asyncpg


async def people_changes(url: str) -> list[tuple[str, set[str]]]:
    """Who changed, and in which columns, in the order in which it took effect."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "select person, fields from people_changes order by id"
    )
    await connection.close()
    return [(row["person"], set(row["fields"])) for row in rows]
