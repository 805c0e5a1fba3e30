"""The section of docs/events.md on events that find no pair: each was given to the gateway's own code."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from activities.persistence.messages.inbox import Inbox
from activities.persistence.messages.outbox import Outbox
from activities.persistence.people.people import People
from activities.persistence.programmes.pairs import Pairs
from activities.persistence.programmes.programmes import Programmes
from activities.persistence.store import Store
from domain.inbox.delivery import MOST_ATTEMPTS
from domain.sources.granting import EVERYTHING
from gateway.console.code_texts import EVENT_REASONS
from gateway.dispatcher import Dispatcher
from gateway.events.checking import EventInvalid, check_event, read_event
from gateway.temporal import TemporalUnavailable, WorkflowClient, WorkflowNotFound
from schemas.cloud_events import CATALOGUE, CloudEvent
from schemas.events import Side
from schemas.ids import PairRef
from schemas.people import Person
from schemas.records.inbox import EventState, NewEvent, StoredEvent
from schemas.records.listings import PairDetail
from schemas.records.sources import EventSource
from schemas.stages import Stage
from tools.docs.example_pairs import MENTOR

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
SOURCE = EventSource(name="s", scope=EVERYTHING, credential=1)
PAIR = PairRef(programme="mentorat-2027", region="comex", mentor=MENTOR, seat=1)
DATA: dict[str, dict[str, Any]] = {
    "module_completed": {"module": "listening"},
    "windows_given": {"windows": [{"day": 0, "start": 540, "end": 720}]},
    "answered": {"session": 1, "sequence": 0, "answer": "yes"},
    "held": {"session": 1},
    "pulse_received": {"session": 1, "score": 4},
    "person_updated": {"manager": None},
}
PAIR_STATES = {
    "the person has no pair": ("none", "none"),
    "the pair is just being started": ("training", "training"),
    "the pair closed after the event was stored": ("sessions", "closed"),
    "Temporal does not answer": ("sessions", "unavailable"),
}
"""State of the pair when the event is sent, and when it is delivered."""
HEAD = """## At the gateway: no pair yet, no pair any more

The gateway checks an event, stores it, answers `202`, and then takes it to the pairs. `GET /events/{id}` shows its
state and, where there is one, a reason. Refused (`422`) means that nothing was stored and the answer says why.
"""
FOOT = f"""- Somebody who was never imported: {{unknown}}.
- An event that names a pair which is closed, or another person's: {{other}}.
- A pair that is being started is tried again, at most 15 seconds apart, {MOST_ATTEMPTS} times (about an hour); then the
  event is {{given_up}}.
- A completed module is kept with the person, whatever becomes of the event: a pair that starts later counts it. A
  waiting one is delivered as soon as the person has a pair. Hours, leaving, a pause of the person and what is
  said of the person themselves (`person_upserted`, `manager_changed`, `person_moved`) take effect without one: they
  hold from the moment the event is stored, or from the day that it names, for pairs that start later too.
- A concern that a pulse raised while the pair was live, and that comes when it has closed: {{concern}}. So a call for
  help is not lost with the pair.
- What is undeliverable stands under *Not delivered* on the console with its reason, and ops may send it again: when
  the pair is there by then, it arrives.
- A signal straight to Temporal is kept by nobody: to a pair that is not started or is closed it fails at the sender
  (`NOT_FOUND`). `POST /events` is for those who want it kept.
- The same `source` and `id` is stored once, whatever else differs; the first one stands, and both answers name one
  link.
- `time` may be hours or years off, or missing: it is kept and delays or hurries nothing. A completion dated
  {{past}} or {{future}} is {{dated}}, as one dated now. Two things are decided by it: of `person_paused` and
  `person_resumed` with a `time` the later one counts, whichever came first, and so it is with each column of what is
  said of a person; a `time` yet to come means now.
- `person_paused` and `person_resumed` reach pairs as the signal `directives_changed`: the pair reads in PostgreSQL what
  is in force. So it may come twice, late or in any order.
- `person_upserted`, `manager_changed` and `person_moved` reach no pair. Who reports to whom is looked at again
  for all live pairs after a change.
"""


class OneEvent(Store):
    """What the gateway asks of PostgreSQL about one event, one person and one pair."""

    def __init__(self, pair: str) -> None:
        self.programmes = _Programmes()
        self.people = _People(pair)
        self.pairs: _Pairs = _Pairs(pair)
        self.inbox: _Inbox = _Inbox()
        self.outbox: _Outbox = _Outbox()


class _Programmes(Programmes):
    def __init__(self) -> None: ...

    async def modules(self, programmes: Collection[str] = ()) -> frozenset[str]:
        return frozenset({"listening"})


class _People(People):
    def __init__(self, pair: str) -> None:
        self._known = pair != "unknown"

    async def find_external(self, external_id: str) -> Person | None:
        return (
            Person(person=MENTOR, external_id="E1", name="-", email="-", region="comex")
            if self._known
            else None
        )

    async def complete_module(self, person: str, module: str) -> None: ...


class _Pairs(Pairs):
    """One pair: none, unknown, a stage, or unavailable (Temporal does not answer)."""

    def __init__(self, pair_state: str) -> None:
        self.pair_state = pair_state

    async def live_of(self, person: str) -> list[tuple[PairRef, Side]]:
        return [] if self.pair_state in ("none", "closed") else [(PAIR, Side.MENTOR)]

    async def find(self, pair_id: str) -> PairDetail | None:
        return PairDetail(
            pair=PAIR,
            mentor_name="-",
            stage=Stage.SESSIONS
            if self.pair_state == "unavailable"
            else Stage(self.pair_state),
        )


class _Inbox(Inbox):
    def __init__(self) -> None:
        self.event: StoredEvent | None = None

    async def lease_due(self, limit: int, now: datetime) -> list[StoredEvent]:
        return [self.event] if self.event else []

    async def try_waiting(self) -> int:
        return 0

    async def mark(
        self,
        key: str,
        state: EventState,
        *,
        reason: str | None = None,
        reached: Sequence[str] = (),
        next_try: datetime | None = None,
    ) -> None:
        if self.event:
            self.event = self.event.model_copy(
                update={"state": state, "reason": reason}
            )


class _Outbox(Outbox):
    def __init__(self) -> None:
        self.called = False

    async def queue_call_notices(self, pair: str, key: str) -> None:
        self.called = True


class _Temporal:
    """No open run, or no answer."""

    def __init__(self, pair_state: str) -> None:
        self._pair_state = pair_state

    async def signal(
        self, workflow_id: str, name: str, payload: dict[str, Any]
    ) -> None:
        raise (
            TemporalUnavailable
            if self._pair_state == "unavailable"
            else WorkflowNotFound
        )


def section() -> list[str]:
    lines = [
        HEAD,
        f"| event | {' | '.join(PAIR_STATES)} |",
        "|---" + "|---" * len(PAIR_STATES) + "|",
    ]
    for name in CATALOGUE:
        shown = [
            asyncio.run(shown_state(name, sent, delivered))
            for sent, delivered in PAIR_STATES.values()
        ]
        lines.append(f"| `{name.split('.')[1]}` | {' | '.join(shown)} |")
    return [*lines, "", _foot(), *_reasons()]


def _foot() -> str:
    module = "binome.module_completed.v1"
    past, future = NOW - timedelta(days=3650), NOW + timedelta(days=3650)
    dated = {
        asyncio.run(shown_state(module, "sessions", "unavailable", time=time))
        for time in (past, NOW, future)
    }
    return FOOT.format(
        unknown=asyncio.run(shown_state(module, "unknown", "unknown")),
        other=asyncio.run(
            shown_state("binome.held.v1", "sessions", "sessions", pair="pair:another")
        ),
        given_up=asyncio.run(
            shown_state(module, "training", "training", attempts=MOST_ATTEMPTS)
        ),
        concern=asyncio.run(_concern()),
        past=past.year,
        future=future.year,
        dated=" or ".join(sorted(dated)),
    )


def _reasons() -> list[str]:
    return [
        "| reason | meaning |",
        "|---|---|",
        *(f"| `{code}` | {words} |" for code, words in EVENT_REASONS.items()),
        "",
    ]


async def shown_state(
    name: str,
    sent: str,
    delivered: str,
    *,
    attempts: int = 0,
    time: datetime = NOW,
    **more: str,
) -> str:
    """What `GET /events/{id}` shows after the first look of the dispatcher."""
    store = OneEvent(sent)
    data = {**DATA.get(CATALOGUE[name].kind, {}), **more}
    event = CloudEvent(
        specversion="1.0",
        id="1",
        source="/s",
        type=name,
        subject="E1",
        time=time,
        data=data,
    )
    try:
        checked = await check_event(store, await read_event(store, SOURCE, event))
    except EventInvalid as wrong:
        return "refused: " + "; ".join(f"`{p.path}` {p.what}" for p in wrong.problems)
    return await _delivered(store, checked.event, delivered, attempts)


async def _delivered(
    store: OneEvent, event: NewEvent, pair_state: str, attempts: int = 0
) -> str:
    store.pairs.pair_state = pair_state
    stored = StoredEvent(**event.model_dump(), received_at=NOW, attempts=attempts)
    store.inbox.event = stored
    await Dispatcher(store, cast(WorkflowClient, _Temporal(pair_state))).once(NOW)
    after = store.inbox.event
    reason = f", `{after.reason}`" if after.reason else ""
    return f"{after.state.value}{reason}"


async def _concern() -> str:
    store = OneEvent("sessions")
    concern = NewEvent(
        key="e1",
        source="s",
        event_id="1",
        type="-",
        kind="concern_raised",
        pair=PAIR.workflow_id,
        payload={"concern": "c1"},
    )
    shown = await _delivered(store, concern, "closed")
    called = (
        "the mentor is called all the same"
        if store.outbox.called
        else "nobody is called"
    )
    return f"{shown}, and {called}"
