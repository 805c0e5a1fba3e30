"""Which pairs an event reaches, with which payload, and what becomes of it when it reaches none."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from schemas.cloud_events import PERSON_UPDATED
from schemas.events import Side
from schemas.ids import PairRef
from schemas.records.inbox import EventState, StoredEvent
from schemas.stages import Stage

LONGEST_WAIT = timedelta(seconds=15)
"""Wall time between two attempts to deliver an event."""
MOST_ATTEMPTS = 240
"""Attempts at a run that PostgreSQL knows and Temporal does not: about an hour.

A cohort's pairs are started page by page.
"""
WITH_SIDE = frozenset({"windows_given", "charter_signed", "answered", "person_left"})
"""Signals that say which of the two it is about."""
FOR_EITHER_SIDE = WITH_SIDE | {"directives_changed"}
"""Signals for every pair of a person; all others are for those in which they are mentor."""
IN_FORCE_WHEN_STORED = frozenset(
    {"windows_given", "person_left", "directives_changed", PERSON_UPDATED}
)
"""Events that take effect in PostgreSQL, pair or no pair."""


class PairOfPerson(NamedTuple):
    """A live pair, and who the person is in it."""

    pair: PairRef
    side: Side


class DeliveryOutcome(NamedTuple):
    """The state of an event after an attempt, and why it is not delivered, as a code."""

    state: EventState
    reason: str | None = None


NO_SUCH_MODULE = DeliveryOutcome(EventState.UNDELIVERABLE, "no_such_module")


class PairUnclear(ValueError):
    """An event about one pair does not say which, or names another person's."""


def pairs_reached(
    event: StoredEvent, live: Iterable[tuple[PairRef, Side]]
) -> list[PairOfPerson]:
    """The live pairs of its person that an event is for."""
    if event.kind == PERSON_UPDATED:
        return []
    only = None if event.kind in FOR_EITHER_SIDE else Side.MENTOR
    return of_programmes(of_side(live, only), event.programmes)


def of_programmes(
    pairs: Iterable[PairOfPerson], programmes: Collection[str]
) -> list[PairOfPerson]:
    """The pairs of these programmes, which a source was granted; none stands for all."""
    return [
        found for found in pairs if not programmes or found.pair.programme in programmes
    ]


def of_side(
    live: Iterable[tuple[PairRef, Side]], only: Side | None
) -> list[PairOfPerson]:
    """The pairs in which the person is on this side; None: on either."""
    return [PairOfPerson(pair, side) for pair, side in live if only in (None, side)]


def pair_meant(named: str | None, live: list[PairOfPerson]) -> PairOfPerson:
    """The one pair that an event is about; it need not name it where there is no other.

    Raises:
        PairUnclear: its text says what is needed.
    """
    if named is not None:
        for found in live:
            if found.pair.workflow_id == named:
                return found
        raise PairUnclear("not a live pair of this person")
    if len(live) == 1:
        return live[0]
    raise PairUnclear(
        f"needed, since this person has {len(live)} pairs"
        if live
        else "this person has no live pair"
    )


def signal_payload(event: StoredEvent, side: Side | None) -> dict[str, Any]:
    """The signal's fields for one pair; `side` is None where the event names the pair itself."""
    payload = dict(event.payload)
    if side and event.kind in WITH_SIDE:
        payload.setdefault("side", side.value)
        if event.kind == "person_left" and side is Side.MENTEE and event.person:
            payload.setdefault("mentee", event.person)
    return payload


def waits_for_pair(kind: str) -> bool:
    """Whether an event is for a pair that its person may get later."""
    return kind == "module_completed"


def without_pair(event: StoredEvent) -> DeliveryOutcome:
    """The fate of an event without a live pair.

    A module counts for a start to come; some events are in force without a pair.
    """
    if waits_for_pair(event.kind):
        return DeliveryOutcome(EventState.WAITING, "no_pair_yet")
    if event.kind in IN_FORCE_WHEN_STORED or event.reached:
        return DeliveryOutcome(EventState.DELIVERED)
    return DeliveryOutcome(EventState.UNDELIVERABLE, "no_live_pair")


def names_unknown_module(event: StoredEvent, known: Collection[str]) -> bool:
    """Whether it is about a module that no programme has.

    It was stored while there was no programme. A code that nobody knows is a word of the
    sender's, and stays out of histories.
    """
    return event.kind == "module_completed" and event.payload.get("module") not in known


def without_run(event: StoredEvent, stage: Stage | None) -> DeliveryOutcome:
    """Temporal has no open run of a pair that is in this stage; None: no such pair is known."""
    if stage is None:
        return DeliveryOutcome(EventState.UNDELIVERABLE, "no_such_pair")
    if calls_directly(event, stage):
        return DeliveryOutcome(EventState.DELIVERED)
    if stage is Stage.CLOSED:
        return DeliveryOutcome(EventState.UNDELIVERABLE, "pair_closed")
    if event.attempts >= MOST_ATTEMPTS:
        return DeliveryOutcome(EventState.UNDELIVERABLE, "run_not_found")
    return DeliveryOutcome(EventState.STORED, "pair_not_started")


def calls_directly(event: StoredEvent, stage: Stage | None) -> bool:
    """Whether supervisor and ops are asked for a call past the pair.

    A pair that has closed takes a signal until its run ends, and does nothing for it; one
    whose run is lost for long is not waited for.
    """
    given_up = stage is not None and event.attempts >= MOST_ATTEMPTS
    return event.kind == "concern_raised" and (stage is Stage.CLOSED or given_up)


def retry_wait(attempts: int) -> timedelta:
    """Wall time until the next attempt."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_WAIT)
