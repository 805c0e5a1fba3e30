"""Checks a CloudEvent: whom it is about, what their pairs are sent, and what is split off first."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256

from pydantic import ValidationError

from activities.persistence.store import Store
from domain.inbox.delivery import PairOfPerson, PairUnclear, of_side, pair_meant
from gateway.http.problems import ProblemsFound, problems_of
from gateway.pulses import Pulse
from schemas.base import LenientModel
from schemas.cloud_events import (
    CATALOGUE,
    CloudEvent,
    DatedColumns,
    EventType,
    ModuleCompletedData,
    PairEventData,
    PersonColumns,
    PersonData,
    PulseData,
    WindowsData,
)
from schemas.ids import PairRef
from schemas.people import Person, PersonUpdate
from schemas.programme import Problem
from schemas.records.inbox import NewEvent
from schemas.time.calendar import Window


class EventInvalid(ProblemsFound):
    """An event that is not accepted, with every reason found."""


@dataclass(frozen=True)
class CheckedEvent:
    """An event ready to be stored, and what goes beside it into PostgreSQL."""

    event: NewEvent
    person: Person | None
    """The person that it is about; None: the event adds this person."""
    reaches: tuple[PairRef, ...]
    windows: tuple[Window, ...] = ()
    pulse: Pulse | None = None
    update: PersonUpdate | None = None


def event_key(source: str, event: CloudEvent) -> str:
    """Returns the key by which an event is recognised when it is sent again."""
    named = "\n".join((source, event.source, event.id))
    return "e" + sha256(named.encode()).hexdigest()[:32]


def brought_in(events: Iterable[CloudEvent]) -> frozenset[str]:
    """External ids of whom a batch may bring in: its other events may be about them."""
    return frozenset(event.subject for event in events if _brings_in(event.type))


def _brings_in(name: str) -> bool:
    return name in CATALOGUE and CATALOGUE[name].data is PersonData


async def check_event(
    store: Store,
    source: str,
    event: CloudEvent,
    coming: frozenset[str] = frozenset(),
) -> CheckedEvent:
    """Find out whom and what an event is about; `coming` are whom its batch brings in.

    Raises:
        EventInvalid: an unknown type, person, module or pair, or data that do not fit;
            no value is repeated.
    """
    incoming = _incoming(event.type)
    person = await store.people.find_external(event.subject)
    if issubclass(incoming.data, PersonColumns) and (
        person or _brings_in(event.type) or event.subject in coming
    ):
        return _about_person(source, event, incoming, person)
    if person is None:
        what = "nobody with this id was imported; import people first"
        raise EventInvalid(Problem(path="subject", what=what))
    return await _about_pairs(store, source, event, incoming, person)


async def _about_pairs(
    store: Store, source: str, event: CloudEvent, incoming: EventType, person: Person
) -> CheckedEvent:
    """Make the event for the pair that it names, or for all pairs of its person on its
    side.
    """
    data = _data(incoming, event)
    if isinstance(data, ModuleCompletedData):
        await _known_module(store, data)
    live = of_side(await store.pairs.live_of(person.person), incoming.side)
    chosen = _pair(data, live) if isinstance(data, PairEventData) else None
    stored = NewEvent(
        key=event_key(source, event),
        source=source,
        event_id=event.id,
        type=event.type,
        kind=incoming.kind,
        person=person.person,
        pair=chosen.pair.workflow_id if chosen else None,
        payload=_payload(data, chosen),
        occurred_at=event.time,
        pause=incoming.pause,
    )
    return CheckedEvent(
        stored,
        person,
        reaches=tuple(found.pair for found in ([chosen] if chosen else live)),
        windows=data.windows if isinstance(data, WindowsData) else (),
        pulse=_pulse(data, chosen),
    )


def _about_person(
    source: str, event: CloudEvent, incoming: EventType, person: Person | None
) -> CheckedEvent:
    """Make the event of an update of a person, which reaches no pair and has no
    payload.
    """
    data, key = _data(incoming, event), event_key(source, event)
    assert isinstance(data, PersonColumns)
    stored = NewEvent(
        key=key,
        source=source,
        event_id=event.id,
        type=event.type,
        kind=incoming.kind,
        person=person.person if person else None,
        occurred_at=event.time,
    )
    update = PersonUpdate(
        key=key,
        external_id=event.subject,
        source=source,
        cells=data.cells(),
        stated_at=event.time,
        effective=data.effective if isinstance(data, DatedColumns) else None,
        back=isinstance(data, PersonData) and data.back,
    )
    return CheckedEvent(stored, person, (), update=update)


def _incoming(name: str) -> EventType:
    if found := CATALOGUE.get(name):
        return found
    near = get_close_matches(name, CATALOGUE, 1)
    hint = (
        f"did you mean {near[0]}?"
        if near
        else f"allowed: {', '.join(sorted(CATALOGUE))}"
    )
    raise EventInvalid(Problem(path="type", what=f"unknown; {hint}"))


def _data(incoming: EventType, event: CloudEvent) -> LenientModel:
    try:
        return incoming.data.model_validate(event.data)
    except ValidationError as error:
        raise EventInvalid(*problems_of(error, "data")) from None


async def _known_module(store: Store, data: ModuleCompletedData) -> None:
    known = await store.programmes.modules()
    if known and data.module not in known:
        allowed = ", ".join(sorted(known))
        raise EventInvalid(
            Problem(path="data.module", what=f"no programme has it; known: {allowed}")
        )


def _pair(data: PairEventData, live: list[PairOfPerson]) -> PairOfPerson:
    try:
        return pair_meant(data.pair, live)
    except PairUnclear as error:
        raise EventInvalid(Problem(path="data.pair", what=str(error))) from None


def _payload(data: LenientModel, chosen: PairOfPerson | None) -> dict[str, object]:
    """Fields of the signal. Windows, scores and words are not among them: PostgreSQL alone has those."""
    apart = {"pair", "windows", "score", "idea", "comment", "help"}
    payload = data.model_dump(mode="json", exclude=apart, exclude_none=True)
    return {**payload, "side": chosen.side.value} if chosen else payload


def _pulse(data: LenientModel, chosen: PairOfPerson | None) -> Pulse | None:
    if not (isinstance(data, PulseData) and chosen):
        return None
    pair, side = chosen
    return Pulse(
        pair, data.session, side, data.score, data.idea, data.comment, data.help
    )
