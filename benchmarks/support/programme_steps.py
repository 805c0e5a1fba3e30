"""One programme of many pairs on a fresh stack, step by step, for `benchmarks.scale`."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from time import perf_counter
from typing import NamedTuple

import asyncpg
import httpx
from temporalio.client import Client, WorkflowHandle

from activities.persistence.store import Store
from benchmarks.support import organisation
from benchmarks.support.busy import Spent, timed
from benchmarks.support.counting import Cost
from benchmarks.support.growth import Sizes, cost_of_all, sizes_of
from benchmarks.support.many_answers import Answers
from benchmarks.support.one_machine import OneMachine, one_machine
from schemas.ids import TASK_QUEUE, programme_workflow_id
from workers.client import connect
from workers.payload_keys import NO_KEYS

PROGRESS_SECONDS = 5.0
LOOK_SECONDS = 0.5
LOOK_SECONDS_A_PAIR = 0.0005
"""A look at all pairs costs as much as there are pairs: with more of them it is rarer."""
SAMPLE = 200
"""Pairs whose histories are counted."""
STEP_HOURS = 3
"""Longest time for a step: after that something hangs."""

_MATCHED = "select count(*) from pairs where mentee_recorded"
_AT_REST = """
select not exists (
           select from outbox where state = 'queued' and due <= now() and not awaits_resume)
   and not exists (select from events where state = 'stored')
"""
_DONE = {
    "open": """
        select count(*) filter (where state -> 'gate' -> 'modules' ->> 0 is not null), count(*)
        from pairs
    """,
    "match": """
        select count(*) filter (where exists (select from sessions s where s.pair = p.pair)),
               case when (select count(distinct region) from match_runs) < $1 or exists (
                        select from matches where decision in ('proposed', 'approved', 'claimed'))
                    then count(*) else count(*) filter (where mentee is not null) end
        from pairs p
    """,
    "first sessions": """
        select count(*) filter (where held > 0), count(*) - count(*) / 50
        from pairs where mentee_recorded
    """,
    "pause": """
        select count(*) filter (where paused), count(*) from pairs where stage <> 'closed'
    """,
    "resume": """
        select count(*) filter (where not paused), count(*) from pairs where stage <> 'closed'
    """,
    "reorganisation": """
        select count(*) filter (
                   where g.status = 'notified' and p.state -> 'deadlines' ? 'decision_due'),
               cast($1 as bigint)
        from guard_findings g join pairs p using (pair)
    """,
    "closing": """
        select count(*) filter (where stage = 'closed'), count(*) from pairs
    """,
}
"""How many are done with a step, and how many are to be. Of first sessions one in fifty may
be missing: the last few wait for another week of their own hours."""
STEPS = ("import", *_DONE)


class Measured(NamedTuple):
    """A step at one size."""

    spent: Spent
    sizes: Sizes

    @property
    def processor(self) -> float:
        """Seconds of all parts of the stack; of the import too, which runs here."""
        return sum(self.spent.parts.values())


class Programme(NamedTuple):
    """All steps at one size."""

    pairs: int
    steps: dict[str, Measured]
    matched: int
    cost_a_pair: Cost
    cohorts: Cost
    sampled: int


class Rehearsal:
    """Plays the steps on one stack."""

    def __init__(
        self,
        pairs: int,
        day_seconds: float,
        stack: OneMachine,
        client: Client,
        store: Store,
        sql: asyncpg.Connection,
        gateway: httpx.AsyncClient,
    ) -> None:
        self._pairs, self._day, self._stack = pairs, day_seconds, stack
        self._client, self._store, self._sql = client, store, sql
        self._answers = Answers(client, store, sql, gateway)
        self._people = organisation.people(pairs)
        self._close = 0
        self._course: asyncio.Task[object] | None = None
        self._measured: dict[str, Measured] = {}

    async def play(self) -> Programme:
        await self._timed("import", self._import)
        await self._step("open", self._start, ("volunteer",))
        await self._step("match", None, ("sign_off", "agree", "answer", "hold"))
        await self._step("first sessions", None, ("answer", "hold"))
        matched = await self._sql.fetchval(_MATCHED)
        await self._step("pause", lambda: self._update("pause"))
        await self._step("resume", lambda: self._update("resume"))
        await self._step("reorganisation", self._reorganise)
        await self._step("closing", lambda: self._programme().cancel())
        assert self._course is not None
        await self._course
        say("counting histories")
        ids = await self._sql.fetch("select pair from pairs order by md5(pair)")
        sample = [row["pair"] for row in ids[:SAMPLE]]
        cohorts = [
            f"cohort:{organisation.PROGRAMME}:{region}:1"
            for region in organisation.sizes(self._pairs)
        ]
        return Programme(
            self._pairs,
            self._measured,
            matched,
            await cost_of_all(self._client, sample),
            await cost_of_all(self._client, cohorts),
            len(sample),
        )

    async def _import(self) -> None:
        found = await self._store.imports.apply(organisation.people_file(self._people))
        assert found.added == 2 * self._pairs, found

    def _programme(self) -> WorkflowHandle[object, object]:
        return self._client.get_workflow_handle(
            programme_workflow_id(organisation.PROGRAMME)
        )

    async def _start(self) -> None:
        await self._client.start_workflow(
            "ProgrammeWorkflow",
            organisation.document(self._pairs, self._day),
            id=programme_workflow_id(organisation.PROGRAMME),
            task_queue=TASK_QUEUE,
        )
        self._course = asyncio.create_task(self._programme().result())

    async def _update(self, name: str) -> None:
        await self._programme().execute_update(name, {})

    async def _reorganise(self) -> None:
        matched = await self._sql.fetch(
            "select m.external_id, e.external_id from pairs p join people m on m.person = p.mentor"
            " join people e on e.person = p.mentee where p.mentee_recorded order by p.pair"
        )
        rows, self._close = organisation.reorganised(
            self._people, [(row[0], row[1]) for row in matched]
        )
        found = await self._store.imports.apply(organisation.people_file(rows))
        assert not found.problems, found.problems

    async def _step(
        self,
        name: str,
        begin: Callable[[], Awaitable[object]] | None,
        answers: Sequence[str] = (),
    ) -> None:
        async def work() -> None:
            if begin is not None:
                await begin()
            await self._until_done(name, answers)

        await self._timed(name, work)

    async def _timed(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        processes = dict(self._stack.processes)
        if name in ("import", "reorganisation"):
            processes["import"] = os.getpid()
        async with asyncio.timeout(timedelta(hours=STEP_HOURS).total_seconds()):
            spent = await timed(processes, work)
        sizes = await sizes_of(self._stack, self._sql)
        self._measured[name] = done = Measured(spent, sizes)
        self._say(
            name, f"done in {spent.seconds:.0f} s, {done.processor:.0f} of processor"
        )

    async def _until_done(self, name: str, answers: Sequence[str]) -> None:
        begun = shown = perf_counter()
        values = {
            "match": [len(organisation.sizes(self._pairs))],
            "reorganisation": [self._close],
        }
        while True:
            done, total = await self._sql.fetchrow(_DONE[name], *values.get(name, []))
            if self._course is not None and self._course.done():
                self._course.result()  # raises if the document was refused
            if total and done >= total and await self._sql.fetchval(_AT_REST):
                return
            if perf_counter() - shown >= PROGRESS_SECONDS:
                shown = perf_counter()
                self._progress(name, done, total, shown - begun)
            await self._answers.give(answers)
            await asyncio.sleep(max(LOOK_SECONDS, LOOK_SECONDS_A_PAIR * self._pairs))

    def _progress(self, name: str, done: int, total: int, seconds: float) -> None:
        left = f", about {seconds * (total - done) / done:.0f} s more" if done else ""
        rest = " and waits for mails" if done >= total else ""
        self._say(
            name,
            f"{done:,} of {total:,}{rest}, {seconds:.0f} s{left}; load {os.getloadavg()[0]:.0f}",
        )

    def _say(self, name: str, words: str) -> None:
        say(
            f"{self._pairs:,} pairs, {STEPS.index(name) + 1}/{len(STEPS)} {name}: {words}"
        )


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


async def measure(pairs: int, day_seconds: float) -> Programme:
    say(f"{pairs:,} pairs, a programme day in {day_seconds:.0f} s: a stack starts")
    async with one_machine() as stack:
        addresses = stack.addresses
        client = await connect(NO_KEYS, target_host=addresses["temporal"])
        sql = await asyncpg.connect(addresses["database_url"])
        headers = {"Authorization": f"Bearer {addresses['token']}"}
        async with (
            await Store.open(addresses["database_url"]) as store,
            httpx.AsyncClient(
                base_url=addresses["gateway"],
                headers=headers,
                trust_env=False,
                timeout=60,
            ) as gateway,
        ):
            rehearsal = Rehearsal(
                pairs, day_seconds, stack, client, store, sql, gateway
            )
            found = await rehearsal.play()
        await sql.close()
    return found
