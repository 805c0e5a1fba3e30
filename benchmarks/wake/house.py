"""A house for the benchmark of waking: servers of its own, a worker process, and pairs
whose deadlines fall within seconds of one another.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
from temporalio.client import Client

from activities.executions.executions import TemporalExecutions
from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from benchmarks.mails import HOST, free_port, serve
from benchmarks.support.bench_postgres import bench_postgres
from domain.programme.plan import plan_of
from domain.runs.execution import pair_execution
from schemas.cohort import CohortStart
from schemas.programme import ProgrammeDocument
from tests.support.temporal_servers import full_server
from tests.support.world import file, line
from workers.settings import environment, load_settings

REGION = "bench"
PAGE = 500
LOOK_SECONDS = 0.5
MODULES = tuple(f"module-{n}" for n in range(8))
"""Each completed one makes a pair's history longer by ten events."""


class House(NamedTuple):
    """Addresses of the servers, and what talks to them."""

    url: str
    temporal: str
    smtp_port: int
    folder: Path
    store: Store
    client: Client
    sql: asyncpg.Connection


def say(words: str) -> None:
    sys.stderr.write(f"  {words}\n")


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    """PostgreSQL, Temporal and a mail server that keeps nothing, empty."""
    with bench_postgres() as (folder, cluster), _mail_server() as smtp_port:
        cluster.create_database("bench")
        url = cluster.url("bench")
        await migrate(url)
        async with full_server() as server:
            store, sql = await Store.open(url), await asyncpg.connect(url)
            client = server.client
            address = client.service_client.config.target_host
            yield House(url, address, smtp_port, folder, store, client, sql)
            await sql.close()
            await store.close()


@contextmanager
def _mail_server() -> Iterator[int]:
    ready, over, port = multiprocessing.Event(), multiprocessing.Event(), free_port()
    server = multiprocessing.Process(target=serve, args=(port, ready, over))
    server.start()
    ready.wait()
    yield port
    over.set()
    server.join()


@asynccontextmanager
async def worker(here: House, **limits: int) -> AsyncIterator[int]:
    """A worker process at work, with these limits; its process id."""
    settings = load_settings(
        database_url=here.url,
        secret="b" * 32,
        smtp_host=HOST,
        smtp_port=here.smtp_port,
        smtp_starttls=False,
        **limits,
    )
    log = here.folder / f"worker-{datetime.now(UTC):%H%M%S.%f}.log"
    variables = environment(settings) | {"TEMPORAL_ADDRESS": here.temporal}
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "binome", "worker", env=os.environ | variables,
            stdout=out, stderr=out,
        )  # fmt: skip
    try:
        while "worker_ready" not in log.read_text():
            assert process.returncode is None, log.read_text()[-3000:]
            await asyncio.sleep(0.1)
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        stopping = datetime.now(UTC)
        await process.wait()
        took = (datetime.now(UTC) - stopping).total_seconds()
        say(f"the worker was gone {took:.1f} s after SIGTERM")


async def claim(here: House, count: int, document: Mapping[str, Any]) -> CohortStart:
    """Import mentors, and open a cohort with a pair for each; nothing is started."""
    mentors = (
        line(f"M{n}", REGION, "mentor", windows="mon 09:00-12:00") for n in range(count)
    )
    await here.store.imports.apply(file(*mentors))
    asked = ProgrammeDocument.model_validate(
        {
            "programme": "wake",
            "starts_on": f"{datetime.now(UTC):%Y-%m-%d}",
            "regions": [{"region": REGION}],
            **document,
        }
    )
    plan, problems = plan_of(asked, datetime.now(UTC))
    assert plan is not None, problems
    await here.store.programmes.claim(asked, plan, "bench")
    start = CohortStart(
        plan=plan.cohorts[0], clock=plan.clock, opens_at=datetime.now(UTC)
    )
    await here.store.cohorts.open(start)
    return start


async def start_pairs(here: House, count: int, document: Mapping[str, Any]) -> None:
    """Import mentors, and start a pair for each."""
    start = await claim(here, count, document)
    while page := await here.store.pairs.to_start(start.plan.cohort, "", PAGE):
        executions = [pair_execution(start, row) for row in page]
        await TemporalExecutions(here.client).start_page(executions)
        await here.store.pairs.mark_started([one.workflow_id for one in executions])
    await recorded(here, count, "started", lambda lines: lines["started"] == count)


async def first_deadline(here: House, due: timedelta) -> datetime:
    """When the deadline of the pair that started first passes.

    Raises:
        SystemExit: it passed already, while pairs were still prepared.
    """
    started: datetime = await here.sql.fetchval(
        "select min(at) from ledger where what = 'started'"
    )
    if datetime.now(UTC) >= started + due:
        raise SystemExit("preparing took longer than --due allows")
    return started + due


async def age(here: House, pairs: Sequence[str]) -> None:
    """Make histories longer: each pair completes its modules, one after another."""
    executions = TemporalExecutions(here.client)
    for n, module in enumerate(MODULES, start=1):
        await executions.signal_page(
            [(pair, "module_completed", {"module": module}) for pair in pairs]
        )
        wanted = n * len(pairs)
        await recorded(
            here,
            wanted,
            "module_completed",
            lambda lines, wanted=wanted: lines["module_completed"] == wanted,  # type: ignore[misc]
        )


async def recorded(
    here: House,
    count: int,
    what: str,
    done: Callable[[dict[str, int]], bool],
    longest: timedelta = timedelta(hours=2),
) -> bool:
    """Wait until the ledger holds it, showing progress; False: not within `longest`."""
    until = datetime.now(UTC) + longest
    shown = datetime.now(UTC)
    while True:
        rows = await here.sql.fetch(
            "select what, count(*) as lines from ledger group by what"
        )
        lines = {what: 0} | {row["what"]: row["lines"] for row in rows}
        if done(lines):
            return True
        now = datetime.now(UTC)
        if now >= until:
            return False
        if now - shown >= timedelta(seconds=10):
            say(f"{lines[what]:,} of {count:,} {what}")
            shown = now
        await asyncio.sleep(LOOK_SECONDS)


async def pair_ids(here: House) -> list[str]:
    return [row["pair"] for row in await here.sql.fetch("select pair from pairs")]
