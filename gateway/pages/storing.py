"""Stores an answer: words and scores in PostgreSQL, signals in the inbox, an update at the pair."""

from collections.abc import Sequence
from hashlib import sha256

from activities.persistence.store import Store
from gateway.context import Gateway
from gateway.pages.answers import AnswerSignal, FormAnswer
from gateway.pages.visit import Visit
from gateway.pulses import (
    Pulse,
    concern,
    concern_of,
    drawn_call,
    keep_pulse,
    pulse_id,
)
from schemas.links import Link
from schemas.records.inbox import PAGE_SOURCE, NewEvent


class AlreadyAnswered(Exception):
    """Raised when another answer to the same question was stored first, and counts."""

    def __init__(self, stored: NewEvent, *, call_passed_on: bool = False) -> None:
        super().__init__(stored.kind)
        self.stored = stored
        self.call_passed_on = call_passed_on
        """A call for help in the answer that does not count was stored nevertheless."""


async def store_answer(gateway: Gateway, at: Visit, answer: FormAnswer) -> None:
    """Store an answer as a whole; the same answer again changes nothing.

    Raises:
        AlreadyAnswered: with the answer that counts.
        UpdateRejected, TemporalUnavailable, WorkflowNotFound: about the update.
    """
    store, link = gateway.store, at.link
    if answer.windows:
        await store.people.set_windows(_whose_windows(at), answer.windows)
    if answer.next_offer:
        await store.answers.save_offer(link.person, at.detail.pair, *answer.next_offer)
    counts = answer.pulse is None or await keep_pulse(store, link.person, answer.pulse)
    events = [_event(link, signal) for signal in answer.signals]
    if answer.pulse:
        events.append(_event(link, _pulse_signal(gateway, answer.pulse)))
    events += await _concerns(gateway, at, answer, counts=counts)
    events += await _drawn_calls(gateway, at, events)
    if events:
        new = await store.inbox.store(events)
        gateway.dispatcher.wake()
        if new < len(events):
            await _raise_if_other(store, events)
    if answer.pulse and not counts:
        raise AlreadyAnswered(events[0], call_passed_on=answer.pulse.wants_help)
    if answer.update:
        name = answer.update.kind
        payload = {**answer.update.model_dump(mode="json"), "by": link.person}
        once = f"page-{_digest(link, name)[:24]}"
        await gateway.workflows.update(link.pair, name, payload, once)


def _whose_windows(at: Visit) -> str:
    """Returns whose windows are stored: for a delegate, the mentee's."""
    for_mentee = at.link.role == "delegate" and at.mentee
    return for_mentee.person if for_mentee else at.link.person


def _pulse_signal(gateway: Gateway, pulse: Pulse) -> AnswerSignal:
    known_as = pulse_id(gateway.options.pulse_key, pulse)
    payload = {"session": pulse.session, "pulse": known_as}
    return AnswerSignal("pulse_received", payload)


async def _concerns(
    gateway: Gateway, at: Visit, answer: FormAnswer, *, counts: bool
) -> list[NewEvent]:
    """Concerns that an answer raises; a pulse that does not count raises none by its score."""
    link = at.link
    if answer.concern_seed:
        seed = _digest(link, answer.concern_seed)
        return [await concern(gateway, PAGE_SOURCE, link.pair, seed)]
    if answer.pulse and (counts or answer.pulse.wants_help):
        seed = _digest(link, "pulse")
        raised = await concern_of(gateway, PAGE_SOURCE, seed, answer.pulse)
        return [raised] if raised else []
    return []


async def _drawn_calls(
    gateway: Gateway, at: Visit, answers: Sequence[NewEvent]
) -> list[NewEvent]:
    """Draw by lot whether an answer has somebody called later; sent again, it draws the same."""
    if at.state is None or not answers:
        return []
    drawn = await drawn_call(gateway, PAGE_SOURCE, at.state, answers[0].key)
    return [drawn] if drawn else []


async def _raise_if_other(store: Store, events: Sequence[NewEvent]) -> None:
    """Raise AlreadyAnswered if another answer was stored under this key first."""
    for event in events:
        first = await store.inbox.find(event.key)
        if first and (first.kind, first.payload) != (event.kind, event.payload):
            raise AlreadyAnswered(first)


def _event(link: Link, signal: AnswerSignal) -> NewEvent:
    """Make an answer's event. A double click is one event; so are answers that exclude each other.

    PostgreSQL keeps one event a key, so of two that come in the same moment exactly one
    is stored, and counts.
    """
    if signal.about:
        name = sha256(repr((link.pair, *signal.about)).encode()).hexdigest()[:32]
    else:
        fields = repr(sorted(signal.payload.items()))
        name = _digest(link, signal.kind, fields, signal.seed)[:32]
    return NewEvent(
        key="e" + name,
        source=PAGE_SOURCE,
        event_id=name,
        type=f"binome.{signal.kind}.v1",
        kind=signal.kind,
        person=link.person,
        pair=link.pair,
        payload=dict(signal.payload),
    )


def _digest(link: Link, *parts: str) -> str:
    return sha256("\n".join((link.model_dump_json(), *parts)).encode()).hexdigest()
