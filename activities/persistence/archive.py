"""Moves what has grown old out of the busy tables, and drops it a month at a time."""

from datetime import date, datetime
from typing import NamedTuple

from activities.persistence.database import Repository

PAIRS_PER_TRANSACTION = 200
EVENTS_PER_TRANSACTION = 5000


class ArchivedCounts(NamedTuple):
    """How many rows left the busy tables."""

    pairs: int
    events: int


class Archive(Repository):
    """The archive: ledgers, notices and events of pairs that closed long ago.

    Moving and dropping may be cut short at any point, and run while pairs record.
    """

    async def move(
        self, before: datetime, at_once: int = PAIRS_PER_TRANSACTION
    ) -> ArchivedCounts:
        """Archive pairs that closed, and events that were delivered, before this wall time.

        Transitions of these pairs are deleted: from then on, every revision that a pair has passed counts as recorded.
        """
        await self._database.value("open_archive_months", before=before)
        pairs = 0
        while moved := await self._move_pairs(before, at_once):
            pairs += moved
        async with self._database.transaction() as transaction:
            await transaction.value("allow_archiving")
            await transaction.value("archive_late_ledger", before=before)
        await self._database.value("archive_late_notices", before=before)
        events = 0
        while moved := await self._database.value(
            "archive_events", before=before, most=EVENTS_PER_TRANSACTION
        ):
            events += moved
        return ArchivedCounts(pairs, events)

    async def _move_pairs(self, before: datetime, most: int) -> int:
        """A page in a transaction of its own, so that nothing waits long for a row."""
        async with self._database.transaction() as transaction:
            await transaction.value("allow_archiving")
            return int(
                await transaction.value("archive_pairs", before=before, most=most)
            )

    async def drop_months(self, before: date) -> list[str]:
        """Drop the archive's months that ended by this day; returns the names of the tables that are gone.

        The keys of events stay: an event that comes once more still counts once.
        """
        rows = await self._database.rows("drop_archive_months", before=before)
        return [row["dropped"] for row in rows]
