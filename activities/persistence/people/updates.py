"""Updates of people by services: one at a time, in any order, and some for a day to come."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from activities.persistence.database import Row, Transaction, as_json
from activities.persistence.messages.inbox import store_events
from activities.persistence.people.staging import Staging, record_of
from domain.people.person_updates import KnownPerson, PeopleMerge
from schemas.people import PeopleRefused, PersonRow, PersonUpdate
from schemas.records.inbox import NewEvent

RETRY_AFTER = timedelta(hours=1)
"""After so long an update that did not fit on its day is tried again."""
PAGE = 500


class _RolledBack(Exception):
    """Ends a transaction that only showed whether it would succeed."""


class PeopleUpdates(Staging):
    """Updates of people that services send."""

    async def apply(
        self,
        updates: Sequence[PersonUpdate],
        events: Sequence[NewEvent],
        now: datetime,
        *,
        write: bool = True,
    ) -> int:
        """Apply updates and store their events, all or nothing. Returns how many events are new.

        An event with a known key applies nothing. Of two updates with a time the later one
        holds, column by column.

        Args:
            now: wall time.
            write: False only checks, and returns 0.

        Raises:
            PeopleRefused: an update does not fit.
            EventIdReused: a known key is that of another fact.
        """
        new: int = 0
        try:
            async with self._database.transaction() as transaction:
                await transaction.value("lock_imports")
                keys = await transaction.rows(
                    "known_keys", keys=[one.key for one in updates]
                )
                known = {row["key"] for row in keys}
                await self._apply(
                    transaction, [one for one in updates if one.key not in known], now
                )
                new = await store_events(transaction, events)
                if not write:
                    raise _RolledBack
        except _RolledBack:
            return 0
        return new

    async def planned(self, source: str) -> int:
        """Count the changes for a day to come that a source sent."""
        return int(await self._database.value("planned_changes", source=source))

    async def drop_planned(self, source: str) -> int:
        """Forget them, as if they had not been sent; returns how many."""
        return await self._database.execute("drop_planned_changes", source=source)

    async def apply_due(self, now: datetime) -> int:
        """Apply the changes whose day has come at `now` (wall time), and return how many.

        What no longer fits is tried again later, and its event counts as undeliverable
        until it does.
        """
        if not await self._database.rows("future_changes_due", now=now, most=1):
            return 0
        async with self._database.transaction() as transaction:
            await transaction.value("lock_imports")
            rows = await transaction.rows("future_changes_due", now=now, most=PAGE)
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
                await self._apply(transaction, due, now)
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
                    next_try=now + RETRY_AFTER,
                )
            return False
        return True

    async def _apply(
        self, transaction: Transaction, updates: Sequence[PersonUpdate], now: datetime
    ) -> None:
        """Raises PeopleRefused, with every reason found."""
        if not updates:
            return
        merge = await self._merge(
            transaction, [one.external_id for one in updates], now
        )
        # In a thread: a batch has a thousand of them, and others wait for this loop.
        await asyncio.to_thread(merge.add_all, updates)
        await self._check(transaction, merge)
        if merge.problems:
            raise PeopleRefused(merge.problems)
        await transaction.execute("make_incoming")
        await self._copy(
            transaction,
            [record_of(each.row, each.back) for each in merge.changed.values()],
        )
        await self._differ(transaction)
        await self._write(
            transaction, ", ".join(sorted({one.source for one in updates}))
        )
        await transaction.execute(
            "save_field_times", stated=as_json(list(merge.statement_times()))
        )
        await transaction.execute(
            "save_future_changes", stated=as_json(list(merge.for_later))
        )

    async def _merge(
        self, transaction: Transaction, external_ids: Sequence[str], now: datetime
    ) -> PeopleMerge:
        rows = await transaction.rows("people_as_rows", external_ids=external_ids)
        stamps = await transaction.rows("field_times", external_ids=external_ids)
        known = await asyncio.to_thread(_known_people, rows)
        return PeopleMerge(
            now,
            known,
            {(row["external_id"], row["field"]): row["stated_at"] for row in stamps},
        )

    async def _check(self, transaction: Transaction, merge: PeopleMerge) -> None:
        """Check that all named people exist, and none is above themselves or in line
        with their supervisor.
        """
        names = sorted(merge.named_people())
        rows = (
            await transaction.rows("known_above", external_ids=names) if names else []
        )
        known: dict[str, Sequence[str | None]] = {
            row["external_id"]: (row["manager"], *row["dotted_managers"])
            for row in rows
        }
        merge.check_named_people(known.keys() | merge.changed.keys())
        await asyncio.to_thread(merge.check_lines, known)


def _known_people(rows: Sequence[Row]) -> dict[str, KnownPerson]:
    """Those of a batch who are known; in a thread, for their windows may be 40,000."""
    return {
        row["external_id"]: KnownPerson(
            PersonRow.model_validate({**row, "windows": json.loads(row["windows"])}),
            row["left_at"],
        )
        for row in rows
    }
