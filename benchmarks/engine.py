"""The engine: pairs played end to end (PostgreSQL, mails, signals) against a bare workflow, same server, same run.

A stack of `binome up` runs beside this process, with a worker process each for pairs and for the floor; this process
only plays participants, so that driver and worker do not share an interpreter.
"""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
from temporalio.client import Client

from activities.persistence.people_file import COLUMNS
from activities.persistence.planning import plan_of
from activities.persistence.starting import start_page
from activities.persistence.store import Store
from benchmarks.bare import QUEUE, SESSIONS, Bare
from benchmarks.counting import Cost, cost_of
from benchmarks.tables import table
from schemas.cohort import CohortStart
from schemas.programme import ProgrammeDocument
from workers.client import connect

PAIRS = int(os.environ.get("BENCH_PAIRS", "300"))
"""Enough that there is always something to do: with 100, most of the time passed in waiting for programme time."""
AIM = 0.8
POLL = 0.2
DOCUMENT = {
    "programme": "engine",
    "starts_on": "2027-01-11",
    "training": {"rehearsal": False},
    "sessions": {"every": "1 day", "notice": "1 day", "window": "1 week"},
    "regions": [{"region": "comex", "mentors_from": ["idf"]}],
    "rehearsal": {"pace": 8_640},
}


def people() -> bytes:
    """A mentor and a mentee for each pair, always free."""
    rows = [",".join(COLUMNS)]
    for n in range(PAIRS):
        for role, region in (("mentor", "idf"), ("mentee", "comex")):
            cells = {"external_id": f"{role}-{n}", "name": f"{role} {n}", "email": f"{role}-{n}@example.org"}
            cells |= {"region": region, "roles": role, "languages": "fr"}
            cells["windows"] = "; ".join(f"{day} 09:00-18:00" for day in ("mon", "tue", "wed", "thu", "fri"))
            rows.append(",".join(cells.get(column, "") for column in COLUMNS))
    return "\n".join(rows).encode()


class Players:
    """Answer what PostgreSQL shows to be open, as pages would; every answer is one signal."""

    def __init__(self, client: Client, url: str, mentees: dict[str, str], start: CohortStart) -> None:
        self.client, self.url, self.mentees, self.start = client, url, mentees, start
        self.done: set[tuple[str, str]] = set()
        self.seen: dict[str, tuple[int, dict[str, Any]]] = {}
        """Revision and state of each live pair, as last read: a driver that reads all of them again is the brake."""

    async def play(self) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            while True:
                if not await self._look(connection):
                    return
                await asyncio.gather(*(self._answer(pair, state) for pair, (_, state) in self.seen.items()))
                await asyncio.sleep(POLL)
        finally:
            await connection.close()

    async def _look(self, connection: asyncpg.Connection) -> int:
        """Read what has changed; answers how many pairs still live."""
        rows = await connection.fetch("select pair, stage, revision from pairs where programme = 'engine'")
        live = {row["pair"]: row["revision"] for row in rows if row["stage"] != "closed"}
        self.seen = {pair: self.seen.get(pair, (-1, {})) for pair in live}
        changed = [pair for pair, revision in live.items() if self.seen[pair][0] != revision]
        for row in await connection.fetch(
            "select pair, revision, state from pairs where pair = any($1::text[])", changed
        ):
            self.seen[row["pair"]] = (row["revision"], json.loads(row["state"] or "{}"))
        return len(live)

    async def _answer(self, pair: str, state: dict[str, Any]) -> None:
        handle = self.client.get_workflow_handle(pair)
        stage, mentee = state.get("stage", "training"), self.mentees[pair]
        if stage == "training" and await self._once(pair, "ready"):
            await handle.signal("volunteered", {"charter": True})
            await handle.execute_update("sign_off", {})
        if stage == "matching" and await self._once(pair, "matched"):
            await handle.signal("matched", {"mentee": mentee})
            for side in ("mentor", "mentee"):
                await handle.signal("agreed", {"side": side, "mentee": mentee, "charter": True})
        for session in state.get("sessions", ())[-2:]:
            await self._answer_session(handle, pair, session)

    async def _answer_session(self, handle: Any, pair: str, session: dict[str, Any]) -> None:
        number, status = session["number"], session["status"]
        key = {"session": number, "attempt": session.get("attempt", 1)}
        if status == "proposed" and await self._once(pair, f"answer {number} {session['sequence']}"):
            await handle.signal("answered", {**key, "sequence": session["sequence"], "answer": "yes"})
        if status in ("agreed", "over") and self._begun(session) and await self._once(pair, f"held {number}"):
            await handle.signal("held", key)
        if status == "held" and number in (1, 3, SESSIONS) and await self._once(pair, f"pulse {number}"):
            for side in ("mentor", "mentee"):
                await handle.signal("pulse_received", {"session": number, "side": side})

    def _begun(self, session: dict[str, Any]) -> bool:
        return self.start.clock.programme(datetime.now(UTC)) >= datetime.fromisoformat(session["start"])

    async def _once(self, pair: str, what: str) -> bool:
        if (pair, what) in self.done:
            return False
        self.done.add((pair, what))
        return True


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    before = perf_counter()
    await work()
    return perf_counter() - before


async def pairs(client: Client, url: str) -> tuple[float, Cost, int]:
    """Play all pairs; wall seconds, what they cost, and how many sessions they held."""
    store = await Store.open(url)
    await store.import_people(people())
    document = ProgrammeDocument.model_validate(DOCUMENT)
    plan, problems = plan_of(document, datetime.now(UTC))
    assert plan is not None, problems
    await store.claim_programme(document, plan, "bench")
    start = CohortStart(plan=plan.cohorts[0], clock=plan.clock, opens_at=plan.starts_at)
    await store.enrol(start)
    page = await store.pairs_to_start(start.plan.cohort, "", PAIRS)
    mentees = [p.person for p in await store.people("comex", PAIRS, 0)]
    ids: list[str] = []

    async def play() -> None:
        ids.extend(sorted(await start_page(client, start, page)))
        await store.mark_started(ids)
        await Players(client, url, dict(zip(ids, mentees, strict=True)), start).play()

    spent = await timed(play)
    counts = await store.counts(start.plan.cohort)
    await store.close()
    return spent, await total(client, ids), counts.sessions_held


async def floor(client: Client) -> tuple[float, Cost, int]:
    """The bare workflow as often, signalled from here."""
    ids = [f"bare-{n}" for n in range(PAIRS)]

    async def one(name: str) -> None:
        handle = await client.start_workflow(Bare.run, id=name, task_queue=QUEUE)
        for _ in range(SESSIONS):
            await handle.signal(Bare.hear)
        await handle.result()

    async def play() -> None:
        await asyncio.gather(*(one(name) for name in ids))

    return await timed(play), await total(client, ids), PAIRS * SESSIONS


async def total(client: Client, ids: list[str]) -> Cost:
    costs = [await cost_of(client, one) for one in ids]
    return sum(costs, Cost())


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="binome-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - root's PostgreSQL account has to reach it
        ports = [f"--{name}=0" for name in ("port", "temporal-port", "ui-port", "postgres-port", "smtp-port")]
        data = Path(folder) / "data"
        stack = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "binome", "up", f"--data={data}", *ports, stdout=DEVNULL, stderr=DEVNULL
        )
        bare = None
        try:
            addresses = await _addresses(data)
            client = await connect(target_host=addresses["temporal"])
            told = os.environ | {"TEMPORAL_ADDRESS": addresses["temporal"]}
            bare = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.bare", env=told)
            low, engine = await floor(client), await pairs(client, addresses["database_url"])
        finally:
            for process in (bare, stack):
                if process:
                    process.terminate()
                    await process.wait()
    _print(low, engine)


async def _addresses(data: Path) -> dict[str, str]:
    for _ in range(600):
        if (data / "stack.json").exists():
            break
        await asyncio.sleep(0.2)
    found: dict[str, str] = json.loads((data / "stack.json").read_text())
    return found


def _print(low: tuple[float, Cost, int], engine: tuple[float, Cost, int]) -> None:
    rates = [cost.actions / spent for spent, cost, _ in (low, engine)]
    rows = [
        [
            name,
            f"{spent:.1f}",
            f"{held:,}",
            f"{held / spent:.1f}",
            f"{cost.actions / held:.1f}",
            f"{cost.events / held:.1f}",
            f"{rate:.0f}",
            f"{rate / rates[0]:.2f}",
        ]
        for name, (spent, cost, held), rate in zip(
            ("floor: bare workflow", "pairs, end to end"), (low, engine), rates, strict=True
        )
    ]
    header = [
        "what",
        "seconds",
        "sessions held",
        "sessions/s",
        "actions a session",
        "events a session",
        "actions/s",
        "ratio",
    ]
    table(f"Engine, {PAIRS} pairs of {SESSIONS} sessions (aim: a ratio of {AIM})", header, rows)


if __name__ == "__main__":
    asyncio.run(main())
