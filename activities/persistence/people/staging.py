"""People on their way into PostgreSQL: beside the tables first, then compared, then written."""

from secrets import token_bytes
from typing import Any

from activities.persistence.database import Repository, Transaction, as_json
from schemas.ids import person_id
from schemas.notices import Notice, Recipient, Template
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
ADDRESS_CHANGED = Notice(template=Template.ADDRESS_CHANGED, to=Recipient.FORMER_ADDRESS)


class Staging(Repository):
    """Steps within one transaction that holds the lock of imports."""

    async def _copy(
        self, transaction: Transaction, records: list[tuple[Any, ...]]
    ) -> None:
        await transaction.copy("incoming", _COLUMNS, records)

    async def _differ(self, transaction: Transaction) -> None:
        for query in (
            "key_incoming",
            "analyze_incoming",
            "make_differences",
            "analyze_differences",
        ):
            await transaction.execute(query)

    async def _compare(self, transaction: Transaction) -> ImportPreview:
        counts = await transaction.row("compare_incoming")
        absence = await transaction.row("absence")
        fields = await transaction.rows("changed_fields")
        regions = await transaction.rows("incoming_regions")
        changes = await transaction.rows("some_changes", most=SHOWN)
        return ImportPreview(
            **counts,
            **absence,
            fields={row["field"]: row["people"] for row in fields},
            regions={row["region"]: row["people"] for row in regions},
            changes=tuple(RowChange.model_validate(dict(row)) for row in changes),
        )

    async def _write(self, transaction: Transaction, source: str) -> None:
        await transaction.execute("lock_people")
        await transaction.execute(
            "queue_address_notices", body=as_json(ADDRESS_CHANGED)
        )
        for query in (
            "insert_people",
            "update_people",
            "refer_people",
            "clear_reporting",
            "insert_reporting",
        ):
            await transaction.execute(query)
        await transaction.execute("note_changes", source=source)


def record_of(row: PersonRow, back: bool = True) -> tuple[Any, ...]:
    """`back`: if they had left, they are there again. Sets are sorted, so that the same file twice changes nothing."""
    return (
        person_id(token_bytes(9)),
        *(getattr(row, column) for column in _PLAIN),
        *(sorted(getattr(row, column)) for column in _SETS),
        as_json(row.windows),
        list(row.dotted_managers),
        *(getattr(row, column) for column in _REFERENCES),
        back,
    )
