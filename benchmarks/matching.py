"""Matching from rows in PostgreSQL to pairs in PostgreSQL, against SciPy alone and the
`mentor-match` package.

Each measurement is a process of its own, so that its peak of memory is its own;
PostgreSQL is another.
"""

import asyncio
import gc
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

import numpy as np

from activities.persistence.store import Store
from benchmarks.support import peer
from benchmarks.support.bench_postgres import bench_postgres
from benchmarks.support.pools import fill
from benchmarks.support.tables import table
from binome.stack.postgres import Cluster
from domain.matching.arrays import IndexArray
from domain.matching.candidates import Candidates
from domain.matching.matching_run import match_pool, never_stop
from domain.matching.scoring import BEST_SCORE, PairBlock, RuledPool
from domain.matching.solver.problem import COST_OF_SCORE_ZERO
from schemas.ids import CohortRef
from schemas.wording.counted import counted

COHORT = CohortRef(programme="bench", region="bench")
STRICT, LOOSE = "5 %", "all"


class Size(NamedTuple):
    """So many mentors and as many mentees, and how many of their pairs are allowed."""

    people: int
    allowed: str


SIZES = [
    *(Size(count, STRICT) for count in (500, 2_000, 5_000, 10_000)),
    *(Size(count, LOOSE) for count in (500, 2_000, 5_000)),
]
LARGEST = int(os.environ.get("BENCH_MATCHING", "10000"))


async def measure_run(url: str, times: int) -> dict[str, Any]:
    """All that the activity does, in its steps: the fastest of so many runs of one
    process, as a worker is one.
    """
    store = await Store.open(url)
    gc.disable()  # as the process that matches does
    results = [await _once(store) for _ in range(times)]
    await store.close()
    return min(results, key=lambda result: float(result["seconds"]))


async def _once(store: Store) -> dict[str, Any]:
    began, processor = perf_counter(), process_time()
    pool = await store.pools.current(COHORT)
    read = perf_counter()
    counting: list[float] = []
    run = match_pool(pool, never_stop, lambda: counting.append(perf_counter()))
    matched = perf_counter()
    await store.matches.save_run(COHORT, run.proposals, run.unmatched, run.gains)
    kept = perf_counter()
    gains = matched - counting[0] if counting else 0.0
    return {
        "seconds": kept - began,
        "processor": process_time() - processor,
        "read": read - began,
        "match": matched - read - gains,
        "gains": gains,
        "keep": kept - matched,
        "pairs": len(run.proposals),
        "worth": sum(round(proposal.score, 4) for proposal in run.proposals),
    }


async def measure_scipy_alone(url: str, times: int) -> dict[str, Any]:
    """Nothing but SciPy's assignment, on the very scores that are matched: sparse, or
    dense where all is allowed.
    """
    store = await Store.open(url)
    pool = await store.pools.current(COHORT)
    await store.close()
    ruled = RuledPool.of(Candidates.of(pool))
    blocks, (mentees, mentors) = list(ruled.allowed_blocks(never_stop)), ruled.shape
    allowed = sum(len(block.mentors) for block in blocks) / (mentees * mentors)
    solve = _dense if allowed == 1 else _sparse
    results = [solve(blocks, mentees, mentors) for _ in range(times)]
    return {
        **min(results, key=lambda result: float(result["seconds"])),
        "allowed": allowed,
    }


def _sparse(blocks: list[PairBlock], mentees: int, mentors: int) -> dict[str, Any]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows = np.concatenate([*(block.mentees for block in blocks), np.arange(mentees)])
    columns = np.concatenate(
        [
            *(block.mentors.astype(np.int32) for block in blocks),
            mentors + np.arange(mentees),
        ]
    )
    costs = np.concatenate(
        [
            *(COST_OF_SCORE_ZERO - block.scores.astype(np.float64) for block in blocks),
            np.full(mentees, 1e9),
        ]
    )
    blocks = []
    matrix = csr_array((costs, (rows, columns)), shape=(mentees, mentors + mentees))
    del rows, columns, costs
    began, processor = perf_counter(), process_time()
    rows, columns = min_weight_full_bipartite_matching(matrix)
    spent = perf_counter() - began, process_time() - processor
    real = columns < mentors
    return _solved(spent, COST_OF_SCORE_ZERO - matrix[rows[real], columns[real]])


def _dense(blocks: list[PairBlock], mentees: int, mentors: int) -> dict[str, Any]:
    from scipy.optimize import linear_sum_assignment

    costs = np.concatenate(
        [COST_OF_SCORE_ZERO - block.scores.astype(np.float64) for block in blocks]
    ).reshape(mentees, mentors)
    blocks = []
    began, processor = perf_counter(), process_time()
    rows, columns = linear_sum_assignment(costs)
    spent = perf_counter() - began, process_time() - processor
    return _solved(spent, COST_OF_SCORE_ZERO - costs[rows, columns])


def _solved(spent: tuple[float, float], scores: IndexArray) -> dict[str, Any]:
    worth = float(scores.sum()) / BEST_SCORE
    return {
        "seconds": spent[0],
        "processor": spent[1],
        "pairs": len(scores),
        "worth": worth,
    }


def main() -> int:
    if len(sys.argv) == 4:
        what, url, times = sys.argv[1:]
        result = asyncio.run(
            (measure_run if what == "run" else measure_scipy_alone)(url, int(times))
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stdout.write(json.dumps({**result, "peak": peak}))
        return 0
    with bench_postgres(durable=False) as (folder, cluster):
        _measure(cluster, folder)
    return 0


def _measure(cluster: Cluster, folder: Path) -> None:
    rows: list[list[str]] = []
    for place, size in enumerate(one for one in SIZES if one.people <= LARGEST):
        url = _filled(cluster, place, size)
        times = 5 if size.people <= 500 else 2
        ours = _in_own_process("run", url, times)
        scipy_alone = _in_own_process("scipy", url, times)
        assert (ours["pairs"], round(ours["worth"], 2)) == (
            scipy_alone["pairs"],
            round(scipy_alone["worth"], 2),
        ), (ours, scipy_alone)
        rows.append(_row(size, ours, scipy_alone))
        if size == SIZES[0]:
            _against_peer(url, folder, ours)
    table(
        "Matching, from rows in PostgreSQL to pairs in PostgreSQL",
        ["mentors + mentees", "allowed", "pairs", "seconds", "read, match, gains, keep", "processor", "peak MB",
         "SciPy alone, s", "its processor", "its peak MB", "ratio"],
        rows,
    )  # fmt: skip
    load = os.getloadavg()[0]
    sys.stdout.write(
        f"Load of the machine at the end: {load:.1f}, cores: {os.cpu_count()}. Both found the same score.\n"
    )


def _filled(cluster: Cluster, place: int, size: Size) -> str:
    name = f"pool{place}"
    cluster.create_database(name)
    asyncio.run(fill(cluster.url(name), size.people, size.allowed == STRICT))
    return cluster.url(name)


def _in_own_process(what: str, url: str, times: int) -> dict[str, Any]:
    """In a process of its own. Small sizes are over before a busy machine has given
    them a turn: they get several.
    """
    command = [sys.executable, "-m", "benchmarks.matching", what, url, str(times)]
    result: dict[str, Any] = json.loads(
        subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    )
    return result


def _row(size: Size, ours: dict[str, Any], scipy_alone: dict[str, Any]) -> list[str]:
    steps = ", ".join(
        f"{ours[name]:.2f}" for name in ("read", "match", "gains", "keep")
    )
    return [
        f"{size.people:,} + {size.people:,}",
        f"{scipy_alone['allowed']:.1%}",
        f"{ours['pairs']:,}",
        f"{ours['seconds']:.3g}",
        steps,
        f"{ours['processor']:.2f}",
        f"{ours['peak']:,}",
        f"{scipy_alone['seconds']:.2f}",
        f"{scipy_alone['processor']:.2f}",
        f"{scipy_alone['peak']:,}",
        f"{ours['seconds'] / scipy_alone['seconds']:.2f}",
    ]


def _against_peer(url: str, folder: Path, ours: dict[str, Any]) -> None:
    found = peer.measure_rounds(url, folder)
    if isinstance(found, str):
        sys.stdout.write(f"Not compared with mentor-match: {found}\n\n")
        return
    rows = [
        [
            "Binôme, end to end",
            f"{ours['seconds']:.3f}",
            str(ours["peak"]),
            str(ours["pairs"]),
            "1",
        ]
    ]
    for rounds, theirs in found.items():
        slower = theirs["seconds"] / ours["seconds"]
        what = f"mentor-match, in memory, {counted(rounds, 'round')}"
        rows.append(
            [
                what,
                f"{theirs['seconds']:.1f}",
                str(theirs["peak"]),
                str(theirs["pairs"]),
                f"{slower:.0f}",
            ]
        )
    table(
        "The same 500 + 500 people by mentor-match 7.0.1",
        ["what", "seconds", "peak MB", "pairs", "times slower"],
        rows,
    )


if __name__ == "__main__":
    sys.exit(main())
