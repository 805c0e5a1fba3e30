"""Delivers stored events to their pairs; what became of each is in PostgreSQL, so a crash loses nothing."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog

from activities.concurrency import some_at_a_time
from activities.persistence.store import Store
from domain.inbox.delivery import (
    LONGEST_WAIT,
    NO_SUCH_MODULE,
    DeliveryOutcome,
    calls_directly,
    names_unknown_module,
    pairs_reached,
    retry_wait,
    signal_payload,
    without_pair,
    without_run,
)
from domain.pair.feedback import pair_awaits_pulse
from gateway.early_search import with_early_slots
from gateway.temporal import TemporalUnavailable, WorkflowClient, WorkflowNotFound
from schemas.events import Side
from schemas.ids import PairRef, parse_pair_id
from schemas.records.inbox import EventState, StoredEvent
from schemas.stages import Stage

BATCH_EVENTS = 100
CONCURRENT_EVENTS = 20
TRY_WAITING_EVERY = timedelta(minutes=10)
"""Between two looks at all events that wait for a pair, which take a fifth of a second for
200,000; a cohort that opens makes its own due at once."""
LONGEST_TURN_SECONDS = 180.0
"""A look, a hundred events that each wait for their query or their signal, and the rest after it."""

Target = tuple[PairRef, Side | None]
"""A pair, and who the event's person is in it; None: the event names the pair itself."""

log = structlog.get_logger(__name__)


def untraced(key: str, kind: str) -> AbstractContextManager[None]:
    return nullcontext()


class Dispatcher:
    """A background task that delivers events. `wake` says that one was stored; it also
    looks by itself.
    """

    def __init__(
        self,
        store: Store,
        workflows: WorkflowClient,
        measure: Callable[[float], None] = lambda seconds: None,
        trace: Callable[[str, str], AbstractContextManager[None]] = untraced,
        look_every: float = 1.0,
    ) -> None:
        """Make one that shows what it does.

        Args:
            measure: is given how many seconds a delivery took since the receipt.
            trace: goes on with the trace of an event, of this key and kind.
        """
        self._store = store
        self._measure = measure
        self._trace = trace
        self._workflows = workflows
        self._look_every = look_every
        self._stored = asyncio.Event()
        self._waiting_due = datetime.min.replace(tzinfo=UTC)
        self._running = False
        self._turned_at = monotonic()

    def wake(self) -> None:
        self._stored.set()

    @property
    def goes_on(self) -> bool:
        """Whether `run` is running, and its loop has turned lately, in vain or not."""
        return self._running and monotonic() - self._turned_at <= LONGEST_TURN_SECONDS

    async def run(self) -> None:
        """Deliver for ever; while PostgreSQL is unavailable, wait for it."""
        self._running = True
        try:
            await self._deliver_forever()
        finally:
            self._running = False

    async def _deliver_forever(self) -> None:
        failures = 0
        while True:
            self._stored.clear()
            self._turned_at = monotonic()
            try:
                handled = await self.once(datetime.now(UTC))
                failures = 0
            # Whatever it is, nothing is lost, and the next look may succeed.
            except Exception as error:
                failures += 1
                handled = 0
                log.warning(
                    "dispatcher_waits", error=type(error).__name__, failures=failures
                )
            if handled < BATCH_EVENTS:
                await self._rest(
                    min(self._look_every * 2**failures, LONGEST_WAIT.total_seconds())
                )

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stored.wait(), seconds)

    async def once(self, now: datetime) -> int:
        """Deliver what is due at `now` (wall time); returns how many events were looked at."""
        begun = monotonic()
        if self._waiting_due <= now:
            await self._store.inbox.try_waiting()
            self._waiting_due = now + TRY_WAITING_EVERY
        events = await self._store.inbox.lease_due(BATCH_EVENTS, now)
        await some_at_a_time(
            CONCURRENT_EVENTS, lambda event: self._deliver(event, now, begun), events
        )
        return len(events)

    async def _deliver(self, event: StoredEvent, now: datetime, begun: float) -> None:
        with self._trace(event.key, event.kind):
            found = await self._deliver_traced(event, now)
        # Of any kind, or the rest would be known.
        if found.state is EventState.DELIVERED:
            since = (now - event.received_at).total_seconds() + monotonic() - begun
            self._measure(max(0.0, since))

    async def _deliver_traced(
        self, event: StoredEvent, now: datetime
    ) -> DeliveryOutcome:
        await self._keep_completion(event)
        targets, reached = await self._targets(event), list(event.reached)
        if not targets:
            found = without_pair(event)
        elif await self._names_unknown_module(event):
            found = NO_SUCH_MODULE
        elif await self._is_pulse_kept_here(event):
            found = DeliveryOutcome(EventState.DELIVERED)
        else:
            found = await self._signal(event, targets, reached, now)
        again = found.state is EventState.STORED
        await self._store.inbox.mark(
            event.key,
            found.state,
            reason=found.reason,
            reached=reached,
            next_try=now + retry_wait(event.attempts) if again else None,
        )
        return found

    async def _names_unknown_module(self, event: StoredEvent) -> bool:
        if event.kind != "module_completed":
            return False
        return names_unknown_module(event, await self._store.programmes.modules())

    async def _is_pulse_kept_here(self, event: StoredEvent) -> bool:
        """Whether a pulse is in PostgreSQL, where it belongs, and its pair waits for none."""
        session = event.payload.get("session")
        if event.kind != "pulse_received" or not event.pair or type(session) is not int:
            return False
        detail = await self._store.pairs.find(event.pair)
        state = detail.state if detail else None
        return state is not None and not pair_awaits_pulse(state, session)

    async def _keep_completion(self, event: StoredEvent) -> None:
        """Keep a completed module, so that a pair that starts later counts it.

        But not where only pairs of some programmes may have it.
        """
        module = event.payload.get("module")
        everywhere = event.kind == "module_completed" and not event.programmes
        completed = everywhere and event.person
        if completed and isinstance(module, str):
            await self._store.people.complete_module(completed, module)

    async def _targets(self, event: StoredEvent) -> list[Target]:
        if event.pair is not None:
            return [(parse_pair_id(event.pair), None)]
        if event.person is None:
            return []
        return [*pairs_reached(event, await self._store.pairs.live_of(event.person))]

    async def _signal(
        self,
        event: StoredEvent,
        targets: list[Target],
        reached: list[str],
        now: datetime,
    ) -> DeliveryOutcome:
        """Signal every pair that does not have the event; `reached` grows with each."""
        missing: list[PairRef] = []
        try:
            for pair, side in targets:
                if pair.workflow_id in reached:
                    continue
                name = pair.workflow_id
                payload = await with_early_slots(
                    self._store, name, event.kind, signal_payload(event, side), now
                )
                try:
                    await self._workflows.signal(name, event.kind, payload)
                    reached.append(name)
                except WorkflowNotFound:
                    missing.append(pair)
        except TemporalUnavailable:
            return DeliveryOutcome(EventState.STORED, "temporal_unavailable")
        if missing:
            stage = await self._call_if_closed(event, missing[0])
            return without_run(event, stage)
        if event.kind == "concern_raised":
            await self._call_if_closed(event, targets[0][0])
        return DeliveryOutcome(EventState.DELIVERED)

    async def _call_if_closed(self, event: StoredEvent, pair: PairRef) -> Stage | None:
        detail = await self._store.pairs.find(pair.workflow_id)
        stage = detail.stage if detail else None
        if calls_directly(event, stage):
            await self._store.outbox.queue_call_notices(pair.workflow_id, event.key)
        return stage
