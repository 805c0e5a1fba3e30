"""The engine: pairs played end to end (PostgreSQL, mails, signals) against a bare workflow, same server, same run.

A stack of `binome up` runs beside this process, with a worker process each for pairs and for the floor; this process
only plays participants, so that driver and worker do not share an interpreter.
"""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from temporalio.client import Client

from activities.executions.executions import TemporalExecutions
from activities.persistence.store import Store
from benchmarks.support.bare import QUEUE, SESSIONS, Bare
from benchmarks.support.busy import Spent, timed
from benchmarks.support.cities import DAYS, document, in_its_week, people
from benchmarks.support.counting import COUNTED, Cost, cost_of_run, runs_of
from benchmarks.support.one_machine import one_machine
from benchmarks.support.players import Players, Seat
from benchmarks.support.tables import table
from domain.programme.plan import plan_of
from domain.runs.execution import pair_execution
from schemas.cohort import CohortStart
from schemas.programme import ProgrammeDocument
from workers.client import connect
from workers.payload_keys import NO_KEYS

PAIRS = int(os.environ.get("BENCH_PAIRS", "500"))
"""Enough that there is always something to do: with 300, a third of the time passed in waiting for programme time."""
PACE = float(os.environ.get("BENCH_PACE", "64"))
"""Programme seconds in the time of one action of the floor: the same load on a fast machine as on a slow one. At more,
answers come too late for their sessions; at less, the pairs wait for programme time."""
AIM = 0.8


class Run(NamedTuple):
    """One kind of workflow, played."""

    what: str
    spent: Spent
    cost: Cost
    moments: Sequence[float]
    """When each action was, in order; in seconds, but for retries."""
    held: int
    """Sessions."""

    @property
    def rate(self) -> float:
        """Actions a second, without the first and last twentieth of them: neither has everybody at work."""
        cut = len(self.moments) // 20
        return (len(self.moments) - 2 * cut) / (
            self.moments[-1 - cut] - self.moments[cut]
        )


async def cohorts(store: Store, pace: float) -> list[CohortStart]:
    """Claim the programmes and enrol everybody."""
    starts = []
    for day in DAYS:
        read = ProgrammeDocument.model_validate(document(day, pace))
        plan, problems = plan_of(read, datetime.now(UTC))
        assert plan is not None, problems
        plan = plan.model_copy(
            update={"cohorts": tuple(map(in_its_week, plan.cohorts))}
        )
        await store.programmes.claim(read, plan, "bench")
        starts += [
            CohortStart(plan=cohort, clock=plan.clock, opens_at=plan.starts_at)
            for cohort in plan.cohorts
        ]
    for start in starts:
        await store.cohorts.open(start)
    return starts


async def begun(client: Client, store: Store, start: CohortStart) -> dict[str, Seat]:
    """Start the pairs of a cohort; each with the mentee that it will be matched with."""
    page = await store.pairs.to_start(start.plan.cohort, "", PAIRS)
    mentees = [
        p.person
        for p in await store.people.in_region(start.plan.cohort.region, 2 * PAIRS)
        if "mentee" in p.roles
    ]
    executions = [pair_execution(start, row) for row in page]
    await TemporalExecutions(client).start_page(executions)
    ids = [execution.workflow_id for execution in executions]
    await store.pairs.mark_started(ids)
    return {
        pair: Seat(mentee, start.clock)
        for pair, mentee in zip(ids, mentees, strict=True)
    }


async def pairs(
    client: Client, url: str, processes: Mapping[str, int], pace: float
) -> Run:
    """Play all pairs, from their start to the end of the last one; `pace` in programme seconds a second."""
    store = await Store.open(url)
    await store.imports.apply(people(PAIRS))
    starts = await cohorts(store, pace)
    seats: dict[str, Seat] = {}

    async def play() -> None:
        for start in starts:
            seats.update(await begun(client, store, start))
        await Players(client, store, url, seats).play()

    spent = await timed(processes, play)
    held = sum(
        [
            (await store.cohorts.counts(start.plan.cohort)).sessions_held
            for start in starts
        ]
    )
    await store.close()
    return Run("pairs, end to end", spent, *await total(client, list(seats)), held)


async def floor(client: Client, processes: Mapping[str, int]) -> Run:
    """The bare workflow as often, signalled from here."""
    ids = [f"bare-{n}" for n in range(PAIRS)]

    async def one(name: str) -> None:
        handle = await client.start_workflow(Bare.run, id=name, task_queue=QUEUE)
        for _ in range(SESSIONS):
            await handle.signal(Bare.receive)
        await handle.result()

    async def play() -> None:
        await asyncio.gather(*(one(name) for name in ids))

    spent = await timed(processes, play)
    return Run(
        "floor: bare workflow", spent, *await total(client, ids), PAIRS * SESSIONS
    )


async def total(client: Client, ids: Sequence[str]) -> tuple[Cost, list[float]]:
    """What workflows cost, and when each of their actions was."""
    cost, moments = Cost(), []
    for one in ids:
        async for events in runs_of(client, one):
            cost += cost_of_run(events)
            moments += [
                e.event_time.ToNanoseconds() / 1e9
                for e in events
                if e.event_type in COUNTED
            ]
    return cost, sorted(moments)


async def main() -> None:
    async with one_machine() as stack:
        temporal, url = stack.addresses["temporal"], stack.addresses["database_url"]
        client = await connect(NO_KEYS, target_host=temporal)
        bare = await _bare(temporal)
        try:
            more = {"bare": bare.pid, "driver": os.getpid()}
            processes = stack.processes | more
            bare_run = await floor(client, processes)
            pace = round(PACE * bare_run.rate)
            runs = [bare_run, await pairs(client, url, processes, pace)]
        finally:
            bare.terminate()
            await bare.wait()
    _print(runs, pace)
    _print_parts(runs)


async def _bare(temporal: str) -> Process:
    """Start the worker of the floor."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.support.bare",
        env=os.environ | {"TEMPORAL_ADDRESS": temporal},
    )


def _print(runs: Sequence[Run], pace: float) -> None:
    header = [
        "what",
        "seconds",
        "sessions held",
        "sessions/s",
        "actions a session",
        "events a session",
        "actions/s",
    ]
    rows = [
        [
            run.what,
            f"{run.spent.seconds:.1f}",
            f"{run.held:,}",
            f"{run.held / run.spent.seconds:.1f}",
            f"{run.cost.actions / run.held:.1f}",
            f"{run.cost.events / run.held:.1f}",
            f"{run.rate:.0f}",
            f"{run.rate / runs[0].rate:.2f}",
        ]
        for run in runs
    ]
    title = f"Engine, {PAIRS} pairs of {SESSIONS} sessions, a day in {86400 / pace:.1f} s (aim: a ratio of {AIM})"
    table(title, [*header, "ratio"], rows)


def _print_parts(runs: Sequence[Run]) -> None:
    """Where the processors were; a run beside which others were busy is none to go by."""
    rows = [
        [
            run.what,
            *(
                f"{1000 * seconds / run.held:.1f}"
                for seconds in run.spent.parts.values()
            ),
            f"{1000 * run.spent.others / run.held:.1f}",
            f"{run.spent.idle:.0%}",
            f"{run.cost.actions / sum(run.spent.parts.values()):.0f}",
        ]
        for run in runs
    ]
    header = [
        "what",
        *runs[0].spent.parts,
        "others",
        "idle",
        "actions a processor second",
    ]
    table("Milliseconds of processor a session", header, rows)


if __name__ == "__main__":
    asyncio.run(main())
