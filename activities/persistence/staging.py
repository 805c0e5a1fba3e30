"""People on their way into PostgreSQL: beside the tables first, then compared, then written."""

from collections.abc import Iterable
from secrets import token_bytes
from typing import Any

from pydantic_core import to_json

from activities.persistence.database import Database
from schemas.ids import person_id
from schemas.people import ImportPreview, PersonRow, RowChange

_PLAIN = (
    "external_id",
    "name",
    "email",
    "region",
    "function",
    "site",
    "locale",
    "zone",
    "seats",
)
_SETS = ("roles", "languages", "offers", "wants")
_REFERENCES = ("manager", "supervisor", "delegate")
_COLUMNS = (
    "person",
    *_PLAIN,
    *_SETS,
    "windows",
    "dotted_managers",
    *_REFERENCES,
    "back",
)
SHOWN = 50
"""Changes of each kind that a preview lists."""


class Staging(Database):
    """Steps within one transaction that holds the lock of imports."""

    async def _copy(self, connection: Any, records: list[tuple[Any, ...]]) -> None:
        await connection.copy_records_to_table(
            "incoming", records=records, columns=_COLUMNS
        )

    async def _differ(self, connection: Any) -> None:
        for query in (
            "key_incoming",
            "analyze_incoming",
            "make_differences",
            "analyze_differences",
        ):
            await self._do(query, connection)

    async def _compare(self, connection: Any) -> ImportPreview:
        counts = await self._row("compare_incoming", connection)
        absence = await self._row("absence", connection)
        fields = await self._rows("changed_fields", connection)
        regions = await self._rows("incoming_regions", connection)
        changes = await self._rows("some_changes", connection, most=SHOWN)
        return ImportPreview(
            **counts,
            **absence,
            fields={row["field"]: row["people"] for row in fields},
            regions={row["region"]: row["people"] for row in regions},
            changes=tuple(RowChange.model_validate(dict(row)) for row in changes),
        )

    async def _write(self, connection: Any, source: str) -> None:
        await self._do("lock_people", connection)
        for query in (
            "insert_people",
            "update_people",
            "refer_people",
            "clear_reporting",
            "insert_reporting",
        ):
            await self._do(query, connection)
        await self._do("note_changes", connection, source=source)


def records_of(rows: Iterable[PersonRow]) -> list[tuple[Any, ...]]:
    return [record_of(row) for row in rows]


def record_of(row: PersonRow, back: bool = True) -> tuple[Any, ...]:
    """`back`: if they had left, they are there again. Sets are sorted, so that the same file twice changes nothing."""
    return (
        person_id(token_bytes(9)),
        *(getattr(row, column) for column in _PLAIN),
        *(sorted(getattr(row, column)) for column in _SETS),
        to_json(row.windows).decode(),
        list(row.dotted_managers),
        *(getattr(row, column) for column in _REFERENCES),
        back,
    )
