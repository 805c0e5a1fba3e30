"""A programme of many pairs, step by step, at two sizes: what does each step cost, and
does it grow with the pairs or faster? `python -m benchmarks.scale 1000 10000`

One programme on a fresh stack for each size; half of all pairs in one region. A step is
over when all its pairs are done, no mail is due and no event waits. A programme day takes
as long as the size asks for, so that a day has as much to do for each size. A step may
cost 1.2 times as much a pair with the largest size as with the smallest.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Sequence

from benchmarks.support.programme_steps import STEPS, Measured, Programme, measure
from benchmarks.support.tables import table

BOUND = 1.2
"""How much more a pair may cost at the largest size: 10,000 are 12 times 1,000."""
PARTS = ("temporal", "worker", "postgres", "gateway", "catcher", "import")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument(
        "--day", type=float, default=20, help="seconds of a programme day, for each 1,000 pairs"
    )  # fmt: skip
    return parser.parse_args()


async def main() -> int:
    asked = _arguments()
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        runs = [
            await measure(pairs, asked.day * pairs / 1000)
            for pairs in sorted(asked.pairs)
        ]
    except asyncio.CancelledError:
        sys.stderr.write("interrupted; the stack is stopped and its data are gone\n")
        return 130
    holds = _print_steps(runs)
    _print_parts(runs[-1])
    _print_growth(runs)
    _print_histories(runs)
    return 0 if holds else 1


def _print_steps(runs: Sequence[Programme]) -> bool:
    """Print each step at each size; returns whether all are within the bound."""
    first, last = runs[0], runs[-1]
    bound = BOUND * last.pairs / first.pairs
    rows, holds = [], True
    for step in STEPS:
        small, large = first.steps[step], last.steps[step]
        wall = large.spent.seconds / small.spent.seconds
        ratio = large.processor / small.processor
        good = ratio <= bound and wall <= bound
        holds = holds and good
        rows.append([
            step,
            *(f"{run.steps[step].spent.seconds:.1f}" for run in runs),
            f"{wall:.1f}",
            *(f"{run.steps[step].processor:.1f}" for run in runs),
            f"{ratio:.1f}",
            "yes" if good else "NO",
        ])  # fmt: skip
    sizes = [f"{run.pairs:,}" for run in runs]
    header = [
        "step", *(f"seconds, {size}" for size in sizes), "ratio",
        *(f"of processor, {size}" for size in sizes), "ratio", f"both <= {bound:.1f}",
    ]  # fmt: skip
    table(f"A programme of {' and '.join(sizes)} pairs", header, rows)
    return holds


def _print_parts(run: Programme) -> None:
    """Where the processor was at the largest size."""
    rows = [
        [
            step,
            *(f"{done.spent.parts.get(part, 0):.1f}" for part in PARTS),
            f"{done.spent.others:.0f}",
            f"{done.spent.idle:.0%}",
        ]
        for step, done in run.steps.items()
    ]
    title = f"Seconds of processor by process, {run.pairs:,} pairs"
    table(title, ["step", *PARTS, "others", "idle"], rows)


GROWING: dict[str, Callable[[Measured], float]] = {
    "PostgreSQL": lambda done: done.sizes.postgres,
    "Temporal's file": lambda done: done.sizes.temporal_file,
    "memory of the worker": lambda done: done.sizes.memory["worker"],
    "of Temporal": lambda done: done.sizes.memory["temporal"],
    "of the gateway": lambda done: done.sizes.memory["gateway"],
}


def _print_growth(runs: Sequence[Programme]) -> None:
    rows = [
        [
            step,
            *(
                f"{look(run.steps[step]):,.0f}"
                for look in GROWING.values()
                for run in runs
            ),
        ]
        for step in STEPS
    ]
    header = [f"{what}, {run.pairs:,}" for what in GROWING for run in runs]
    table("MB after each step", ["step", *header], rows)


def _print_histories(runs: Sequence[Programme]) -> None:
    rows = [
        [
            f"{run.pairs:,}",
            f"{run.matched:,}",
            f"{run.cost_a_pair.actions / run.sampled:.1f}",
            f"{run.cost_a_pair.events / run.sampled:.1f}",
            f"{run.cohorts.actions:,}",
            f"{run.cohorts.events:,}",
            f"{run.cohorts.longest:,}",
            f"{run.cohorts.size / 1000:,.0f}",
        ]
        for run in runs
    ]
    header = [
        "pairs", "matched", "actions a pair", "events a pair", "actions of all cohorts",
        "their events", "of the longest run", "their KB",
    ]  # fmt: skip
    table("Histories", header, rows)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
