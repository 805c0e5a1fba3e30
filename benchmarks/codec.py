"""What encrypted histories cost the worker: the same pairs on stacks without and with `--encrypt`, by turns.

Processor time of the worker's process for a session held, everything included. Rounds
alternate, since a shared machine has slow hours.
"""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engine import Run, pairs
from benchmarks.stacks import stack_addresses, stack_parts, start_stack
from benchmarks.tables import table
from binome.servers import find_servers

PAIRS = int(os.environ.get("BENCH_PAIRS", "60"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PACE = float(os.environ.get("BENCH_PACE", "3000"))
"""Programme seconds a second: slow enough that every session is held on a slow machine."""
AIM = 1.05


async def played(*options: str) -> Run:
    """All pairs, on a stack of their own."""
    with tempfile.TemporaryDirectory(prefix="binome-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - root's PostgreSQL account has to reach it
        data = Path(folder) / "data"
        stack = await start_stack(data, *options)
        try:
            addresses = await stack_addresses(data)
            client = await find_servers(data).client()
            url = addresses["database_url"]
            return await pairs(client, url, stack_parts(data), PACE, PAIRS)
        finally:
            stack.terminate()
            await stack.wait()


def worker_time(runs: Sequence[Run]) -> float:
    """Milliseconds of the worker's processor for a session held."""
    seconds = sum(run.spent.parts["worker"] for run in runs)
    return 1000 * seconds / sum(run.held for run in runs)


def size(runs: Sequence[Run]) -> float:
    """Bytes of history for a session held."""
    return sum(run.cost.size for run in runs) / sum(run.held for run in runs)


def row(name: str, plain: Sequence[Run], encrypted: Sequence[Run]) -> list[str]:
    times, sizes = (
        [measure(runs) for runs in (plain, encrypted)]
        for measure in (worker_time, size)
    )
    return [
        name,
        *(f"{time:.1f}" for time in times),
        f"{times[1] / times[0]:.3f}",
        *(f"{each:,.0f}" for each in sizes),
        f"{sizes[1] / sizes[0]:.2f}",
        f"{sum(run.held for run in (*plain, *encrypted)):,}",
    ]


async def main() -> None:
    plain, encrypted = [], []
    for _ in range(ROUNDS):
        plain.append(await played())
        encrypted.append(await played("--encrypt"))
    header = [
        "round",
        "worker ms a session, plain",
        "encrypted",
        "ratio",
        "bytes a session, plain",
        "encrypted",
        "ratio",
        "sessions",
    ]
    rounds = [
        row(str(n), [one], [other])
        for n, (one, other) in enumerate(zip(plain, encrypted, strict=True), 1)
    ]
    title = f"Encrypted histories, {PAIRS} pairs a run (aim: a ratio of {AIM})"
    table(title, header, [*rounds, row("all", plain, encrypted)])


if __name__ == "__main__":
    asyncio.run(main())
