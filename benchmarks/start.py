"""From the start of a worker's process to the first task that it completes.

A pair waits on the queue before the worker is there, with Temporal and PostgreSQL at
work: what is measured is what a deploy or a crash adds to everything.
"""

import asyncio
import os
import statistics
import sys
import time
from asyncio.subprocess import DEVNULL
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from activities.persistence.migrate import migrate
from benchmarks.lifecycle import start
from benchmarks.support.bench_postgres import bench_database
from benchmarks.support.tables import Measured, bounds
from schemas.ids import TASK_QUEUE
from tests.support.temporal_servers import full_server

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
BOUND_SECONDS = 2
COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


async def started(environment: WorkflowEnvironment, url: str) -> tuple[float, float]:
    """Wall seconds from the start of a worker to its first task, and its processor seconds."""
    client = environment.client
    pair = await client.start_workflow(
        "PairWorkflow", start(), id=f"pair-{time.time_ns()}", task_queue=TASK_QUEUE
    )
    began = time.time()
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "binome", "worker"),
        stdout=DEVNULL,
        stderr=DEVNULL,
        env=os.environ
        | {
            "TEMPORAL_ADDRESS": client.service_client.config.target_host,
            "BINOME_DATABASE_URL": url,
            "BINOME_SECRET": "x" * 40,
        },
    )
    try:
        done = await first_task(pair)
        spent = _processor_seconds(worker.pid)
    finally:
        worker.terminate()
        await worker.wait()
        await pair.terminate()
    return done - began, spent


async def first_task(pair: WorkflowHandle[object, object]) -> float:
    """When the first task was completed, as the server says."""
    while True:
        for event in (await pair.fetch_history()).events:
            if event.event_type == COMPLETED:
                return event.event_time.ToNanoseconds() / 1e9
        await asyncio.sleep(0.05)


def _processor_seconds(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def measure(url: str) -> None:
    await migrate(url)
    async with full_server() as environment:
        await started(environment, url)  # compiles, and fills the disk's cache
        rounds = [await started(environment, url) for _ in range(ROUNDS)]
    seconds, processor = (statistics.median(each) for each in zip(*rounds, strict=True))
    bounds(
        f"Start of a worker, {ROUNDS} times",
        [
            Measured("to its first task, s", seconds, BOUND_SECONDS, digits=2),
            Measured("of it processor time, s", processor, digits=2),
            Measured("the quickest, s", min(each[0] for each in rounds), digits=2),
        ],
    )


def main() -> None:
    with bench_database() as url:
        asyncio.run(measure(url))


if __name__ == "__main__":
    main()
