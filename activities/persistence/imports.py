"""Importing a people file: all of it or nothing."""

import asyncio
from typing import Any

from pydantic_core import to_json

from activities.persistence.database import Database
from activities.persistence.people_file import read_people
from schemas.ids import new_person_id
from schemas.people import ImportPreview, PersonRow

_PLAIN = ("external_id", "name", "email", "region", "function", "site", "locale", "zone", "seats")
_SETS = ("roles", "languages", "offers", "wants")
_REFERENCES = ("manager", "supervisor", "delegate")
_COLUMNS = ("person", *_PLAIN, *_SETS, "windows", "dotted_managers", *_REFERENCES)


class Imports(Database):
    """People files."""

    async def preview_people(self, data: bytes) -> ImportPreview:
        """What an import would change, or everything that is wrong with the file; writes nothing."""
        return await self._import(data, write=False)

    async def import_people(self, data: bytes) -> ImportPreview:
        """Import a file and say what changed; with a single problem nothing is imported.

        People are known by the organisation's id. Who is not in the file stays, and windows that people gave
        themselves win.
        """
        return await self._import(data, write=True)

    async def _import(self, data: bytes, *, write: bool) -> ImportPreview:
        preview = await self._attempt(data, write)
        if write and not preview.problems:
            await self._do("analyze_people")
        return preview

    async def _attempt(self, data: bytes, write: bool) -> ImportPreview:
        async with self._transaction() as connection:
            await self._value("lock_imports", connection)
            people = await self._rows("known_people", connection)
            known = {row["external_id"]: (row["manager"], *row["dotted_managers"]) for row in people}
            accompanied = {row["external_id"]: row["supervisor"] for row in people if row["supervisor"]}
            rows, problems = await asyncio.to_thread(read_people, data, known, accompanied)
            if problems:
                return ImportPreview(problems=tuple(problems))
            await self._do("make_incoming", connection)
            records = await asyncio.to_thread(lambda: [_record(row) for row in rows])
            await connection.copy_records_to_table("incoming", records=records, columns=_COLUMNS)
            await self._do("analyze_incoming", connection)
            preview = await self._compare(connection)
            if write:
                for query in ("upsert_people", "refer_people", "clear_reporting", "insert_reporting"):
                    await self._do(query, connection)
            return preview

    async def _compare(self, connection: Any) -> ImportPreview:
        counts = await self._row("compare_incoming", connection)
        regions = await self._rows("incoming_regions", connection)
        return ImportPreview(**counts, regions={row["region"]: row["people"] for row in regions})


def _record(row: PersonRow) -> tuple[Any, ...]:
    """Sets are sorted, so that the same file twice changes nothing."""
    return (
        new_person_id(),
        *(getattr(row, column) for column in _PLAIN),
        *(sorted(getattr(row, column)) for column in _SETS),
        to_json(row.windows).decode(),
        list(row.dotted_managers),
        *(getattr(row, column) for column in _REFERENCES),
    )
