"""How long the worker's event loop stands still while a large cohort is matched, and what
memory it keeps. `python -m benchmarks.wake.matching_loop`

Beside it runs nothing; in a worker, all of whose workflow tasks wait as long, one that
waits two seconds fails. Once in a thread of the worker, which is the floor, and once in
a process of its own.
"""

import asyncio
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.matching.activities import MatchingActivities
from activities.matching.own_process import ChildSetUp
from activities.persistence.store import Store
from benchmarks.stalls import longest_stall
from benchmarks.support.bench_postgres import bench_database
from benchmarks.support.pools import fill
from benchmarks.support.tables import table
from schemas.ids import CohortRef
from workers.build import MATCHING_CONNECTIONS
from workers.logging import configure_logging

COHORT = CohortRef(programme="bench", region="bench")
PEOPLE = int(os.environ.get("BENCH_MATCHING", "10000"))
LONGEST_SECONDS = 0.1
WAYS = {"thread": "in a thread of the worker", "process": "in a process of its own"}


async def measure(way: str, url: str) -> dict[str, float]:
    """Match once, as the activity does."""
    child = ChildSetUp(
        partial(Store.open, url, MATCHING_CONNECTIONS), configure_logging
    )
    async with await Store.open(url) as store:
        activities = MatchingActivities(store, child if way == "process" else None)
        before, began = _resident_mb(), perf_counter()
        async with longest_stall() as stall:
            await ActivityEnvironment().run(activities.match_cohort, COHORT)
        return {
            "seconds": perf_counter() - began,
            "stall": stall.wall,
            "kept": _resident_mb() - before,
        }


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> int:
    if len(sys.argv) == 3:
        sys.stdout.write(json.dumps(asyncio.run(measure(*sys.argv[1:]))))
        return 0
    with bench_database(durable=False) as url:
        asyncio.run(fill(url, PEOPLE, strict=True))
        found = {way: _in_own_process(way, url) for way in WAYS}
    holds = found["process"]["stall"] <= LONGEST_SECONDS
    table(
        f"The worker's loop while {PEOPLE:,} + {PEOPLE:,} are matched",
        ["where", "seconds", "longest stall, ms", f"<= {LONGEST_SECONDS * 1000:.0f} ms", "memory kept, MB"],
        [_row(way, found[way]) for way in WAYS],
    )  # fmt: skip
    sys.stdout.write(f"Load of the machine at the end: {os.getloadavg()[0]:.1f}\n")
    return 0 if holds else 1


def _in_own_process(way: str, url: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.wake.matching_loop", way, url]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _row(way: str, found: dict[str, Any]) -> list[str]:
    return [
        WAYS[way],
        f"{found['seconds']:.1f}",
        f"{found['stall'] * 1000:.0f}",
        "yes" if found["stall"] <= LONGEST_SECONDS else "NO",
        f"{found['kept']:.0f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
