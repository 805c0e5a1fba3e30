"""What services say of people: one at a time, in any order, and some of it for a day to come."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import to_json

from activities.persistence.database import Row, Transaction
from activities.persistence.people.staging import Staging, record_of
from domain.people.person_updates import KnownPerson, PeopleMerge
from domain.people.references import PersonReferences, reference_problems
from domain.people.reporting_lines import ReportingLines
from schemas.inbox import NewEvent
from schemas.people import PeopleRefused, PersonRow, PersonUpdate

AGAIN = timedelta(hours=1)
"""Until what did not fit on its day is tried again."""
AT_ONCE = 500


class _Undone(Exception):
    """Ends a transaction that was to show only whether it could be done."""


class PeopleUpdates(Staging):
    """Changes of people by events."""

    async def apply(
        self,
        said: Sequence[PersonUpdate],
        events: Sequence[NewEvent],
        now: datetime,
        *,
        write: bool = True,
    ) -> int:
        """Take what is said and keep the events, all or nothing; what an event with a known key says counts no more.

        Of two that have a time the later one holds, column by column. `now` is wall time. Answers how many events are
        new.

        Raises:
            PeopleRefused: something does not fit; with `write` false nothing else comes of it.
        """
        new: int = 0
        try:
            async with self._database.transaction() as transaction:
                await transaction.value("lock_imports")
                keys = await transaction.rows(
                    "known_keys", keys=[one.key for one in said]
                )
                known = {row["key"] for row in keys}
                await self._take(
                    transaction, [one for one in said if one.key not in known], now
                )
                new = await transaction.value(
                    "store_events", events=to_json(list(events)).decode()
                )
                if not write:
                    raise _Undone
        except _Undone:
            return 0
        return new

    async def apply_due(self, now: datetime) -> int:
        """Apply the changes whose day has come at `now` (wall time), and return how many.

        What no longer fits is tried again later, and its event counts as undeliverable
        until it does.
        """
        if not await self._database.rows("future_changes_due", now=now, most=1):
            return 0
        async with self._database.transaction() as transaction:
            await transaction.value("lock_imports")
            rows = await transaction.rows("future_changes_due", now=now, most=AT_ONCE)
            due = [
                PersonUpdate.model_validate({**row, "cells": json.loads(row["cells"])})
                for row in rows
            ]
            if await self._fits(transaction, due, now):
                return len(due)
            return sum([await self._fits(transaction, [one], now) for one in due])

    async def _fits(
        self, transaction: Transaction, due: Sequence[PersonUpdate], now: datetime
    ) -> bool:
        try:
            async with transaction.savepoint():
                await self._take(transaction, due, now)
                await transaction.execute(
                    "delete_future_changes", keys=[one.key for one in due]
                )
        except PeopleRefused as error:
            if len(due) == 1:
                words = "; ".join(
                    f"{column}: {what}" for _, column, what in error.problems
                )
                await transaction.execute(
                    "postpone_future_change",
                    key=due[0].key,
                    refused=words,
                    next_try=now + AGAIN,
                )
            return False
        return True

    async def _take(
        self, transaction: Transaction, said: Sequence[PersonUpdate], now: datetime
    ) -> None:
        """Raises PeopleRefused, with every reason found."""
        if not said:
            return
        merge = await self._heard(transaction, [one.external_id for one in said], now)
        for one in said:
            merge.add(one)
        await self._referenced(transaction, merge)
        if merge.problems:
            raise PeopleRefused(merge.problems)
        await transaction.execute("make_incoming")
        await self._copy(
            transaction,
            [record_of(each.row, each.back) for each in merge.changed.values()],
        )
        await self._differ(transaction)
        await self._write(transaction, ", ".join(sorted({one.source for one in said})))
        await transaction.execute(
            "save_field_times", stated=_json(merge.statement_times())
        )
        await transaction.execute("save_future_changes", stated=_json(merge.for_later))

    async def _heard(
        self, transaction: Transaction, external_ids: Sequence[str], now: datetime
    ) -> PeopleMerge:
        rows = await transaction.rows("people_as_rows", external_ids=external_ids)
        stamps = await transaction.rows("field_times", external_ids=external_ids)
        standing = {
            row["external_id"]: KnownPerson(_person_row(row), row["left_at"])
            for row in rows
        }
        return PeopleMerge(
            now,
            standing,
            {(row["external_id"], row["field"]): row["stated_at"] for row in stamps},
        )

    async def _referenced(self, transaction: Transaction, merge: PeopleMerge) -> None:
        """Whom they name is there, and nobody stands above themselves or in line with who accompanies them."""
        names = sorted(merge.named_people())
        rows = (
            await transaction.rows("known_above", external_ids=names) if names else []
        )
        known: dict[str, Sequence[str | None]] = {
            row["external_id"]: (row["manager"], *row["dotted_managers"])
            for row in rows
        }
        merge.check_named_people(known.keys() | merge.changed.keys())
        known |= {name: _managers(each.row) for name, each in merge.changed.items()}
        merge.refuse(_wrong_lines(merge, known))


def _wrong_lines(
    merge: PeopleMerge, known: ReportingLines
) -> Iterable[tuple[str, str, str]]:
    """Only of those whose lines or supervisor change; who was wrong before is not the business of this event."""
    rows = dict(
        enumerate(
            PersonReferences.of(each.row)
            for each in merge.changed.values()
            if each.names_others
        )
    )
    for problem in reference_problems(rows, known, {}):
        yield rows[problem.line].external_id, problem.column, problem.what


def _managers(row: PersonRow) -> tuple[str | None, ...]:
    return (row.manager, *row.dotted_managers)


def _person_row(row: Row) -> PersonRow:
    return PersonRow.model_validate({**row, "windows": json.loads(row["windows"])})


def _json(values: Iterable[Any]) -> str:
    return to_json(list(values)).decode()
