"""What is done for very many pairs at once: a look of the reconciler at all of them, and a
pause of them all, while delivery goes on looking. `python -m benchmarks.crowd`

PostgreSQL makes `BENCH_CROWD` pairs (100,000) of one programme; those that live run on a
Temporal dev server without a worker, so that only asking and telling are measured. The
floor in the same run: to list the same executions, and to send the same signals, by the
client alone.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.executions import activities as executions_module
from activities.executions.activities import ExecutionActivities
from activities.executions.executions import TemporalExecutions, typed_attributes
from activities.executions.record_history import RecordHistory
from activities.persistence.lost_records import LostRecords
from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from activities.reconciler.activities import ReconcilerActivities
from benchmarks.support.bench_postgres import bench_database
from benchmarks.support.tables import Measured, bounds
from tests.support.generated.pairs import generate
from tests.support.rehearsal.own_sql import database
from tests.support.temporal_servers import full_server

PAIRS = int(os.environ.get("BENCH_CROWD", "100000"))
LONGEST_LOOK_SECONDS = 30.0
LONGEST_TELLING_SECONDS = 180.0
LONGEST_DELIVERY_LOOK_MS = 5.0
LINES = 2
"""Lines of the ledger a pair: here it matters how many pairs there are."""
STARTS_AT_ONCE = 50
BLOCK = 5_000
FLOOR_SIGNALS = 5_000
NOBODYS_QUEUE = "nobody"
LIVE = "select pair, region from pairs where stage <> 'closed' order by pair"
HELD = """
insert into outbox (notice, scope, programme, region, wave, person, body, created, due, awaits_resume)
select 'held' || r || p.pair, p.pair, 'bench', p.region, 1, p.mentor, '{"template": "session_reminder"}', now(),
       now() - interval '1 minute', true
from pairs p, generate_series(1, 2) as r where p.stage <> 'closed';
analyze outbox;
"""


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


async def seconds(work: Awaitable[Any]) -> float:
    begun = perf_counter()
    await work
    return perf_counter() - begun


async def start_all(client: Client, pairs: Sequence[tuple[str, str]]) -> None:
    """Start an execution for each, which waits for its first task for ever."""
    gate = asyncio.Semaphore(STARTS_AT_ONCE)

    async def one(pair: str, region: str) -> None:
        attributes = {"ProgrammeId": "bench", "Region": region, "Stage": "sessions"}
        async with gate:
            await client.start_workflow(
                "PairWorkflow",
                id=pair,
                task_queue=NOBODYS_QUEUE,
                search_attributes=typed_attributes({**attributes, "Health": "x"}),
            )

    begun = perf_counter()
    for first in range(0, len(pairs), BLOCK):
        block = pairs[first : first + BLOCK]
        await asyncio.gather(*(one(*each) for each in block))
        taken = perf_counter() - begun
        say(f"  {first + len(block):,} of {len(pairs):,} run, {taken:.0f} s")


async def list_alone(client: Client) -> None:
    """The floor of a look: every running pair, a thousand a page."""
    query = 'WorkflowType="PairWorkflow" AND ExecutionStatus="Running"'
    async for _ in client.list_workflows(query, page_size=1000):
        pass


async def signal_alone(client: Client, pairs: Sequence[tuple[str, str]]) -> float:
    """The floor of a pause: signals a second, as many at once as the product sends."""
    gate = asyncio.Semaphore(20)

    async def one(pair: str) -> None:
        async with gate:
            await client.get_workflow_handle(pair).signal("directives_changed", {})

    some = pairs[:FLOOR_SIGNALS]
    taken = await seconds(asyncio.gather(*(one(pair) for pair, _ in some)))
    return len(some) / taken


async def tell_all(store: Store, client: Client) -> tuple[float, list[float]]:
    """Seconds until all pairs are told of a pause; ms of delivery's looks meanwhile."""
    executions = ExecutionActivities(store, TemporalExecutions(client))
    executions_module.OBEYED_WITHIN_SECONDS = 0  # nobody works on them
    begun = perf_counter()
    telling = asyncio.ensure_future(
        ActivityEnvironment().run(executions.signal_scope, "programme:bench")
    )
    looks = []
    while not telling.done():
        await asyncio.wait([telling], timeout=1)
        looking = await seconds(store.outbox.lease_due("mail", 200, 20.0))
        looks.append(1000 * looking)
        looks[-1] += 1000 * await seconds(store.outbox.seconds_until_due("mail"))
    say(f"  {telling.result():,} told")
    return perf_counter() - begun, looks


async def measure(url: str) -> bool:
    await migrate(url)
    store = await Store.open(url)
    try:
        async with full_server() as server:
            return await _measure(url, store, server.client)
    finally:
        await store.close()


async def _measure(url: str, store: Store, client: Client) -> bool:
    await generate(store, url, PAIRS, LINES)
    async with database(url) as connection:
        live = [(row["pair"], row["region"]) for row in await connection.rows(LIVE)]
    await start_all(client, live)
    reconciler = ReconcilerActivities(
        store,
        TemporalExecutions(client),
        client,
        LostRecords(store.records, store.drift, RecordHistory(client)),
    )
    say("a look of the reconciler")
    listing = await seconds(list_alone(client))
    look = await seconds(ActivityEnvironment().run(reconciler.reconcile))
    say(f"  {look:.1f} s; a pause of all")
    rate = await signal_alone(client, live)
    await store.pauses.set("programme:bench", paused=True)
    async with database(url) as connection:
        await connection.do(HELD)
    telling, looks = await tell_all(store, client)
    return _print(len(live), listing, look, rate, telling, looks)


def _print(
    live: int,
    listing: float,
    look: float,
    rate: float,
    telling: float,
    looks: Sequence[float],
) -> bool:
    return bounds(
        f"A crowd of {PAIRS:,} pairs, {live:,} of them live",
        [
            Measured("a look of the reconciler, s", look, LONGEST_LOOK_SECONDS),
            Measured(
                "until all are told of a pause, s", telling, LONGEST_TELLING_SECONDS
            ),
            Measured(
                f"delivery's look meanwhile, beside {2 * live:,} held notices, ms",
                median(looks),
                LONGEST_DELIVERY_LOOK_MS,
            ),
            Measured("longest of delivery's looks, ms", max(looks)),
            Measured("floor: the same list by the client alone, s", listing),
            Measured("signals a second of the pause", live / telling, digits=0),
            Measured("floor: the same by the client alone", rate, digits=0),
        ],
    )


def main() -> int:
    with bench_database(durable=False) as url:
        holds = asyncio.run(measure(url))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
