"""What the people of `benchmarks.scale` do: they answer what PostgreSQL shows to be open.

Modules are reported to the gateway by the learning platform; the rest is the signal that
the gateway makes of a page. All is read once a look, and the more pairs there are the
rarer are looks, so that the driver's own work grows with the pairs and not faster.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg
import httpx
from temporalio.client import Client

from activities.persistence.store import Store
from benchmarks.support.organisation import MODULE
from gateway.early_search import with_early_slots

AT_ONCE = 40
"""Answers under way: about as many people as press a button in the same moment."""

_STATEMENTS = {
    "volunteer": """
        select p.pair, m.external_id from pairs p join people m on m.person = p.mentor
        where p.stage = 'training' and p.revision > 0
          and p.state -> 'gate' ->> 'volunteered' is distinct from 'true'
    """,
    "sign_off": """
        select pair, '' from pairs
        where stage = 'training' and state -> 'gate' ->> 'volunteered' = 'true'
          and state -> 'gate' -> 'modules' ->> 0 is not null
    """,
    "agree": """
        select pair, mentee from pairs where stage = 'matching' and mentee_recorded
    """,
    "answer": """
        select pair, number || '.' || attempt || '.' || sequence
        from sessions where status = 'proposed'
    """,
    "hold": """
        select s.pair, s.number || '.' || s.attempt
        from sessions s join programmes g using (programme)
        where s.status in ('agreed', 'over')
          and s.start_at < g.programme_epoch + (now() - g.wall_epoch) * g.pace
    """,
}


class Answer(NamedTuple):
    """One thing that somebody does once: of what kind, for which pair, about what."""

    kind: str
    pair: str
    about: str


class Answers:
    """Answers of everybody; `allowed` says which kinds are given in this step."""

    def __init__(
        self,
        client: Client,
        store: Store,
        sql: asyncpg.Connection,
        gateway: httpx.AsyncClient,
    ) -> None:
        self._client, self._store, self._sql = client, store, sql
        self._gateway = gateway
        self._given: set[Answer] = set()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._ways: dict[str, Callable[[str, str], Awaitable[Any]]] = {
            "volunteer": self._volunteer,
            "sign_off": self._sign_off,
            "agree": self._agree,
            "answer": self._answer,
            "hold": self._hold,
        }

    async def give(self, kinds: Iterable[str]) -> None:
        """Answer all that is open of these kinds, and was not answered before."""
        for kind in kinds:
            rows = await self._sql.fetch(_STATEMENTS[kind])
            found = {Answer(kind, *row) for row in rows}
            fresh = found - self._given
            self._given |= fresh
            await asyncio.gather(*map(self._one, sorted(fresh)))

    async def _one(self, answer: Answer) -> None:
        async with self._gate:
            await self._ways[answer.kind](answer.pair, answer.about)

    async def _volunteer(self, pair: str, external_id: str) -> None:
        await self._signal(pair, "volunteered", {"charter": True})
        event = {
            "specversion": "1.0",
            "id": f"done-{external_id}",
            "source": "/bench/learning",
            "type": "binome.module_completed.v1",
            "subject": external_id,
            "data": {"module": MODULE},
        }
        headers = {"Content-Type": "application/cloudevents+json"}
        sent = await self._gateway.post("/events", json=event, headers=headers)
        sent.raise_for_status()

    async def _sign_off(self, pair: str, _: str) -> None:
        handle = self._client.get_workflow_handle(pair)
        await handle.execute_update("sign_off", {})

    async def _agree(self, pair: str, mentee: str) -> None:
        for side in ("mentor", "mentee"):
            agreed = {"side": side, "mentee": mentee, "charter": True}
            await self._signal(pair, "agreed", agreed)

    async def _answer(self, pair: str, about: str) -> None:
        number, attempt, sequence = map(int, about.split("."))
        about_session = {"session": number, "attempt": attempt, "sequence": sequence}
        await self._signal(pair, "answered", {**about_session, "answer": "yes"})

    async def _hold(self, pair: str, about: str) -> None:
        number, attempt = map(int, about.split("."))
        await self._signal(pair, "held", {"session": number, "attempt": attempt})

    async def _signal(self, pair: str, kind: str, payload: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        with_times = await with_early_slots(self._store, pair, kind, payload, now)
        await self._client.get_workflow_handle(pair).signal(kind, with_times)
