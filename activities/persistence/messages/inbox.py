"""Events on their way to pairs, and the services that send them."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from activities.persistence.database import Repository, Row, as_json
from schemas.records.inbox import EventState, NewEvent, StoredEvent


class Inbox(Repository):
    """Events that the gateway stored, until they are delivered to pairs."""

    async def store(self, events: Sequence[NewEvent]) -> int:
        """Keep them in one transaction; a known `key` is left alone. Returns how many are new."""
        return int(
            await self._database.value("store_events", events=as_json(list(events)))
        )

    async def find(self, key: str) -> StoredEvent | None:
        row = await self._database.row("event", key=key)
        return _event(row) if row else None

    async def undelivered(self, limit: int, now: datetime) -> list[StoredEvent]:
        """Returns events that are due for delivery, oldest first.

        Due are stored ones whose `next_try` has come, and waiting ones whose person has a live pair by now.
        """
        return [
            _event(row)
            for row in await self._database.rows(
                "undelivered_events", now=now, most=limit
            )
        ]

    async def mark(
        self,
        key: str,
        state: EventState,
        *,
        reason: str | None = None,
        reached: Sequence[str] = (),
        next_try: datetime | None = None,
    ) -> None:
        """Note the result of an attempt to deliver, and count it; `reached` replaces
        the earlier list.
        """
        await self._database.execute(
            "mark_event",
            key=key,
            state=state.value,
            reason=reason,
            reached=list(reached),
            next_try=next_try,
        )

    async def resend(self, key: str) -> bool:
        """Put an undeliverable event back to stored with no attempts; False: there is none."""
        return await self._database.execute("resend_event", key=key) > 0

    async def in_states(
        self, states: Sequence[EventState], limit: int
    ) -> list[StoredEvent]:
        rows = await self._database.rows(
            "events_in", states=[state.value for state in states], most=limit
        )
        return [_event(row) for row in rows]

    async def counts(self) -> dict[str, int]:
        return {
            row["state"]: row["events"]
            for row in await self._database.rows("event_counts")
        }


def _event(row: Row) -> StoredEvent:
    return StoredEvent.model_validate({**row, "payload": json.loads(row["payload"])})


class Sources(Repository):
    """Services that may send events, and their bearer tokens."""

    async def add(self, name: str) -> str:
        """Make a bearer token for a service; one it had before is void. Only a hash is kept."""
        token = secrets.token_urlsafe(32)
        await self._database.execute("add_source", name=name, token_hash=_hash(token))
        return token

    async def find(self, token: str) -> str | None:
        name: str | None = await self._database.value(
            "source_of", token_hash=_hash(token)
        )
        return name


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
