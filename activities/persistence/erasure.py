"""Erases people, and collects what is held about one. What becomes of each table is in `domain/erasure/plan.py`."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from activities.persistence.database import Database, Repository, Row, as_json
from activities.persistence.query_names import CommandQuery
from activities.persistence.sealing.data_keys import DataKeys, OpenedKeys
from activities.persistence.sealing.sealed_tables import SEALED_TABLES
from domain.erasure.plan import shown_row
from schemas.people import Person
from schemas.records.erasures import Erasure
from schemas.records.inbox import NewEvent
from schemas.records.sealing import Unopened

ERASURE_SOURCE = "an erasure"
"""The source of the event that somebody to be erased left; not a code, so no service has this name."""
PULSES_PER_TRANSACTION = 5000
STEPS: tuple[tuple[str, CommandQuery], ...] = (
    ("data_keys", "refuse_data_keys"),
    ("data_keys", "destroy_data_keys"),
    ("pulses", "erase_unreleased_pulses"),
    ("pulses", "erase_pulses"),
    ("closing_answers", "erase_closing_answers"),
    ("outbox", "erase_outbox"),
    ("archived_notices", "erase_archived_notices"),
    ("archived_event_keys", "keep_erased_event_keys"),
    ("events", "erase_events"),
    ("archived_events", "erase_archived_events"),
    ("matches", "erase_matches"),
    ("unmatched_people", "erase_unmatched_people"),
    ("match_decisions", "erase_match_decisions"),
    ("pins", "erase_pins"),
    ("pins", "erase_from_pins"),
    ("bans", "erase_bans"),
    ("bans", "erase_from_bans"),
    ("refusals", "erase_refusals"),
    ("guard_findings", "erase_guard_findings"),
    ("refused_messages", "erase_refused_messages"),
    ("account_grants", "erase_account_grants"),
    ("account_sessions", "erase_account_sessions"),
    ("sign_in_links", "erase_sign_in_links"),
    ("accounts", "erase_accounts"),
    ("closed_links", "erase_closed_links"),
    ("directives", "erase_directives"),
    ("completed_modules", "erase_completed_modules"),
    ("people_changes", "erase_people_changes"),
    ("people_field_times", "erase_people_field_times"),
    ("future_people_changes", "erase_future_people_changes"),
    ("future_people_changes", "erase_from_other_changes"),
    ("people_file_parts", "erase_people_file_parts"),
    ("people_files", "erase_people_files"),
    ("reporting_lines", "erase_reporting_lines"),
    ("people", "erase_references"),
    ("people", "erase_people"),
)
"""Queries of one erasure, with the table that each counts for."""


class Erasures(Repository):
    """Erasures of people. One may be cut short at any point, and begun again."""

    def __init__(self, database: Database, data_keys: DataKeys) -> None:
        super().__init__(database)
        self._data_keys = data_keys

    async def find(self, digests: Sequence[str]) -> Erasure | None:
        """Find the newest erasure of an id of the organisation, by its keyed digests."""
        rows = await self._database.rows("erasures_of", digests=list(digests))
        return _erasure(rows[0]) if rows else None

    async def unfinished(self) -> list[Erasure]:
        return [
            _erasure(row) for row in await self._database.rows("unfinished_erasures")
        ]

    async def begin(self, person: str, digest: str, requested_by: str) -> Erasure:
        """Note that somebody is to be erased, and have them leave all their pairs.

        From now on nobody enrols or matches them; their pairs get the event as any other.
        """
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "begin_erasure",
                person=person,
                digest=digest,
                requested_by=requested_by,
            )
            await transaction.value("store_events", events=as_json([_left(person)]))
            return _erasure(await transaction.row("erasure", person=person))

    async def pairs_to_end(self, person: str) -> list[str]:
        """Pairs that have to end, or to part from the person, before their data go."""
        rows = await self._database.rows("pairs_before_erasure", person=person)
        return [row["pair"] for row in rows]

    async def carry_out(self, person: Person) -> Erasure:
        """Erase somebody whose erasure was begun, all or nothing; once finished it stays so.

        While a pair of theirs has not ended nothing is erased, and the erasure comes back unfinished.
        """
        async with self._database.transaction() as transaction:
            await transaction.value("lock_imports")
            begun = _erasure(await transaction.row("erasure", person=person.person))
            live = await transaction.rows("pairs_before_erasure", person=person.person)
            if begun.finished_at or live:
                return begun
            await transaction.value("allow_erasing")
            values = {
                "person": person.person,
                "external_id": person.external_id,
                "names": [person.external_id, person.name, person.email],
            }
            counts: defaultdict[str, int] = defaultdict(int)
            for table, query in STEPS:
                counts[table] += await transaction.execute(query, **values)
            await transaction.execute(
                "finish_erasure", person=person.person, counts=as_json(counts)
            )
            return _erasure(await transaction.row("erasure", person=person.person))

    async def leavers(self, before: datetime, limit: int) -> list[tuple[str, str]]:
        """Returns (person id, id of the organisation) of who left before a wall time, and is not to be erased yet."""
        rows = await self._database.rows("leavers_to_erase", before=before, most=limit)
        return [(row["person"], row["external_id"]) for row in rows]

    async def empty_old_pulses(self, before: datetime) -> int:
        """Empty words, and marks that are in a release, of pulses that came before a wall time. Returns how many."""
        total = 0
        while emptied := await self._database.execute(
            "empty_old_pulses", before=before, most=PULSES_PER_TRANSACTION
        ):
            total += emptied
        return total

    async def held_about(self, person: str) -> dict[str, list[dict[str, Any]]]:
        """Returns all that is held about somebody, by table, as far as they may read it.

        In the place of what cannot be opened are words that say so.
        """
        held: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        keys = await self._data_keys.opened([person])
        for row in await self._database.rows("held_about", person=person):
            opened = _opened(row["table"], json.loads(row["row"]), keys)
            held[row["table"]].append(shown_row(row["table"], opened))
        return dict(held)


def _opened(table: str, row: dict[str, Any], keys: OpenedKeys) -> dict[str, Any]:
    """A row that came as JSON, with its sealed values opened."""
    if (sealed := SEALED_TABLES.get(table)) is None:
        return row
    for column in sealed.columns:
        row[column] = row[column] and bytes.fromhex(row[column].removeprefix("\\x"))
        value = keys.open(sealed, row, column)
        row[column] = value.words if isinstance(value, Unopened) else value
    return row


def _left(person: str) -> NewEvent:
    """The event of an erasure; begun again it is the same event."""
    name = sha256(f"erasure\n{person}".encode()).hexdigest()[:32]
    return NewEvent(
        key=f"e{name}",
        source=ERASURE_SOURCE,
        event_id=name,
        type="binome.person_left.v1",
        kind="person_left",
        person=person,
    )


def _erasure(row: Row) -> Erasure:
    return Erasure.model_validate({**row, "counts": json.loads(row["counts"])})
