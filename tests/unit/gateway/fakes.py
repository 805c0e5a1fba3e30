"""Small stand-ins at the gateway's two borders: PostgreSQL and Temporal."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from gateway.history import Sent
from gateway.temporal import TemporalUnavailable, WorkflowNotFound
from schemas.calendar import Window
from schemas.clock import Clock
from schemas.drift import Drift
from schemas.events import Side
from schemas.ids import CohortRef, PairRef
from schemas.inbox import EventState, NewEvent, StoredEvent
from schemas.listings import (
    LedgerEntry,
    MatchReview,
    PairDetail,
    PairListing,
    PauseListing,
    RefusedListing,
)
from schemas.people import (
    ImportOptions,
    ImportPreview,
    Person,
    PersonUpdate,
    ReportImportProgress,
)
from schemas.programme import ProgrammePlan
from schemas.rollout import ProgrammeState
from schemas.stages import Stage
from schemas.status import ProgrammeStatus

RECEIVED = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
_PLAIN = ImportOptions()


class FakeWorkflows:
    """Keeps signals and updates; `failing` is raised instead when it is set."""

    def __init__(self) -> None:
        self.signals: list[tuple[str, str, dict[str, Any]]] = []
        self.updates: list[tuple[str, str, dict[str, Any]]] = []
        self.triggered: list[str] = []
        self.failing: Exception | None = None
        self.missing: set[str] = set()
        self.ended: set[str] = set()
        self.earlier: list[Sent] = []

    async def signal(
        self, workflow_id: str, name: str, payload: dict[str, Any]
    ) -> None:
        if self.failing:
            raise self.failing
        if workflow_id in self.missing:
            raise WorkflowNotFound
        self.signals.append((workflow_id, name, payload))

    async def update(
        self,
        workflow_id: str,
        name: str,
        payload: dict[str, Any],
        update_id: str | None,
    ) -> Any:
        if self.failing:
            raise self.failing
        self.updates.append((workflow_id, name, payload))
        return None

    async def runs(self, workflow_id: str) -> bool:
        if isinstance(self.failing, WorkflowNotFound | TemporalUnavailable):
            raise self.failing
        return workflow_id not in self.ended

    async def sent(self, workflow_id: str, name: str, until: datetime) -> list[Sent]:
        return [sent for sent in self.earlier if sent.at <= until]

    async def trigger(self, schedule: str) -> None:
        if self.failing:
            raise self.failing
        self.triggered.append(schedule)

    async def check(self) -> None:
        if self.failing:
            raise self.failing


class FakeInbox:
    """Events in a dictionary."""

    def __init__(self) -> None:
        self.tokens = {"token-lms": "lms", "token-hr": "hr"}
        self.known_modules = frozenset({"ecoute", "oser-parler"})
        self.events: dict[str, StoredEvent] = {}
        self.completions: set[tuple[str, str]] = set()
        self.called: list[tuple[str, str]] = []
        self.live: dict[str, list[tuple[PairRef, Side]]] = {}

    async def source_of(self, token: str) -> str | None:
        return self.tokens.get(token)

    async def modules(self) -> frozenset[str]:
        return self.known_modules

    async def store_events(self, events: Sequence[NewEvent]) -> int:
        new = [e for e in events if e.key not in self.events]
        self.events |= {
            e.key: StoredEvent(**e.model_dump(), received_at=RECEIVED) for e in new
        }
        return len(new)

    async def event(self, key: str) -> StoredEvent | None:
        return self.events.get(key)

    async def undelivered_events(self, limit: int, now: datetime) -> list[StoredEvent]:
        def due(event: StoredEvent) -> bool:
            if event.state is EventState.WAITING:
                return bool(self.live.get(event.person or ""))
            return event.state is EventState.STORED and (
                event.next_try is None or event.next_try <= now
            )

        return [e for e in self.events.values() if due(e)][:limit]

    async def mark_event(
        self,
        key: str,
        state: EventState,
        *,
        reason: str | None = None,
        reached: Sequence[str] = (),
        next_try: datetime | None = None,
    ) -> None:
        event = self.events[key]
        changed = {
            "state": state,
            "reason": reason,
            "reached": tuple(reached),
            "next_try": next_try,
        }
        self.events[key] = event.model_copy(
            update={**changed, "attempts": event.attempts + 1}
        )

    async def resend_event(self, key: str) -> bool:
        event = self.events.get(key)
        if event is None or event.state is not EventState.UNDELIVERABLE:
            return False
        self.events[key] = event.model_copy(
            update={"state": EventState.STORED, "attempts": 0, "reason": None}
        )
        return True

    async def events_in(
        self, states: Sequence[EventState], limit: int
    ) -> list[StoredEvent]:
        return [e for e in self.events.values() if e.state in states][:limit]

    async def event_counts(self) -> dict[str, int]:
        states = [e.state.value for e in self.events.values()]
        return {state: states.count(state) for state in set(states)}

    async def have_called(self, pair: str, key: str) -> None:
        self.called.append((pair, key))

    async def keep_completion(self, person: str, module: str) -> None:
        self.completions.add((person, module))

    async def live_pairs_of(self, person: str) -> list[tuple[PairRef, Side]]:
        return self.live.get(person, [])


async def _at_once(_: ReportImportProgress | None) -> None: ...


class FakePeople:
    """People in a dictionary, and what they said."""

    def __init__(self) -> None:
        self.persons: dict[str, Person] = {}
        self.preview = ImportPreview(added=2, regions={"comex": 2})
        self.reading: Callable[[ReportImportProgress | None], Awaitable[None]] = (
            _at_once
        )
        self.imported: list[bytes] = []
        self.orders: list[ImportOptions] = []
        self.windows: dict[str, tuple[Window, ...]] = {}
        self.pulses: list[tuple[str, int, str, str, int, str, str, bool]] = []
        self.nexts: list[tuple[str, str, bool]] = []

    async def person(self, person_id: str) -> Person | None:
        return self.persons.get(person_id)

    async def person_by_external(self, external_id: str) -> Person | None:
        return next(
            (p for p in self.persons.values() if p.external_id == external_id), None
        )

    async def people(self, region: str | None, limit: int, offset: int) -> list[Person]:
        return [p for p in self.persons.values() if region in (None, p.region)][
            offset : offset + limit
        ]

    async def find_people(self, said: str, limit: int) -> list[Person]:
        return [p for p in self.persons.values() if said.lower() in p.name.lower()][
            :limit
        ]

    async def region_counts(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for person in self.persons.values():
            for role in person.roles:
                of_region = counts.setdefault(person.region, {})
                of_region[role.value] = of_region.get(role.value, 0) + 1
        return counts

    async def preview_people(
        self,
        data: bytes,
        order: ImportOptions = _PLAIN,
        progress: ReportImportProgress | None = None,
    ) -> ImportPreview:
        await self.reading(progress)
        return self.preview

    async def import_people(
        self,
        data: bytes,
        order: ImportOptions = _PLAIN,
        progress: ReportImportProgress | None = None,
    ) -> ImportPreview:
        await self.reading(progress)
        self.imported.append(data)
        self.orders.append(order)
        return self.preview

    async def store_said(
        self,
        said: Sequence[PersonUpdate],
        events: Sequence[NewEvent],
        now: datetime,
        *,
        write: bool = True,
    ) -> int:
        return 0

    async def people_due(self, now: datetime) -> int:
        return 0

    async def store_windows(self, person: str, windows: Sequence[Window]) -> None:
        self.windows[person] = tuple(windows)

    async def store_pulse(
        self,
        pair: PairRef,
        session: int,
        side: Side,
        person: str,
        score: int,
        idea: str,
        comment: str,
        wants_help: bool,
    ) -> bool:
        pulse = (
            pair.workflow_id,
            session,
            side.value,
            person,
            score,
            idea,
            comment,
            wants_help,
        )
        first = next((p for p in self.pulses if p[:3] == pulse[:3]), None)
        if first is None:
            self.pulses.append(pulse)
        return first in (None, pulse)

    async def store_next(
        self, person: str, pair: PairRef, offer: str, word_to_manager: bool
    ) -> None:
        self.nexts.append((person, offer, word_to_manager))


class FakeListings:
    """What the console shows."""

    def __init__(self) -> None:
        self.details: dict[str, PairDetail] = {}
        self.lines: list[LedgerEntry] = []
        self.review = MatchReview()
        self.shared: list[str] = []
        self.statuses: dict[str, ProgrammeStatus] = {}
        self.states: dict[str, ProgrammeState] = {}
        self.messages: list[RefusedListing] = []
        self.taken: set[int] = set()
        self.in_force: list[PauseListing] = []
        self.drifts: list[Drift] = []
        self.clock: Clock | None = None
        self.down = False

    async def ping(self) -> None:
        if self.down:
            raise ConnectionError

    async def programmes(self) -> list[str]:
        return list(self.statuses)

    async def programme_plan(self, programme: str) -> ProgrammePlan | None:
        state = self.states.get(programme)
        return state.plan if state else None

    async def programme_clock(self, programme: str) -> Clock | None:
        return self.clock

    async def programme_state(self, programme: str) -> ProgrammeState | None:
        return self.states.get(programme)

    async def status(self, programme: str) -> ProgrammeStatus | None:
        return self.statuses.get(programme)

    async def pairs(
        self, cohort: CohortRef, stage: str | None, limit: int, offset: int
    ) -> list[PairListing]:
        of_cohort: list[PairListing] = [
            d for d in self.details.values() if d.pair.cohort == cohort
        ]
        return [d for d in of_cohort if stage in (None, d.stage)][
            offset : offset + limit
        ]

    async def ideas(self, cohort: CohortRef) -> list[str]:
        return self.shared

    async def pair_detail(self, pair_id: str) -> PairDetail | None:
        return self.details.get(pair_id)

    async def ledger(self, pair_id: str) -> list[LedgerEntry]:
        return self.lines

    async def matches(self, cohort: CohortRef) -> MatchReview:
        return self.review

    async def refused(
        self, limit: int = 200, *, resent: bool = False
    ) -> list[RefusedListing]:
        return [m for m in self.messages if (m.resent_at is not None) is resent][:limit]

    async def refused_message(self, number: int) -> RefusedListing | None:
        return next((m for m in self.messages if m.id == number), None)

    async def take_refused(self, number: int) -> bool:
        if number in self.taken:
            return False
        self.taken.add(number)
        return True

    async def give_back_refused(self, number: int) -> None:
        self.taken.discard(number)

    async def mark_resent(self, number: int, by: str) -> bool:
        done = {"resent_at": RECEIVED, "resent_by": by}
        self.messages = [
            m.model_copy(update=done) if m.id == number else m for m in self.messages
        ]
        return True

    async def refused_count(self) -> int:
        return len(await self.refused())

    async def pauses(self, scopes: Sequence[str]) -> list[PauseListing]:
        return [p for p in self.in_force if p.scope in scopes]

    async def notice_counts(self) -> dict[str, int]:
        return {"sent": 3}

    async def drift(self, limit: int = 200) -> list[Drift]:
        return self.drifts[:limit]

    async def drift_counts(self) -> dict[str, int]:
        return {"stuck": len(self.drifts)}


class FakeStore(FakeInbox, FakePeople, FakeListings):
    """All of it; typed as a GatewayStore where it is used."""

    def __init__(self) -> None:
        FakeInbox.__init__(self)
        FakePeople.__init__(self)
        FakeListings.__init__(self)

    def close_pair(self, pair: PairRef) -> None:
        detail = self.details[pair.workflow_id]
        self.details[pair.workflow_id] = detail.model_copy(
            update={"stage": Stage.CLOSED}
        )
