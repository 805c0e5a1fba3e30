"""Counts that pages and metrics read, kept by triggers (migrations/0021_counters.sql)."""

from typing import Final

from activities.persistence.database import Repository
from activities.persistence.query_names import CommandQuery

_CORRECT: Final[tuple[CommandQuery, ...]] = (
    "correct_pair_counts",
    "correct_notice_counts",
    "correct_event_counts",
    "correct_people_counts",
)
_FOLD: Final[tuple[CommandQuery, ...]] = (
    "fold_pair_counts",
    "fold_notice_counts",
    "fold_event_counts",
    "fold_people_counts",
)


class Counters(Repository):
    """Counts of pairs, notices, events and people."""

    async def correct(self) -> int:
        """Count all rows and correct what differs. Returns how many numbers differed."""
        return sum([await self._database.execute(query) for query in _CORRECT])

    async def fold(self) -> None:
        """Sum up the changes since the last time, so that reading stays quick."""
        for query in _FOLD:
            await self._database.execute(query)
