"""A dump of the whole database, and what can be seen in it of what people answered."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TypeAlias

from tests.support.rehearsal.own_sql import Database
from tests.support.rehearsal.secrets import Scanner

TABLES = """
select format('%I.%I', table_schema, table_name) from information_schema.tables
where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
"""
Features: TypeAlias = dict[str, dict[str, object]]
"""By what is looked at, and by person, what is seen there."""


async def all_rows(dump: Database) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """Every row of every table, its columns as text: `bytea` in hexadecimal digits."""
    for (table,) in await dump.rows(TABLES):
        for row in await dump.rows(f"select t.* from {table} t"):
            yield (
                table,
                {
                    name: value.hex() if isinstance(value, bytes) else str(value)
                    for name, value in row.items()
                },
            )


async def features(dump: Database, people: Sequence[str]) -> Features:
    """What can be seen of each of them: how many rows, and what and how long a column is."""
    seen: dict[str, defaultdict[str, list[object]]] = {}
    async for table, row in all_rows(dump):
        for person in people:
            if any(person in value for value in row.values()):
                for name, value in row.items():
                    for what, saw in (("text", value), ("length", len(value))):
                        by_person = seen.setdefault(
                            f"{table}.{name} {what}", defaultdict(list)
                        )
                        by_person[person].append(saw)
    return {
        what: {person: sorted(map(str, saw)) for person, saw in found.items()}
        for what, found in seen.items()
    }


def telling(seen: Features, people: Sequence[str]) -> list[str]:
    """What is the same for all who gave one score, and another for all who gave the other."""
    found = []
    for what, by_person in seen.items():
        low, high = (
            {str(by_person.get(person)) for person in people[first::2]}
            for first in (0, 1)
        )
        if len(low) == len(high) == 1 and low != high:
            found.append(what)
    return found


async def found_words(dump: Database, words: Iterable[str]) -> list[str]:
    """Plain, escaped, in base64, or as bytes."""
    words = list(words)
    scanner, found = Scanner(words), []
    async for table, row in all_rows(dump):
        text = " ".join(row.values())
        found += [leak.what for leak in scanner.leaks(table, text.encode())]
        found += [word for word in words if word.encode().hex() in text]
    return found
