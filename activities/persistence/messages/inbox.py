"""Events on their way to pairs."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from activities.persistence.database import (
    Queries,
    Repository,
    Row,
    Transaction,
    as_json,
)
from domain.inbox.reuse import EventIdReused, reused_ids
from schemas.records.inbox import EventState, KeptEvent, NewEvent, StoredEvent

LEASE = timedelta(minutes=1)
"""How long the events of a gateway that died are left alone."""


class Inbox(Repository):
    """Events that the gateway stored, until they are delivered to pairs."""

    async def store(self, events: Sequence[NewEvent]) -> int:
        """Keep them in one transaction; a known `key` is left alone. Returns how many are new.

        Raises:
            EventIdReused: a known key is that of another fact; nothing is stored.
        """
        async with self._database.transaction() as transaction:
            return await store_events(transaction, events)

    async def kept(self, keys: Sequence[str]) -> dict[str, KeptEvent]:
        """Find what came before, by key."""
        return await _kept(self._database, keys)

    async def find(self, key: str) -> StoredEvent | None:
        row = await self._database.row("event", key=key)
        return _event(row) if row else None

    async def lease_due(self, limit: int, now: datetime) -> list[StoredEvent]:
        """Returns events that are due for delivery, oldest first; nobody else gets them for LEASE.

        Due are stored ones whose `next_try` has come.
        """
        return [
            _event(row)
            for row in await self._database.rows(
                "lease_events", now=now, until=now + LEASE, most=limit
            )
        ]

    async def try_waiting(self) -> int:
        """Make due what waited for a pair that lives by now. Returns how many.

        A cohort that opens does so for its own; this finds what came in the same moment.
        """
        nowhere = dict.fromkeys(("programme", "region", "wave"))
        return await self._database.execute("try_waiting_events", **nowhere)

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
        """The newest of those that are not delivered."""
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


async def store_events(transaction: Transaction, events: Sequence[NewEvent]) -> int:
    """Keep events together with what else the transaction writes. Returns how many are new.

    Raises:
        EventIdReused: the transaction is to be given up.
    """
    new: int = await transaction.value("store_events", events=as_json(list(events)))
    if new < len(events):
        kept = await _kept(transaction, [event.key for event in events])
        if reused := reused_ids(events, kept):
            raise EventIdReused(reused)
    return new


async def _kept(queries: Queries, keys: Sequence[str]) -> dict[str, KeptEvent]:
    rows = await queries.rows("kept_events", keys=list(keys))
    return {row["key"]: KeptEvent.model_validate(dict(row)) for row in rows}
