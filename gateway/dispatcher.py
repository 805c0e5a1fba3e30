"""Takes stored events to their pairs. What it did stands in PostgreSQL, so it goes on after a crash where it was."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from activities.persistence.store import Store
from gateway.temporal import TemporalUnavailable, WorkflowNotFound, Workflows
from schemas.cloud_events import PERSON_TOLD
from schemas.events import Side
from schemas.ids import PairRef, parse_pair_id
from schemas.inbox import EventState, StoredEvent
from schemas.stages import Stage

BATCH = 100
AT_ONCE = 20
LONGEST_WAIT = timedelta(seconds=15)
PATIENCE = 240
"""Attempts at a run that PostgreSQL knows and Temporal does not (a cohort is started page by page): about an hour."""
SIDED = frozenset(
    {"windows_given", "charter_signed", "answered", "pulse_received", "person_left"}
)
"""Signals that say which side it is about."""
BOTH = SIDED | {"directives_changed"}
"""Signals for every pair of a person, be they mentor or mentee there."""
KEPT = frozenset({"windows_given", "person_left", "directives_changed", PERSON_TOLD})
"""They take effect in PostgreSQL when they are stored, pair or no pair."""

log = structlog.get_logger(__name__)


class Dispatcher:
    """One background task. `wake` tells it that something was stored; it also looks by itself."""

    def __init__(
        self, store: Store, workflows: Workflows, look_every: float = 1.0
    ) -> None:
        self._store = store
        self._workflows = workflows
        self._look_every = look_every
        self._woken = asyncio.Event()
        self.alive = False
        """Whether `run` runs."""

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """For ever; PostgreSQL away is waited for."""
        self.alive = True
        try:
            await self._look_for_ever()
        finally:
            self.alive = False

    async def _look_for_ever(self) -> None:
        failures = 0
        while True:
            self._woken.clear()
            try:
                handled = await self.once(datetime.now(UTC))
                failures = 0
            except Exception as error:  # whatever it is, the next look may succeed, and nothing is lost meanwhile
                failures += 1
                handled = 0
                log.warning(
                    "dispatcher_waits", error=type(error).__name__, failures=failures
                )
            if handled < BATCH:
                await self._rest(
                    min(self._look_every * 2**failures, LONGEST_WAIT.total_seconds())
                )

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    async def once(self, now: datetime) -> int:
        """Deliver what is due at `now` (wall time); answers how many events were looked at."""
        events = await self._store.inbox.undelivered(BATCH, now)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(event: StoredEvent) -> None:
            async with gate:
                await self._deliver(event, now)

        await asyncio.gather(*(one(event) for event in events))
        return len(events)

    async def _deliver(self, event: StoredEvent, now: datetime) -> None:
        module = event.payload.get("module")
        if (
            event.kind == "module_completed"
            and event.person
            and isinstance(module, str)
        ):
            await self._store.people.complete_module(event.person, module)
        targets = await self._targets(event)
        if not targets:
            return await self._nobody(event)
        reached, missing = list(event.reached), []
        try:
            for pair, side in targets:
                if pair.workflow_id in reached:
                    continue
                try:
                    await self._workflows.signal(
                        pair.workflow_id, event.kind, payload_for(event, side)
                    )
                    reached.append(pair.workflow_id)
                except WorkflowNotFound:
                    missing.append(pair)
        except TemporalUnavailable:
            return await self._later(event, "temporal_away", reached, now)
        if missing:
            return await self._not_there(event, missing[0], reached, now)
        if event.kind == "concern_raised":
            await self._heard(event, targets[0][0])
        return await self._store.inbox.mark(
            event.key, EventState.DELIVERED, reached=reached
        )

    async def _targets(self, event: StoredEvent) -> list[tuple[PairRef, Side | None]]:
        if event.pair is not None:
            return [(parse_pair_id(event.pair), None)]
        if event.person is None or event.kind == PERSON_TOLD:
            return []
        live = await self._store.pairs.live_of(event.person)
        only = None if event.kind in BOTH else Side.MENTOR
        return [(pair, side) for pair, side in live if only in (None, side)]

    async def _heard(self, event: StoredEvent, pair: PairRef) -> None:
        """A pair that has closed takes a signal until its run ends, and does nothing for it."""
        detail = await self._store.pairs.find(pair.workflow_id)
        if detail and detail.stage is Stage.CLOSED:
            await self._store.outbox.request_call(pair.workflow_id, event.key)

    async def _nobody(self, event: StoredEvent) -> None:
        """No live pair: a module counts for the start to come; what PostgreSQL keeps anyway needs nobody to hear it."""
        if event.kind == "module_completed":
            await self._store.inbox.mark(
                event.key, EventState.WAITING, reason="no_pair_yet"
            )
        elif event.kind in KEPT or event.reached:
            await self._store.inbox.mark(
                event.key, EventState.DELIVERED, reached=event.reached
            )
        else:
            await self._store.inbox.mark(
                event.key, EventState.UNDELIVERABLE, reason="no_live_pair"
            )

    async def _not_there(
        self, event: StoredEvent, pair: PairRef, reached: list[str], now: datetime
    ) -> None:
        detail = await self._store.pairs.find(pair.workflow_id)
        if detail and detail.stage is Stage.CLOSED and event.kind == "concern_raised":
            await self._store.outbox.request_call(pair.workflow_id, event.key)
            await self._store.inbox.mark(
                event.key, EventState.DELIVERED, reached=reached
            )
        elif detail is None or detail.stage is Stage.CLOSED:
            reason = "pair_closed" if detail else "no_such_pair"
            await self._store.inbox.mark(
                event.key, EventState.UNDELIVERABLE, reason=reason, reached=reached
            )
        elif event.attempts >= PATIENCE:
            await self._store.inbox.mark(
                event.key,
                EventState.UNDELIVERABLE,
                reason="run_not_found",
                reached=reached,
            )
        else:
            await self._later(event, "pair_not_started", reached, now)

    async def _later(
        self, event: StoredEvent, reason: str, reached: list[str], now: datetime
    ) -> None:
        wait = min(timedelta(seconds=2 ** min(event.attempts, 10)), LONGEST_WAIT)
        await self._store.inbox.mark(
            event.key,
            EventState.STORED,
            reason=reason,
            reached=reached,
            next_try=now + wait,
        )


def payload_for(event: StoredEvent, side: Side | None) -> dict[str, Any]:
    """The signal's fields for one pair. A page's event says its side itself."""
    payload = dict(event.payload)
    if side and event.kind in SIDED:
        payload.setdefault("side", side.value)
        if event.kind == "person_left" and side is Side.MENTEE and event.person:
            payload.setdefault("mentee", event.person)
    return payload
