"""The deadlines of many pairs pass within a minute or so, as on a Friday at 18:00, under a
worker that keeps all of them in memory.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from benchmarks.support.tables import table
from benchmarks.wake.house import (
    House,
    first_deadline,
    house,
    recorded,
    say,
    start_pairs,
    worker,
)
from domain.spreading import place_in

SERVED = """
select s.pair, s.at as started_at, t.recorded_at
from ledger s join ledger l on l.pair = s.pair and l.what = 'training_late'
join transitions t on (t.pair, t.revision) = (l.pair, l.revision)
where s.what = 'started'
"""


class Served(NamedTuple):
    """One pair's deadline."""

    due: datetime
    """Stated to its people."""
    place: timedelta
    recorded_at: datetime

    @property
    def late(self) -> float:
        """Seconds after its place."""
        return (self.recorded_at - self.due - self.place).total_seconds()


async def measure(
    pairs: int, due: timedelta, spreads: Sequence[timedelta], tasks: int
) -> bool:
    """Print a row for each spread; returns whether none was served before its deadline."""
    found = [await _served(pairs, due, spread, tasks) for spread in spreads]
    table(
        f"{pairs:,} deadlines, {tasks} workflow tasks at a time",
        ["spread over, minutes", "passed within, s", "all served after, s", "half late by, s", "99 of 100 late by, s",
         "none too early"],
        [
            [f"{spread / timedelta(minutes=1):.0f}", *_row(served)]
            for spread, served in zip(spreads, found, strict=True)
        ],
    )  # fmt: skip
    return not any(map(_too_early, found))


async def _served(
    pairs: int, due: timedelta, spread: timedelta, tasks: int
) -> list[Served]:
    document = {
        "training": {"within": due, "reminder": "1 minute"},
        "timing": {"spread": spread},
    }
    async with house() as here, worker(here, workflow_tasks=tasks):
        say(f"{pairs:,} pairs, spread over {spread}")
        await start_pairs(here, pairs, document)
        await _past(due, here)
        await recorded(
            here,
            pairs,
            "training_late",
            lambda lines: lines["training_late"] == pairs,
        )
        rows = await here.sql.fetch(SERVED)
    return [
        Served(
            row["started_at"] + due, place_in(spread, row["pair"]), row["recorded_at"]
        )
        for row in rows
    ]


async def _past(due: timedelta, here: House) -> None:
    """Wait until the first deadline passes."""
    at = await first_deadline(here, due)
    left = (at - datetime.now(UTC)).total_seconds()
    say(f"all started; the first deadline passes in {left:.0f} s")
    await asyncio.sleep(left)


def _row(served: Sequence[Served]) -> list[str]:
    due = sorted(one.due for one in served)
    last = max(one.recorded_at for one in served)
    late = sorted(one.late for one in served)
    return [
        f"{(due[-1] - due[0]).total_seconds():.0f}",
        f"{(last - due[0]).total_seconds():.0f}",
        f"{late[len(late) // 2]:.1f}",
        f"{late[len(late) * 99 // 100]:.1f}",
        "NO" if _too_early(served) else "yes",
    ]


def _too_early(served: Sequence[Served]) -> bool:
    return any(one.recorded_at < one.due for one in served)
