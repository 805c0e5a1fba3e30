"""Programmes, pairs and reviews, kept in place of PostgreSQL."""

from collections.abc import Collection, Sequence

from activities.persistence.drift import DriftRepository
from activities.persistence.installation import Installation
from activities.persistence.matching.reviews import FIRST_PAGE, MatchReviews
from activities.persistence.programmes.agendas import Agendas
from activities.persistence.programmes.pairs import Pairs
from activities.persistence.programmes.pauses import Pauses
from activities.persistence.programmes.programmes import Programmes
from activities.persistence.programmes.status import ProgrammeStatuses
from schemas.events import Side
from schemas.ids import CohortRef, PairRef
from schemas.matches.review import MentorMentee
from schemas.programme import ProgrammePlan
from schemas.records.drift import Drift
from schemas.records.listings import (
    LedgerEntry,
    MatchReview,
    PairDetail,
    PairListing,
    PauseListing,
    ReviewPage,
)
from schemas.records.processes import Overdue, ProcessSeen
from schemas.records.status import ProgrammeStatus
from schemas.rollout import ProgrammeState
from schemas.scheduling import Agenda, SideAgenda
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock


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

    async def modules(self, programmes: Collection[str] = ()) -> frozenset[str]:
        return self.known_modules


class FakeAgendas(Agendas):
    """Everybody is free in working hours; None: they cannot be read."""

    def __init__(self) -> None:
        self.free: SideAgenda | None = SideAgenda(zone="UTC")

    async def of_pair(self, pair: PairRef, mentee: str) -> Agenda:
        if self.free is None:
            raise ConnectionError
        return Agenda(mentor=self.free, mentee=self.free, calendar=WorkCalendar())


class FakePairs(Pairs):
    """Pairs in a dictionary."""

    def __init__(self) -> None:
        self.details: dict[str, PairDetail] = {}
        self.lines: list[LedgerEntry] = []
        self.live: dict[str, list[tuple[PairRef, Side]]] = {}

    async def supervised_by(self, person: str) -> list[PairListing]:
        return []

    async def in_cohort(
        self,
        cohort: CohortRef,
        stage: str | None = None,
        limit: int = 200,
        after: str = "",
    ) -> list[PairListing]:
        listed: list[PairListing] = [
            d
            for d in self.details.values()
            if d.pair.cohort == cohort and stage in (None, d.stage)
        ]
        begin = next(
            (n for n, d in enumerate(listed, 1) if d.pair.workflow_id == after), 0
        )
        return listed[begin : begin + limit]

    async def find(self, pair_id: str) -> PairDetail | None:
        return self.details.get(pair_id)

    async def ledger(self, pair_id: str) -> list[LedgerEntry]:
        return self.lines

    async def live_of(self, person: str) -> list[tuple[PairRef, Side]]:
        return self.live.get(person, [])

    async def parts_of(self, person: str, limit: int) -> list[tuple[PairRef, str]]:
        return [(pair, side.value) for pair, side in await self.live_of(person)]


class FakeReviews(MatchReviews):
    """One review of every cohort."""

    def __init__(self) -> None:
        self.review = MatchReview()

    async def find(
        self, cohort: CohortRef, after: ReviewPage = FIRST_PAGE
    ) -> MatchReview:
        return self.review

    async def is_proposed(self, cohort: CohortRef, two: MentorMentee) -> bool:
        proposed = [m for m in self.review.matches if m.decision == "proposed"]
        return any((m.mentor, m.mentee) == (two.mentor, two.mentee) for m in proposed)


class FakePauses(Pauses):
    """Pauses in a list."""

    def __init__(self) -> None:
        self.listings: list[PauseListing] = []

    async def in_force_among(self, scopes: Sequence[str]) -> list[PauseListing]:
        return [p for p in self.listings if p.scope in scopes]


class FakeInstallation(Installation):
    """Processes in a list."""

    def __init__(self) -> None:
        self.seen: list[ProcessSeen] = []

    async def processes(self) -> list[ProcessSeen]:
        return self.seen

    async def overdue(self) -> Overdue:
        return Overdue(mails=7)


class FakeDrift(DriftRepository):
    """Drift in a list."""

    def __init__(self) -> None:
        self.drifts: list[Drift] = []

    async def listing(self, limit: int = 200) -> list[Drift]:
        return self.drifts[:limit]

    async def counts(self) -> dict[str, int]:
        return {"stuck": len(self.drifts)}

    async def look(self) -> int:
        return 12
