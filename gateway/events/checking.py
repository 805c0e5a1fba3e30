"""Checks a CloudEvent: whom it is about, what their pairs are sent, and what is split off first."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from pydantic import ValidationError

from activities.persistence.store import Store
from domain.inbox.delivery import (
    PairOfPerson,
    PairUnclear,
    of_programmes,
    of_side,
    pair_meant,
    waits_for_pair,
)
from domain.inbox.reuse import fact_of
from domain.pair.feedback import pulse_due
from domain.wording import nearest
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
from schemas.records.sources import EventSource
from schemas.time.calendar import Window

NOBODY = "nobody with this id was imported; import people first"
HAS_LEFT = "has left; nothing counts that comes from them"
NOBODY_OF_YOURS = (
    "nobody with this id takes part in a programme that this source may send for"
)


class EventInvalid(ProblemsFound):
    """An event that is not accepted, with every reason found."""


@dataclass(frozen=True)
class ReadEvent:
    """An event whose source may send it, and whose data fit its type."""

    source: EventSource
    event: CloudEvent
    incoming: EventType
    data: LenientModel

    @property
    def key(self) -> str:
        """The same for the same event sent twice; another for the same id from another source."""
        named = "\n".join((self.source.name, self.event.source, self.event.id))
        return "e" + sha256(named.encode()).hexdigest()[:32]


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


async def read_event(store: Store, source: EventSource, event: CloudEvent) -> ReadEvent:
    """Read what can be read without looking anybody up.

    Raises:
        EventInvalid: an unknown type or module, or data that do not fit; no value is repeated.
    """
    incoming = _incoming(event.type)
    read = ReadEvent(source, event, incoming, _data(incoming, event))
    if isinstance(read.data, ModuleCompletedData):
        await _known_module(store, source, read.data)
    return read


def brought_in(events: Iterable[ReadEvent]) -> frozenset[str]:
    """External ids of whom a batch may bring in: its other events may be about them."""
    return frozenset(
        each.event.subject for each in events if isinstance(each.data, PersonData)
    )


async def check_event(
    store: Store, read: ReadEvent, coming: frozenset[str] = frozenset()
) -> CheckedEvent:
    """Find out whom and what an event is about; `coming` are whom its batch brings in.

    Raises:
        EventInvalid: an unknown person or pair, or a session that was not held.
    """
    subject = read.event.subject
    person = await store.people.find_external(subject)
    if isinstance(read.data, PersonColumns) and (person or subject in coming):
        return _about_person(read, read.data, person)
    only = read.source.scope.programmes
    if person is None:
        raise EventInvalid(
            Problem(path="subject", what=NOBODY_OF_YOURS if only else NOBODY)
        )
    live = of_side(await store.pairs.live_of(person.person), read.incoming.side)
    granted = of_programmes(live, only)
    if only and not granted and not waits_for_pair(read.incoming.kind):
        raise EventInvalid(Problem(path="subject", what=NOBODY_OF_YOURS))
    if person.left and read.incoming.kind != "person_left":
        raise EventInvalid(Problem(path="subject", what=HAS_LEFT))
    return await _about_pairs(store, read, person, granted)


async def _about_pairs(
    store: Store, read: ReadEvent, person: Person, live: list[PairOfPerson]
) -> CheckedEvent:
    """For the pair that it names, or for all of the person's that it is for."""
    data = read.data
    chosen = _pair(data, live) if isinstance(data, PairEventData) else None
    pulse = await _pulse(store, data, chosen)
    stored = _new_event(
        read,
        person,
        pair=chosen.pair.workflow_id if chosen else None,
        payload=_payload(data, chosen),
        pause=read.incoming.pause,
        programmes=tuple(sorted(read.source.scope.programmes)),
    )
    return CheckedEvent(
        stored,
        person,
        reaches=tuple(found.pair for found in ([chosen] if chosen else live)),
        windows=data.windows if isinstance(data, WindowsData) else (),
        pulse=pulse,
    )


def _about_person(
    read: ReadEvent, data: PersonColumns, person: Person | None
) -> CheckedEvent:
    """Reaches no pair; the payload stays empty, for the update goes where people are."""
    update = PersonUpdate(
        key=read.key,
        external_id=read.event.subject,
        source=read.source.name,
        cells=data.cells(),
        stated_at=read.event.time,
        effective=data.effective if isinstance(data, DatedColumns) else None,
        back=isinstance(data, PersonData) and data.back,
    )
    return CheckedEvent(_new_event(read, person), person, (), update=update)


def _new_event(read: ReadEvent, person: Person | None, **more: object) -> NewEvent:
    fields = {
        "key": read.key,
        "source": read.source.name,
        "event_id": read.event.id,
        "type": read.event.type,
        "kind": read.incoming.kind,
        "person": person.person if person else None,
        "occurred_at": read.event.time,
        "fact": fact_of(read.event, read.data),
    }
    return NewEvent.model_validate({**fields, **more})


def _incoming(name: str) -> EventType:
    if found := CATALOGUE.get(name):
        return found
    near = nearest(name, CATALOGUE)
    hint = (
        f"did you mean {near}?" if near else f"allowed: {', '.join(sorted(CATALOGUE))}"
    )
    raise EventInvalid(Problem(path="type", what=f"unknown; {hint}"))


def _data(incoming: EventType, event: CloudEvent) -> LenientModel:
    try:
        return incoming.data.model_validate(event.data)
    except ValidationError as error:
        raise EventInvalid(*problems_of(error, "data")) from None


async def _known_module(
    store: Store, source: EventSource, data: ModuleCompletedData
) -> None:
    known = await store.programmes.modules(source.scope.programmes)
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


async def _pulse(
    store: Store, data: LenientModel, chosen: PairOfPerson | None
) -> Pulse | None:
    """The pulse of an event, about a session that was held as far as is known.

    Raises:
        EventInvalid: it was not, or not yet.
    """
    if not (isinstance(data, PulseData) and chosen):
        return None
    pair, side = chosen
    detail = await store.pairs.find(pair.workflow_id)
    if not (detail and detail.state and pulse_due(detail.state, data.session)):
        what = (
            "as far as we know this session was not held; send the pulse after the"
            " mentor reported that it was"
        )
        raise EventInvalid(Problem(path="data.session", what=what))
    return Pulse(
        pair, data.session, side, data.score, data.idea, data.comment, data.help
    )
