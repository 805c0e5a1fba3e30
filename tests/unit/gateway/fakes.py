"""Small stand-ins at the gateway's two borders: PostgreSQL and Temporal."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from activities.persistence.drift import DriftRepository
from activities.persistence.matching.reviews import Reviews
from activities.persistence.messages.answers import Answers
from activities.persistence.messages.inbox import Inbox, Sources
from activities.persistence.messages.outbox import Outbox
from activities.persistence.messages.refused import RefusedMessageRepository
from activities.persistence.people.imports import PeopleImports
from activities.persistence.people.people import People
from activities.persistence.people.updates import PeopleUpdates
from activities.persistence.programmes.pairs import Pairs
from activities.persistence.programmes.pauses import Pauses
from activities.persistence.programmes.programmes import Programmes
from activities.persistence.programmes.status import ProgrammeStatuses
from activities.persistence.store import Store
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


async def _at_once(_: ReportImportProgress | None) -> None: ...


class FakeInbox(Inbox):
    """Events in a dictionary."""

    def __init__(self, pairs: "FakePairs") -> None:
        self.events: dict[str, StoredEvent] = {}
        self._pairs = pairs

    async def store(self, events: Sequence[NewEvent]) -> int:
        new = [e for e in events if e.key not in self.events]
        self.events |= {
            e.key: StoredEvent(**e.model_dump(), received_at=RECEIVED) for e in new
        }
        return len(new)

    async def find(self, key: str) -> StoredEvent | None:
        return self.events.get(key)

    async def undelivered(self, limit: int, now: datetime) -> list[StoredEvent]:
        def due(event: StoredEvent) -> bool:
            if event.state is EventState.WAITING:
                return bool(self._pairs.live.get(event.person or ""))
            return event.state is EventState.STORED and (
                event.next_try is None or event.next_try <= now
            )

        return [e for e in self.events.values() if due(e)][:limit]

    async def mark(
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

    async def resend(self, key: str) -> bool:
        event = self.events.get(key)
        if event is None or event.state is not EventState.UNDELIVERABLE:
            return False
        self.events[key] = event.model_copy(
            update={"state": EventState.STORED, "attempts": 0, "reason": None}
        )
        return True

    async def in_states(
        self, states: Sequence[EventState], limit: int
    ) -> list[StoredEvent]:
        return [e for e in self.events.values() if e.state in states][:limit]

    async def counts(self) -> dict[str, int]:
        states = [e.state.value for e in self.events.values()]
        return {state: states.count(state) for state in set(states)}


class FakeSources(Sources):
    """Tokens in a dictionary."""

    def __init__(self) -> None:
        self.tokens = {"token-lms": "lms", "token-hr": "hr"}

    async def find(self, token: str) -> str | None:
        return self.tokens.get(token)


class FakeOutbox(Outbox):
    """Calls that were asked for."""

    def __init__(self) -> None:
        self.called: list[tuple[str, str]] = []

    async def request_call(self, pair: str, key: str) -> None:
        self.called.append((pair, key))

    async def counts(self, programme: str | None = None) -> dict[str, int]:
        return {"sent": 3}


class FakePeople(People):
    """People in a dictionary."""

    def __init__(self) -> None:
        self.persons: dict[str, Person] = {}
        self.windows: dict[str, tuple[Window, ...]] = {}
        self.completions: set[tuple[str, str]] = set()

    async def find(self, person: str) -> Person | None:
        return self.persons.get(person)

    async def find_external(self, external_id: str) -> Person | None:
        return next(
            (p for p in self.persons.values() if p.external_id == external_id), None
        )

    async def in_region(
        self, region: str | None = None, limit: int = 100, offset: int = 0
    ) -> list[Person]:
        return [p for p in self.persons.values() if region in (None, p.region)][
            offset : offset + limit
        ]

    async def search(self, words: str, limit: int = 100) -> list[Person]:
        return [p for p in self.persons.values() if words.lower() in p.name.lower()][
            :limit
        ]

    async def role_counts(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for person in self.persons.values():
            for role in person.roles:
                of_region = counts.setdefault(person.region, {})
                of_region[role.value] = of_region.get(role.value, 0) + 1
        return counts

    async def set_windows(self, person: str, windows: Sequence[Window]) -> None:
        self.windows[person] = tuple(windows)

    async def complete_module(self, person: str, module: str) -> None:
        self.completions.add((person, module))


class FakeImports(PeopleImports):
    """Finds the same in every file; `reading` is awaited meanwhile."""

    def __init__(self) -> None:
        self.found = ImportPreview(added=2, regions={"comex": 2})
        self.reading: Callable[[ReportImportProgress | None], Awaitable[None]] = (
            _at_once
        )
        self.imported: list[bytes] = []
        self.orders: list[ImportOptions] = []

    async def preview(
        self,
        data: bytes,
        order: ImportOptions = _PLAIN,
        progress: ReportImportProgress | None = None,
    ) -> ImportPreview:
        await self.reading(progress)
        return self.found

    async def apply(
        self,
        data: bytes,
        order: ImportOptions = _PLAIN,
        progress: ReportImportProgress | None = None,
    ) -> ImportPreview:
        await self.reading(progress)
        self.imported.append(data)
        self.orders.append(order)
        return self.found


class FakePeopleUpdates(PeopleUpdates):
    """Takes everything."""

    def __init__(self) -> None: ...

    async def apply(
        self,
        said: Sequence[PersonUpdate],
        events: Sequence[NewEvent],
        now: datetime,
        *,
        write: bool = True,
    ) -> int:
        return 0

    async def apply_due(self, now: datetime) -> int:
        return 0


class FakeAnswers(Answers):
    """What people wrote."""

    def __init__(self) -> None:
        self.pulses: list[tuple[str, int, str, str, int, str, str, bool]] = []
        self.offers: list[tuple[str, str, bool]] = []
        self.shared: list[str] = []

    async def save_pulse(
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

    async def save_offer(
        self, person: str, pair: PairRef, offer: str, word_to_manager: bool
    ) -> None:
        self.offers.append((person, offer, word_to_manager))

    async def ideas(self, cohort: CohortRef) -> list[str]:
        return self.shared


class FakeStatuses(ProgrammeStatuses):
    """Statuses by programme."""

    def __init__(self) -> None:
        self.statuses: dict[str, ProgrammeStatus] = {}

    async def find(self, programme: str) -> ProgrammeStatus | None:
        return self.statuses.get(programme)


class FakeProgrammes(Programmes):
    """Every programme that has a status, all with one clock."""

    def __init__(self, statuses: FakeStatuses) -> None:
        self._statuses = statuses
        self.states: dict[str, ProgrammeState] = {}
        self.one_clock: Clock | None = None
        self.known_modules = frozenset({"ecoute", "oser-parler"})

    async def codes(self) -> list[str]:
        return list(self._statuses.statuses)

    async def plan(self, programme: str) -> ProgrammePlan | None:
        state = self.states.get(programme)
        return state.plan if state else None

    async def clock(self, programme: str) -> Clock | None:
        return self.one_clock

    async def state(self, programme: str) -> ProgrammeState | None:
        return self.states.get(programme)

    async def modules(self) -> frozenset[str]:
        return self.known_modules


class FakePairs(Pairs):
    """Pairs in a dictionary."""

    def __init__(self) -> None:
        self.details: dict[str, PairDetail] = {}
        self.lines: list[LedgerEntry] = []
        self.live: dict[str, list[tuple[PairRef, Side]]] = {}

    async def in_cohort(
        self,
        cohort: CohortRef,
        stage: str | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> list[PairListing]:
        of_cohort: list[PairListing] = [
            d for d in self.details.values() if d.pair.cohort == cohort
        ]
        return [d for d in of_cohort if stage in (None, d.stage)][
            offset : offset + limit
        ]

    async def find(self, pair_id: str) -> PairDetail | None:
        return self.details.get(pair_id)

    async def ledger(self, pair_id: str) -> list[LedgerEntry]:
        return self.lines

    async def live_of(self, person: str) -> list[tuple[PairRef, Side]]:
        return self.live.get(person, [])


class FakeReviews(Reviews):
    """One review of every cohort."""

    def __init__(self) -> None:
        self.review = MatchReview()

    async def find(self, cohort: CohortRef) -> MatchReview:
        return self.review


class FakeRefusedMessages(RefusedMessageRepository):
    """Messages in a list."""

    def __init__(self) -> None:
        self.messages: list[RefusedListing] = []
        self.taken: set[int] = set()

    async def listing(
        self, limit: int = 200, *, resent: bool = False
    ) -> list[RefusedListing]:
        return [m for m in self.messages if (m.resent_at is not None) is resent][:limit]

    async def find(self, number: int) -> RefusedListing | None:
        return next((m for m in self.messages if m.id == number), None)

    async def take(self, number: int) -> bool:
        if number in self.taken:
            return False
        self.taken.add(number)
        return True

    async def give_back(self, number: int) -> None:
        self.taken.discard(number)

    async def settle(self, number: int, by: str) -> bool:
        done = {"resent_at": RECEIVED, "resent_by": by}
        self.messages = [
            m.model_copy(update=done) if m.id == number else m for m in self.messages
        ]
        return True

    async def count(self) -> int:
        return len(await self.listing())


class FakePauses(Pauses):
    """Pauses in a list."""

    def __init__(self) -> None:
        self.listings: list[PauseListing] = []

    async def among(self, scopes: Sequence[str]) -> list[PauseListing]:
        return [p for p in self.listings if p.scope in scopes]


class FakeDrift(DriftRepository):
    """Drift in a list."""

    def __init__(self) -> None:
        self.drifts: list[Drift] = []

    async def listing(self, limit: int = 200) -> list[Drift]:
        return self.drifts[:limit]

    async def counts(self) -> dict[str, int]:
        return {"stuck": len(self.drifts)}


class FakeStore(Store):
    """A Store without PostgreSQL: the repositories that the gateway uses."""

    def __init__(self) -> None:
        self.people: FakePeople = FakePeople()
        self.imports: FakeImports = FakeImports()
        self.people_updates: FakePeopleUpdates = FakePeopleUpdates()
        self.status: FakeStatuses = FakeStatuses()
        self.programmes: FakeProgrammes = FakeProgrammes(self.status)
        self.pairs: FakePairs = FakePairs()
        self.pauses: FakePauses = FakePauses()
        self.reviews: FakeReviews = FakeReviews()
        self.sources: FakeSources = FakeSources()
        self.inbox: FakeInbox = FakeInbox(self.pairs)
        self.outbox: FakeOutbox = FakeOutbox()
        self.answers: FakeAnswers = FakeAnswers()
        self.refused_messages: FakeRefusedMessages = FakeRefusedMessages()
        self.drift: FakeDrift = FakeDrift()
        self.down = False

    async def ping(self) -> None:
        if self.down:
            raise ConnectionError

    def close_pair(self, pair: PairRef) -> None:
        detail = self.pairs.details[pair.workflow_id]
        self.pairs.details[pair.workflow_id] = detail.model_copy(
            update={"stage": Stage.CLOSED}
        )
