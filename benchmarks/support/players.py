"""The participants of the engine's benchmark: they answer what PostgreSQL shows to be open, as pages would."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg
from temporalio.client import Client

from activities.persistence.store import Store
from benchmarks.support.bare import SESSIONS
from gateway.early_search import with_early_slots
from schemas.time.clock import Clock

POLL = 0.2


class Seat(NamedTuple):
    """Whom a pair is to be matched with, and the clock it lives by."""

    mentee: str
    clock: Clock


class Players:
    """Every answer is the one signal that the gateway makes of it. Only what has changed is read: a driver that reads
    all pairs again is the brake.
    """

    def __init__(
        self, client: Client, store: Store, url: str, seats: Mapping[str, Seat]
    ) -> None:
        self.client, self.store, self.url, self.seats = client, store, url, seats
        self.done: set[tuple[str, str]] = set()
        self.seen: dict[str, tuple[int, dict[str, Any]]] = {}
        """Revision and state of each live pair, as last read."""

    async def play(self) -> None:
        """Until every pair has closed."""
        connection = await asyncpg.connect(self.url)
        try:
            while await self._look(connection):
                await asyncio.gather(
                    *(
                        self._answer(pair, state)
                        for pair, (_, state) in self.seen.items()
                    )
                )
                await asyncio.sleep(POLL)
        finally:
            await connection.close()

    async def _look(self, connection: asyncpg.Connection) -> int:
        """Read what has changed; answers how many pairs still live."""
        rows = await connection.fetch(
            "select pair, revision from pairs where stage <> 'closed'"
        )
        live = {row["pair"]: row["revision"] for row in rows}
        self.seen = {pair: self.seen.get(pair, (-1, {})) for pair in live}
        changed = [
            pair for pair, revision in live.items() if self.seen[pair][0] != revision
        ]
        for row in await connection.fetch(
            "select pair, revision, state from pairs where pair = any($1::text[])",
            changed,
        ):
            self.seen[row["pair"]] = (row["revision"], json.loads(row["state"] or "{}"))
        return len(live)

    async def _answer(self, pair: str, state: dict[str, Any]) -> None:
        handle = self.client.get_workflow_handle(pair)
        stage, mentee = state.get("stage", "training"), self.seats[pair].mentee
        if stage == "training" and self._once(pair, "ready"):
            await handle.signal("volunteered", {"charter": True})
            await handle.execute_update("sign_off", {})
        if stage == "matching" and self._once(pair, "matched"):
            await handle.signal("matched", {"mentee": mentee})
            for side in ("mentor", "mentee"):
                agreed = {"side": side, "mentee": mentee, "charter": True}
                await self._signal(pair, "agreed", agreed)
        for session in state.get("sessions", ())[-2:]:
            await self._answer_session(handle, pair, session)

    async def _answer_session(
        self, handle: Any, pair: str, session: dict[str, Any]
    ) -> None:
        number, status = session["number"], session["status"]
        key = {"session": number, "attempt": session.get("attempt", 1)}
        which = f"{number}.{key['attempt']}"
        if status == "proposed" and self._once(
            pair, f"answer {which}.{session['sequence']}"
        ):
            await handle.signal(
                "answered", {**key, "sequence": session["sequence"], "answer": "yes"}
            )
        if (
            status in ("agreed", "over")
            and self._begun(pair, session)
            and self._once(pair, f"held {which}")
        ):
            await self._signal(pair, "held", key)
        if (
            status == "held"
            and number == SESSIONS
            and self._once(pair, f"pulse {number}")
        ):
            for side in ("mentor", "mentee"):
                await handle.signal(
                    "pulse_received", {"session": number, "pulse": side}
                )

    async def _signal(self, pair: str, kind: str, payload: dict[str, Any]) -> None:
        """Signal a pair that may have to look for times: with those of its agendas."""
        now = datetime.now(UTC)
        with_times = await with_early_slots(self.store, pair, kind, payload, now)
        await self.client.get_workflow_handle(pair).signal(kind, with_times)

    def _begun(self, pair: str, session: dict[str, Any]) -> bool:
        return self.seats[pair].clock.programme(
            datetime.now(UTC)
        ) >= datetime.fromisoformat(session["start"])

    def _once(self, pair: str, what: str) -> bool:
        fresh = (pair, what) not in self.done
        self.done.add((pair, what))
        return fresh
