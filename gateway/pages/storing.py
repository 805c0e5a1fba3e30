"""Keeps what was said on a page: words and scores in PostgreSQL, facts in the inbox, a decision at the pair."""

from collections.abc import Sequence
from hashlib import sha256

from gateway.context import Gateway
from gateway.pages.answers import AnswerSignal, FormAnswer
from gateway.pages.visit import Visit
from gateway.ports import GatewayStore
from gateway.pulses import concern, concern_of, keep_pulse
from schemas.inbox import PAGE_SOURCE, NewEvent
from schemas.links import Link


class AlreadyAnswered(Exception):
    """Another answer to the same question was stored first, and counts."""

    def __init__(self, stored: NewEvent, *, called: bool = False) -> None:
        super().__init__(stored.kind)
        self.stored = stored
        self.called = called
        """A call for help in the answer that does not count was passed on all the same."""


async def store_answer(gateway: Gateway, at: Visit, said: FormAnswer) -> None:
    """All of it, or an error and the person tries again; saying the same again changes nothing.

    Raises:
        AnsweredAlready: with the answer that counts.
        UpdateRejected, TemporalUnavailable, WorkflowNotFound: about the decision, from `gateway.temporal`.
    """
    store, link = gateway.store, at.link
    if said.windows:
        whose = (
            at.mentee.person if link.role == "delegate" and at.mentee else link.person
        )
        await store.store_windows(whose, said.windows)
    if said.next_offer:
        await store.store_next(link.person, at.detail.pair, *said.next_offer)
    stands = said.pulse is None or await keep_pulse(store, link.person, said.pulse)
    events = [_event(link, fact) for fact in said.facts]
    events += await _concerns(store, link, said, stands=stands)
    if events:
        new = await store.store_events(events)
        gateway.dispatcher.wake()
        if new < len(events):
            await _hold_against(store, events)
    if said.pulse and not stands:
        raise AlreadyAnswered(events[0], called=said.pulse.wants_help)
    if said.update:
        name, payload = said.update
        await gateway.workflows.update(
            link.pair, name, payload, f"page-{_digest(link, name)[:24]}"
        )


async def _concerns(
    store: GatewayStore, link: Link, said: FormAnswer, *, stands: bool
) -> list[NewEvent]:
    """Of a pulse that does not count nothing is weighed, but a call for help in it is heard."""
    if said.concern_seed:
        return [
            await concern(
                store, PAGE_SOURCE, link.pair, _digest(link, said.concern_seed)
            )
        ]
    if said.pulse and (stands or said.pulse.wants_help):
        raised = await concern_of(
            store, PAGE_SOURCE, _digest(link, "pulse"), said.pulse
        )
        return [raised] if raised else []
    return []


async def _hold_against(store: GatewayStore, events: Sequence[NewEvent]) -> None:
    """A key that was there already: said again, or something else was said first."""
    for event in events:
        first = await store.event(event.key)
        if first and (first.kind, first.payload) != (event.kind, event.payload):
            raise AlreadyAnswered(first)


def _event(link: Link, fact: AnswerSignal) -> NewEvent:
    """A double click, or the same answer from a reminder, is one event; so are answers that exclude each other.

    PostgreSQL keeps one event a key, so of two that come in the same moment exactly one is stored, and counts.
    """
    if fact.about:
        name = sha256(repr((link.pair, *fact.about)).encode()).hexdigest()[:32]
    else:
        name = _digest(link, fact.kind, repr(sorted(fact.payload.items())), fact.seed)[
            :32
        ]
    return NewEvent(
        key="e" + name,
        source=PAGE_SOURCE,
        event_id=name,
        type=f"binome.{fact.kind}.v1",
        kind=fact.kind,
        person=link.person,
        pair=link.pair,
        payload=fact.payload,
    )


def _digest(link: Link, *parts: str) -> str:
    return sha256("\n".join((link.model_dump_json(), *parts)).encode()).hexdigest()
