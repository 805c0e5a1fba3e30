"""What is done for a whole cohort or organisation at once, at two sizes: does it grow with
the pairs or faster? `python -m benchmarks.cohorts 1000 10000`

The same organisation as in `benchmarks.scale`, and the same repositories and rules, but no
Temporal: records of single pairs are left out, which take nearly all of a programme's
time. Processor seconds are compared, which others on the machine hardly change.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from activities.matching import steps
from activities.matching.progress import ComputationProgress
from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from benchmarks.support import organisation
from benchmarks.support.bench_postgres import bench_postgres
from benchmarks.support.busy import Spent, timed
from benchmarks.support.tables import table
from binome.stack.postgres import Cluster
from domain.programme.plan import plan_of
from domain.runs.execution import pair_execution
from schemas.cohort import CohortStart, MatchDecision
from schemas.programme import ProgrammeDocument
from tests.support.rehearsal.own_sql import Database, database

BOUND = 1.2
"""How much more a pair may cost at the largest size."""
LOOKS = 20
"""Looks at a cohort that are measured together: one takes a millisecond."""
PAGE, SIGNAL_PAGE = 100, 500
IN_POOL = """
update pairs set stage = 'matching', waiting_since = now(), revision = 1, state = '{}',
       scopes = array['programme:' || programme]
"""
RECORDED = "update pairs set mentee_recorded = true where mentee is not null"
MATCHED = """
select m.external_id, e.external_id from pairs p
join people m on m.person = p.mentor join people e on e.person = p.mentee order by p.pair
"""


Input = TypeVar("Input")
Output = TypeVar("Output")


async def compute(
    compute: Callable[[Input, ComputationProgress], Output], given: Input
) -> Output:
    """Returns the result at once, as in a child of the worker."""
    return compute(given, ComputationProgress())


class Steps:
    """The steps of one size, in the order of a programme."""

    def __init__(self, pairs: int, store: Store, sql: Database) -> None:
        self._pairs, self._store, self._sql = pairs, store, sql
        self._people = organisation.people(pairs)
        self._starts: list[CohortStart] = []

    async def all(self) -> AsyncIterator[tuple[str, Callable[[], Awaitable[object]]]]:
        """Yield each step, with what comes between them done."""
        yield "import people", self._import
        await self._claim()
        yield "mentees without a mentor", self._check
        yield "open and enrol", self._open
        yield "pages of pairs to start", self._start
        await self._sql.do(IN_POOL)
        yield f"{LOOKS} looks of each cohort", self._look
        yield "match and keep it", self._match
        yield "approve all", self._approve
        yield "claim and announce", self._announce
        await self._sql.do(RECORDED)
        yield f"{LOOKS} looks with matches", self._look
        yield "pause, pages of pairs to signal", self._pause
        yield "import a reorganisation", self._reorganise
        yield "check reporting lines", self._guard
        yield "pages of pairs to end", self._end

    async def _import(self) -> None:
        found = await self._store.imports.apply(organisation.people_file(self._people))
        assert found.added == 2 * self._pairs, found

    async def _claim(self) -> None:
        document = organisation.document(self._pairs, 86400)
        read = ProgrammeDocument.model_validate(document)
        plan, problems = plan_of(read, datetime.now(UTC))
        assert plan is not None, problems
        await self._store.programmes.claim(read, plan, "programme:scale")
        self._starts = [
            CohortStart(plan=cohort, clock=plan.clock, opens_at=plan.starts_at)
            for cohort in plan.cohorts
        ]

    async def _check(self) -> None:
        for start in self._starts:
            await steps.find_mentees_without_mentor(self._store, compute, start.plan)

    async def _open(self) -> None:
        for start in self._starts:
            await self._store.cohorts.open(start)

    async def _start(self) -> None:
        for start in self._starts:
            cohort, after = start.plan.cohort, ""
            while page := await self._store.pairs.to_start(cohort, after, PAGE):
                ids = [pair_execution(start, row).workflow_id for row in page]
                await self._store.pairs.mark_started(ids)
                after = max(ids)

    async def _look(self) -> None:
        for start in self._starts * LOOKS:
            await self._store.cohorts.counts(start.plan.cohort)

    async def _match(self) -> None:
        for start in self._starts:
            await steps.match_cohort(self._store, compute, start.plan.cohort)

    async def _approve(self) -> None:
        for start in self._starts:
            await self._store.reviews.decide(start.plan.cohort, MatchDecision(all=True))

    async def _announce(self) -> None:
        for start in self._starts:
            cohort = start.plan.cohort
            claims = await self._store.matches.claim_approved(cohort)
            for first in range(0, len(claims), PAGE):
                ids = [claim.match for claim in claims[first : first + PAGE]]
                await self._store.matches.mark_announced(cohort, ids)

    async def _pause(self) -> None:
        scope, after = f"programme:{organisation.PROGRAMME}", ""
        await self._store.pauses.set(scope, paused=True)
        while page := await self._store.pauses.pairs(scope, after, SIGNAL_PAGE):
            after = page[-1]
        for _ in range(LOOKS):
            await self._store.pauses.count_not_obeying(scope)

    async def _reorganise(self) -> None:
        matched = [(row[0], row[1]) for row in await self._sql.rows(MATCHED)]
        rows, _ = organisation.reorganised(self._people, matched)
        found = await self._store.imports.apply(organisation.people_file(rows))
        assert not found.problems, found.problems

    async def _guard(self) -> None:
        for start in self._starts:
            cohort = start.plan.cohort
            await steps.check_reporting_lines(self._store, compute, cohort)
            while page := await self._store.guard.unsignalled(cohort, PAGE):
                await self._store.guard.mark_signalled(page)

    async def _end(self) -> None:
        for start in self._starts:
            cohort, after = start.plan.cohort, ""
            while page := await self._store.pairs.to_end(cohort, after, PAGE):
                after = page[-1]


@asynccontextmanager
async def filled(pairs: int, cluster: Cluster) -> AsyncIterator[Steps]:
    cluster.create_database(f"bench{pairs}")
    url = cluster.url(f"bench{pairs}")
    await migrate(url)
    async with await Store.open(url) as store, database(url) as sql:
        yield Steps(pairs, store, sql)


async def measure(pairs: int, cluster: Cluster) -> dict[str, Spent]:
    server = int((cluster.data / "postmaster.pid").read_text().split()[0])
    processes = {"postgres": server, "here": os.getpid()}
    found = {}
    async with filled(pairs, cluster) as steps_of_size:
        async for name, step in steps_of_size.all():
            found[name] = done = await timed(processes, step)
            sys.stderr.write(f"{pairs:,} pairs: {name}, {done.seconds:.1f} s\n")
    return found


def _print(sizes: Sequence[int], found: Sequence[dict[str, Spent]]) -> bool:
    """Print each step; returns whether all together are within the bound."""
    rows = [[step, *_cells([one[step] for one in found])] for step in found[0]]
    totals = [sum(_processor(spent) for spent in one.values()) for one in found]
    ratio, bound = totals[-1] / totals[0], BOUND * sizes[-1] / sizes[0]
    holds = ratio <= bound
    rows.append(["all", *(f"{total:.2f}" for total in totals), f"{ratio:.1f}"])
    table(
        f"Whole cohorts, seconds of processor; all of it <= {bound:.1f}: {'yes' if holds else 'NO'}",
        ["step", *(f"{size:,} pairs" for size in sizes), "ratio"],
        rows,
    )
    return holds


def _cells(spent: Sequence[Spent]) -> list[str]:
    used = [_processor(each) for each in spent]
    return [*(f"{each:.2f}" for each in used), f"{used[-1] / max(0.01, used[0]):.1f}"]


def _processor(spent: Spent) -> float:
    return sum(spent.parts.values())


def main() -> int:
    sizes = sorted(int(word) for word in sys.argv[1:]) or [1_000, 10_000]
    with bench_postgres(durable=False) as (_, cluster):
        found = [asyncio.run(measure(pairs, cluster)) for pairs in sizes]
    return 0 if _print(sizes, found) else 1


if __name__ == "__main__":
    sys.exit(main())
