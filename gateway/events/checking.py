"""From a CloudEvent to what is stored: whom it is about, what their pairs get, and what is split off first."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256

from pydantic import ValidationError

from activities.persistence.store import Store
from domain.inbox.delivery import PairOfPerson, PairUnclear, of_side, pair_meant
from gateway.http.problems import problems_of
from gateway.pulses import Pulse
from schemas.base import Carried
from schemas.calendar import Window
from schemas.cloud_events import (
    CATALOGUE,
    CloudEvent,
    EventType,
    ModuleData,
    PairEventData,
    PersonColumns,
    PersonData,
    PulseData,
    WindowsData,
)
from schemas.ids import PairRef
from schemas.inbox import NewEvent
from schemas.people import Person, PersonUpdate
from schemas.programme import Problem


class EventInvalid(Exception):
    """An event that is not accepted, with every reason found."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class CheckedEvent:
    """An event ready to be stored, and what goes beside it into PostgreSQL."""

    event: NewEvent
    person: Person | None
    """None: somebody whom the event brings in."""
    reaches: tuple[PairRef, ...]
    windows: tuple[Window, ...] = ()
    pulse: Pulse | None = None
    said: PersonUpdate | None = None


def event_key(source: str, event: CloudEvent) -> str:
    """The same for the same event sent twice; another for the same id from another source."""
    return (
        "e"
        + sha256("\n".join((source, event.source, event.id)).encode()).hexdigest()[:32]
    )


def comers(events: Iterable[CloudEvent]) -> frozenset[str]:
    """Whom a batch may bring in, so that its other events may be about them."""
    return frozenset(event.subject for event in events if _brings_in(event.type))


def _brings_in(name: str) -> bool:
    return name in CATALOGUE and CATALOGUE[name].data is PersonData


async def check_event(
    store: Store,
    source: str,
    event: CloudEvent,
    coming: frozenset[str] = frozenset(),
) -> CheckedEvent:
    """Find out whom and what an event is about; `coming` are whom others of its batch bring in.

    Raises:
        Wrong: an unknown type, person, module or pair, or data that do not fit; values are not repeated.
    """
    incoming = _incoming(event.type)
    person = await store.people.find_external(event.subject)
    if issubclass(incoming.data, PersonColumns) and (
        person or _brings_in(event.type) or event.subject in coming
    ):
        return _of_person(source, event, incoming, person)
    if person is None:
        raise EventInvalid(
            Problem(
                path="subject",
                what="nobody with this id was imported; import people first",
            )
        )
    data = _data(incoming, event)
    if isinstance(data, ModuleData):
        await _known_module(store, data)
    ours = of_side(await store.pairs.live_of(person.person), incoming.side)
    chosen = _pair(data, ours) if isinstance(data, PairEventData) else None
    stored = NewEvent(
        key=event_key(source, event),
        source=source,
        event_id=event.id,
        type=event.type,
        kind=incoming.kind,
        person=person.person,
        pair=chosen[0].workflow_id if chosen else None,
        payload=_payload(data, chosen),
        occurred_at=event.time,
        pause=incoming.pause,
    )
    reaches = (chosen[0],) if chosen else tuple(pair for pair, _ in ours)
    windows = data.windows if isinstance(data, WindowsData) else ()
    return CheckedEvent(stored, person, reaches, windows, _pulse(data, chosen))


def _of_person(
    source: str, event: CloudEvent, incoming: EventType, person: Person | None
) -> CheckedEvent:
    """Reaches no pair; the payload stays empty, for what is said goes where people are."""
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
    said = PersonUpdate(
        key=key,
        external_id=event.subject,
        source=source,
        cells=data.cells(),
        stated_at=event.time,
        effective=getattr(data, "effective", None),
        back=getattr(data, "back", False),
    )
    return CheckedEvent(stored, person, (), said=said)


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


def _data(incoming: EventType, event: CloudEvent) -> Carried:
    try:
        return incoming.data.model_validate(event.data)
    except ValidationError as error:
        raise EventInvalid(*problems_of(error, "data")) from None


async def _known_module(store: Store, data: ModuleData) -> None:
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


def _payload(data: Carried, chosen: PairOfPerson | None) -> dict[str, object]:
    """Fields of the signal. Windows, scores and words are not among them: PostgreSQL alone has those."""
    apart = {"pair", "windows", "score", "idea", "comment", "help"}
    payload = data.model_dump(mode="json", exclude=apart, exclude_none=True)
    return {**payload, "side": chosen[1].value} if chosen else payload


def _pulse(data: Carried, chosen: PairOfPerson | None) -> Pulse | None:
    if not (isinstance(data, PulseData) and chosen):
        return None
    pair, side = chosen
    return Pulse(
        pair, data.session, side, data.score, data.idea, data.comment, data.help
    )
