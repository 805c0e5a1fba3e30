"""Stores events, with what goes beside them into PostgreSQL: all of a request, or nothing."""

import asyncio
from collections.abc import Collection, Sequence

from domain.inbox.reuse import EventIdReused, reused_ids
from domain.releases.live_counts import counted_as
from gateway.context import Gateway
from gateway.events.checking import CheckedEvent
from gateway.http.problems import RequestRefused
from gateway.pulses import concern_of, keep_pulse, pulse_id
from schemas.people import PeopleRefused
from schemas.programme import Problem
from schemas.records.inbox import KeptEvent, NewEvent

CORRECT = "Nothing was stored. Correct what is listed and send it again."
REUSED = "Nothing was stored. An event id was used again for another fact; give every event an id of its own."


async def store_events(
    gateway: Gateway, checked: Sequence[CheckedEvent], batch: bool, begun_ns: int
) -> None:
    """Store what is new; a repetition changes nothing. `begun_ns` is when the request came.

    What belongs to the events goes first: a crash in between leaves data without an
    event, never the reverse.

    Raises:
        RequestRefused: 409, an id was used for another fact; 422, people do not fit.
    """
    new = await _new(gateway, checked, batch)
    await update_people(gateway, new, batch, write=True)
    events: list[NewEvent] = []
    for each in new:
        await asyncio.sleep(0)  # others' turn
        events.append(_as_signalled(gateway, each))
        if each.person is None:
            continue
        if each.windows:
            await gateway.store.people.set_windows(each.person.person, each.windows)
        if each.pulse:
            await keep_pulse(gateway.store, each.person.person, each.pulse)
            raised = await concern_of(
                gateway, each.event.source, each.event.key, each.pulse
            )
            events += [raised] if raised else []
    try:
        await gateway.store.inbox.store(events)
    except EventIdReused as reused:
        raise _conflict(gateway, checked, reused.reused, batch) from None
    _count(gateway, checked, {each.event.key for each in new})
    for each in new:
        event = each.event
        gateway.traces.received(event.key, event.kind, event.type, begun_ns)
    gateway.dispatcher.wake()


def _count(
    gateway: Gateway, checked: Sequence[CheckedEvent], new: Collection[str]
) -> None:
    for each in checked:
        event = each.event
        name = counted_as(event.kind, event.type)
        result = "stored" if event.key in new else "repeated"
        gateway.metrics.events_received.labels(name, result).inc()


def _as_signalled(gateway: Gateway, checked: CheckedEvent) -> NewEvent:
    """The event as its pair gets it: of a pulse the id, and not whose it is."""
    if checked.pulse is None:
        return checked.event
    known_as = pulse_id(gateway.options.pulse_key, checked.pulse)
    payload = {"session": checked.pulse.session, "pulse": known_as}
    return checked.event.having(payload=payload)


async def _new(
    gateway: Gateway, checked: Sequence[CheckedEvent], batch: bool
) -> list[CheckedEvent]:
    """What was not stored before, each once."""
    kept = await gateway.store.inbox.kept([each.event.key for each in checked])
    if reused := reused_ids((each.event for each in checked), kept):
        raise _conflict(gateway, checked, reused, batch)
    once: dict[str, CheckedEvent] = {}
    for each in checked:
        once.setdefault(each.event.key, each)
    return [each for key, each in once.items() if key not in kept]


async def update_people(
    gateway: Gateway, checked: Sequence[CheckedEvent], batch: bool, *, write: bool
) -> None:
    """Apply what events say of people, and store these events; or only see whether it fits.

    Raises:
        RequestRefused: it does not fit, or an id was used for another fact.
    """
    updates = [each.update for each in checked if each.update]
    if not updates:
        return
    events = [each.event for each in checked if each.update] if write else []
    try:
        await gateway.store.people_updates.apply(
            updates, events, gateway.now(), write=write
        )
    except EventIdReused as reused:
        raise _conflict(gateway, checked, reused.reused, batch) from None
    except PeopleRefused as refused:
        places = _places(checked, batch)
        problems = [
            Problem(path=places[key] + _field(column), what=what)
            for key, column, what in refused.problems
        ]
        raise RequestRefused(422, CORRECT, problems) from None


def _conflict(
    gateway: Gateway,
    checked: Sequence[CheckedEvent],
    reused: Sequence[tuple[NewEvent, KeptEvent]],
    batch: bool,
) -> RequestRefused:
    places = _places(checked, batch)
    problems = [
        Problem(path=places[event.key] + "id", what=_both(gateway, event, first))
        for event, first in reused
    ]
    return RequestRefused(409, REUSED, problems)


def _both(gateway: Gateway, event: NewEvent, first: KeptEvent) -> str:
    """Both events by their types; who they are about is not repeated."""
    link = f"{gateway.options.public_url}/events/{first.key}"
    before = (
        f"{first.type}, received {first.received_at:%Y-%m-%dT%H:%M:%SZ}, {link}"
        if first.received_at
        else f"{first.type}, earlier in this request"
    )
    other = (
        "about somebody else"
        if event.person != first.person
        else "about the same person"
    )
    return f"used for {before}; and now for {event.type}, {other}, with other data"


def _places(checked: Sequence[CheckedEvent], batch: bool) -> dict[str, str]:
    """Where each event is in the request; of a key that comes twice the last one."""
    return {
        each.event.key: f"[{index}]." if batch else ""
        for index, each in enumerate(checked)
    }


def _field(column: str) -> str:
    """Where a column of a people file is in an event."""
    return "subject" if column == "external_id" else f"data.{column}"
