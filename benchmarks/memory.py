"""Memory of a cached pair, beside that of a cached bare workflow: one process for each kind, by turns.

The engine's floor runs in the SDK's sandbox, as by default; a bare one is run as pairs are,
without it. Pairs are of a session that is agreed, where they spend most of their lives.
"""

import asyncio
import gc
import os
import statistics
import sys
from asyncio.subprocess import PIPE
from datetime import timedelta
from pathlib import Path

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from benchmarks.lifecycle import DAY, MONDAY, UNTIL_SESSIONS, start
from benchmarks.support.bare import Bare, nothing
from benchmarks.support.tables import Measured, bounds
from domain.pair.advance import advance, begin
from schemas.effects import Directives, RecordBatch
from schemas.events import InvitationAnswer, InvitationAnswered, SlotsFound
from schemas.ids import TASK_QUEUE
from schemas.pair import PairStart
from tests.support.temporal_servers import full_server
from workers.client import connect
from workers.payload_keys import NO_KEYS
from workers.runner import workflow_runner
from workflows.pair import PairWorkflow
from workflows.pairs.pair_restoring import snapshot

CACHED = int(os.environ.get("BENCH_CACHED", "400"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
BOUND = 1.3
KINDS = {"floor": Bare, "bare": Bare, "pair": PairWorkflow}
LENGTH_AT_REST = {"floor": 15, "bare": 15, "pair": 6}
"""Events of a history, once the run waits: the bare one for its signal, the pair for its
session, with nothing to record."""


@activity.defn(name="record")
async def recorded(batch: RecordBatch) -> Directives:
    return Directives()


def agreed() -> PairStart:
    """A pair that waits for its first session."""
    state = begin(start())
    for event in UNTIL_SESSIONS:
        state = advance(state, event, MONDAY).state
    assert state.finding is not None
    times = (state.finding.earliest + DAY,)
    found = SlotsFound(revision=state.finding.revision, session=1, starts=times)
    yes = InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES)
    for answer in (found, yes):
        state = advance(state, answer, MONDAY).state
    restored = snapshot(state.having(outbox=()))
    return start().model_copy(update={"restored": restored})


async def cache(kind: str) -> None:
    """Print bytes that the process has grown by for each workflow in its cache."""
    client = await connect(NO_KEYS)
    async with Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[KINDS[kind]],
        activities=[recorded if kind == "pair" else nothing],
        workflow_runner=SandboxedWorkflowRunner()
        if kind == "floor"
        else workflow_runner(),
        max_cached_workflows=2 * CACHED,
    ):
        await _filled(client, kind, "warm", CACHED // 4)
        before = _resident()
        await _filled(client, kind, "cached", CACHED)
        sys.stdout.write(f"{(_resident() - before) / CACHED:.0f}\n")


async def _filled(client: Client, kind: str, name: str, number: int) -> None:
    """Start workflows, and wait until each of them waits."""
    argument = [agreed()] if kind == "pair" else []
    begun = [
        await client.start_workflow(
            KINDS[kind].__name__,
            args=argument,
            id=f"{kind}-{name}-{os.getpid()}-{each}",
            task_queue=TASK_QUEUE,
            run_timeout=timedelta(hours=1),
        )
        for each in range(number)
    ]
    for handle in begun:
        while (await handle.describe()).history_length < LENGTH_AT_REST[kind]:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)


def _resident() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def main() -> None:
    async with full_server() as environment:
        address = environment.client.service_client.config.target_host
        sizes: dict[str, list[float]] = {kind: [] for kind in KINDS}
        for _ in range(ROUNDS):
            for kind, found in sizes.items():
                found.append(await _in_a_process(kind, address))
    floor, bare, pair = (statistics.median(each) / 1024 for each in sizes.values())
    bounds(
        f"Memory of a cached workflow, {CACHED} of each, {ROUNDS} rounds",
        [
            Measured("the engine's floor, in the SDK's sandbox, KiB", floor),
            Measured("a bare one without the sandbox, KiB", bare),
            Measured("a pair, KiB", pair),
            Measured("ratio to the floor", pair / floor, BOUND, digits=2),
            Measured("ratio to a bare one", pair / bare, BOUND, digits=2),
        ],
    )


async def _in_a_process(kind: str, address: str) -> float:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.memory", kind),
        stdout=PIPE,
        env=os.environ | {"TEMPORAL_ADDRESS": address},
    )
    printed, _ = await child.communicate()
    return float(printed.split()[-1])


if __name__ == "__main__":
    asyncio.run(cache(sys.argv[1]) if len(sys.argv) > 1 else main())
