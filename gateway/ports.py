"""What the gateway asks of PostgreSQL. `activities.persistence.store.Store` is it in production."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

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
from schemas.status import ProgrammeStatus


class Inbox(Protocol):
    """Events until their pairs have them."""

    async def source_of(self, token: str) -> str | None: ...

    async def modules(self) -> frozenset[str]:
        """Every module that a programme's policy names, regions' own ones too."""

    async def store_events(self, events: Sequence[NewEvent]) -> int:
        """Keep them in one transaction; a known `key` is left alone. Answers how many are new."""

    async def event(self, key: str) -> StoredEvent | None: ...

    async def undelivered_events(self, limit: int, now: datetime) -> list[StoredEvent]:
        """Stored ones whose `next_try` has come, and waiting ones whose person has a live pair; oldest first."""

    async def mark_event(
        self,
        key: str,
        state: EventState,
        *,
        reason: str | None = None,
        reached: Sequence[str] = (),
        next_try: datetime | None = None,
    ) -> None:
        """Say what became of it; one more attempt is counted, `reached` replaces what stood there."""

    async def resend_event(self, key: str) -> bool:
        """Put an undeliverable event back to stored with no attempts; False: there is none."""

    async def have_called(self, pair: str, key: str) -> None:
        """Ask supervisor and ops for a call to the mentor of a pair that has closed; once a key."""

    async def events_in(
        self, states: Sequence[EventState], limit: int
    ) -> list[StoredEvent]: ...

    async def event_counts(self) -> dict[str, int]: ...

    async def keep_completion(self, person: str, module: str) -> None: ...

    async def live_pairs_of(self, person: str) -> list[tuple[PairRef, Side]]:
        """Pairs not closed in which the person is mentor, or mentee by a live claim."""


class People(Protocol):
    """People, and what they said on their pages."""

    async def person(self, person_id: str) -> Person | None: ...

    async def person_by_external(self, external_id: str) -> Person | None: ...

    async def people(
        self, region: str | None, limit: int, offset: int
    ) -> list[Person]: ...

    async def find_people(self, said: str, limit: int) -> list[Person]:
        """By words of a name or an address, or by an id."""

    async def region_counts(self) -> dict[str, dict[str, int]]: ...

    async def preview_people(
        self,
        data: bytes,
        order: ImportOptions = ...,
        progress: ReportImportProgress | None = ...,
        /,
    ) -> ImportPreview: ...

    async def import_people(
        self,
        data: bytes,
        order: ImportOptions = ...,
        progress: ReportImportProgress | None = ...,
        /,
    ) -> ImportPreview: ...

    async def store_said(
        self,
        said: Sequence[PersonUpdate],
        events: Sequence[NewEvent],
        now: datetime,
        *,
        write: bool = True,
    ) -> int:
        """Take what is said of people and keep the events, all or nothing; raises PeopleRefused."""

    async def people_due(self, now: datetime) -> int:
        """Let hold what was said for a day that has come."""

    async def store_windows(self, person: str, windows: Sequence[Window]) -> None: ...

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
        """Keep it, once a session and side; False: there is another one already, and that one stands."""

    async def store_next(
        self, person: str, pair: PairRef, offer: str, word_to_manager: bool
    ) -> None:
        """What a mentor wants to do next (supervise, open_region or rest), and whether the manager gets a word."""


class Listings(Protocol):
    """What pages and console show."""

    async def ping(self) -> None:
        """Raises when PostgreSQL does not answer."""

    async def programmes(self) -> list[str]: ...

    async def programme_plan(self, programme: str) -> ProgrammePlan | None: ...

    async def programme_clock(self, programme: str) -> Clock | None: ...

    async def status(self, programme: str) -> ProgrammeStatus | None: ...

    async def programme_state(self, programme: str) -> ProgrammeState | None:
        """As the programme saved it last: each region's status, ticked needs and evidence."""

    async def pairs(
        self, cohort: CohortRef, stage: str | None, limit: int, offset: int
    ) -> list[PairListing]:
        """A page of a cohort's pairs, those at risk first, then by mentor's name."""

    async def ideas(self, cohort: CohortRef) -> list[str]:
        """Shared ideas without names; none while fewer than five people answered."""

    async def pair_detail(self, pair_id: str) -> PairDetail | None: ...

    async def ledger(self, pair_id: str) -> list[LedgerEntry]: ...

    async def matches(self, cohort: CohortRef) -> MatchReview: ...

    async def refused(
        self, limit: int = 200, *, resent: bool = False
    ) -> list[RefusedListing]:
        """Messages that workflows could not take, newest first: those that wait, or those that were sent again."""

    async def refused_message(self, number: int) -> RefusedListing | None: ...

    async def take_refused(self, number: int) -> bool:
        """Whether it is the caller's to send again; False: it is settled, or somebody else is sending it."""

    async def give_back_refused(self, number: int) -> None: ...

    async def mark_resent(self, number: int, by: str) -> bool:
        """It was mended and sent again, now, by whom; False: that was noted already."""

    async def pauses(self, scopes: Sequence[str]) -> list[PauseListing]:
        """Which of these are paused, and since when."""

    async def refused_count(self) -> int: ...

    async def notice_counts(self) -> dict[str, int]: ...

    async def drift(self, limit: int = 200) -> list[Drift]:
        """Runs that are not as the record has them: what is open, then what was mended, each newest first."""

    async def drift_counts(self) -> dict[str, int]:
        """What is open, by kind."""


class GatewayStore(Inbox, People, Listings, Protocol):
    """All of it."""
