"""Many pairs wake under a worker that has just started, keeps nothing in memory, and has a
share of a core.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.history.v1 import HistoryEvent

from benchmarks.support.counting import runs_of
from benchmarks.support.tables import table
from benchmarks.wake.house import (
    MODULES,
    House,
    age,
    first_deadline,
    house,
    pair_ids,
    recorded,
    say,
    start_pairs,
    worker,
)
from benchmarks.wake.throttle import held_to
from workers.limit_settings import LimitSettings

LONGEST = timedelta(minutes=4)
BOUND_SECONDS = 90.0
WITHOUT_LIMIT = 100
DEFAULT_TASKS: int = LimitSettings.model_fields["workflow_tasks"].default


class Woken(NamedTuple):
    """What became of pairs that woke at once."""

    what: str
    done: int
    seconds: float
    wasted: int
    """Workflow tasks that were taken, and done again since they came to nothing."""


async def cold(
    what: str, pairs: int, share: float, due: timedelta, limits: dict[str, int]
) -> Woken:
    """Have pairs wake under a worker that has just started, and a share of a core."""
    say(what)
    document = {
        "training": {
            "modules": MODULES,
            "within": due,
            "reminder": "1 minute",
        },
        "timing": {"spread": "0 minutes"},  # at once: the worst there is
    }
    async with house() as here:
        async with worker(here):
            begun = datetime.now(UTC)
            await start_pairs(here, pairs, document)
            ids = await pair_ids(here)
            await age(here, ids)
        say(f"prepared in {(datetime.now(UTC) - begun).total_seconds():.0f} s")
        async with worker(here, **limits) as pid:
            at = await first_deadline(here, due)
            with held_to(share, pid) as how:
                say(f"{share} of a core by {how}")
                await asyncio.sleep((at - datetime.now(UTC)).total_seconds())
                await recorded(
                    here,
                    pairs,
                    "training_late",
                    lambda lines: lines["training_late"] == pairs,
                    LONGEST,
                )
                seconds = (datetime.now(UTC) - at).total_seconds()
                done = await here.sql.fetchval(
                    "select count(*) from ledger where what = 'training_late'"
                )
                wasted = await wasted_tasks(here, ids, at)
    return Woken(what, done, seconds, wasted)


async def wasted_tasks(here: House, pairs: list[str], since: datetime) -> int:
    """Count workflow tasks that were taken and came to nothing since a moment.

    Of several attempts in a row only the first is on record; the next task that is on
    record, or waits, counts them.
    """
    causes, further = Counter[str](), 0
    for pair in pairs:
        async for events in runs_of(here.client, pair):
            late = [e for e in events if e.event_time.ToDatetime(UTC) >= since]
            causes.update(filter(None, map(_cause, late)))
            further += sum(
                max(0, e.workflow_task_scheduled_event_attributes.attempt - 2)
                for e in late
            )
        found = await here.client.get_workflow_handle(pair).describe()
        further += max(0, found.raw_description.pending_workflow_task.attempt - 2)
    say(f"tasks that came to nothing: {dict(causes)}, further attempts: {further}")
    return causes.total() + further


def _cause(event: HistoryEvent) -> str:
    """Why a task that was taken came to nothing; empty: it did not."""
    match event.event_type:
        case EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            failure = event.workflow_task_failed_event_attributes.failure
            return f"failed, {failure.message[:60]}"
        case EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            kind = event.workflow_task_timed_out_event_attributes.timeout_type
            taken = kind == TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
            return "timed out" if taken else ""  # else nobody had taken it
        case _:
            return ""


async def measure(
    pairs: int, share: float, due: timedelta, tasks: Sequence[int]
) -> bool:
    """Print a row for each limit of workflow tasks; returns whether the last one holds."""
    rows = [await cold(_named(n), pairs, share, due, _limits(n)) for n in tasks]
    table(
        f"Waking, {pairs} pairs at once on {share} of a core",
        ["workflow tasks at a time", "done", "seconds", "tasks done again",
         f"all within {BOUND_SECONDS:.0f} s, none again"],
        [
            [
                row.what,
                f"{row.done}",
                f"{row.seconds:.0f}",
                f"{row.wasted}",
                "yes" if _holds(row, pairs) else "NO",
            ]
            for row in rows
        ],
    )  # fmt: skip
    return _holds(rows[-1], pairs)


def _named(tasks: int) -> str:
    return (
        "100, which the SDK takes by itself" if tasks == WITHOUT_LIMIT else f"{tasks}"
    )


def _limits(tasks: int) -> dict[str, int]:
    """The SDK limits activities alike."""
    light = {"light_activities": tasks} if tasks == WITHOUT_LIMIT else {}
    return {"workflow_tasks": tasks, **light}


def _holds(row: Woken, pairs: int) -> bool:
    return row.done == pairs and row.seconds <= BOUND_SECONDS and not row.wasted
