"""Events, calls and answers, kept in place of PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, datetime

from activities.persistence.messages.answers import PulsesAndOffers
from activities.persistence.messages.inbox import Inbox
from activities.persistence.messages.outbox import Outbox
from activities.persistence.messages.refused import RefusedMessageRepository
from activities.persistence.messages.sources import SealedSecret, Sources
from activities.persistence.programmes.releases import Releases
from domain.sources.granting import EVERYTHING
from schemas.events import Side
from schemas.ids import CohortRef, PairRef, parse_pair_id
from schemas.notices import Notice
from schemas.records.comments import Comment
from schemas.records.inbox import EventState, KeptEvent, NewEvent, StoredEvent
from schemas.records.listings import (
    RefusedListing,
)
from schemas.records.sources import EventSource, MessageRule, SignedSource, SourceScope
from tests.unit.gateway.fakes.programmes import FakePairs

RECEIVED = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


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

    async def kept(self, keys: Sequence[str]) -> dict[str, KeptEvent]:
        return {
            key: KeptEvent.model_validate(self.events[key].model_dump())
            for key in keys
            if key in self.events
        }

    async def find(self, key: str) -> StoredEvent | None:
        return self.events.get(key)

    async def lease_due(self, limit: int, now: datetime) -> list[StoredEvent]:
        def due(event: StoredEvent) -> bool:
            return event.state is EventState.STORED and (
                event.next_try is None or event.next_try <= now
            )

        return [e for e in self.events.values() if due(e)][:limit]

    async def try_waiting(self) -> int:
        waiting = [
            event
            for event in self.events.values()
            if event.state is EventState.WAITING
            and self._pairs.live.get(event.person or "")
        ]
        for event in waiting:
            await self.mark(event.key, EventState.STORED)
        return len(waiting)

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


SOURCE_KEY = b"k" * 32
"""Seals the secrets of sources that sign."""


class FakeSources(Sources):
    """Tokens in a dictionary; they may send everything where nothing else is said."""

    def __init__(self) -> None:
        self.tokens = {"token-lms": "lms", "token-hr": "hr"}
        self.granted: dict[str, SourceScope] = {}
        self.changed: dict[str, dict[str, datetime]] = {}
        """Other fields of a source."""
        self.secrets: dict[str, list[bytes]] = {}
        self.uses: list[str] = []
        self.rules: dict[str, tuple[MessageRule, ...]] = {}

    async def find(self, token: str) -> EventSource | None:
        name = self.tokens.get(token)
        return self._source(name) if name else None

    async def signed(self, name: str) -> list[SignedSource]:
        return [
            SignedSource(
                source=self._source(name),
                sealed_secret=SealedSecret(secret, SOURCE_KEY).bound_to(name),
            )
            for secret in self.secrets.get(name, ())
        ]

    async def note_use(self, source: EventSource, now: datetime) -> None:
        self.uses.append(source.name)

    def _source(self, name: str) -> EventSource:
        scope, changed = self.granted.get(name, EVERYTHING), self.changed.get(name, {})
        rules = self.rules.get(name, ())
        made = EventSource(name=name, scope=scope, credential=1, rules=rules)
        return made.model_copy(update=changed)


class FakeOutbox(Outbox):
    """Calls that were asked for."""

    def __init__(self) -> None:
        self.called: list[tuple[str, str]] = []
        self.mailed: dict[tuple[str, str, str], Sequence[Notice]] = {}
        """By pair, person and key."""

    async def queue_for_person(
        self, pair: str, person: str, key: str, notices: Sequence[Notice]
    ) -> int:
        new = (pair, person, key) not in self.mailed
        self.mailed.setdefault((pair, person, key), notices)
        return len(notices) if new else 0

    async def queue_call_notices(self, pair: str, key: str) -> None:
        self.called.append((pair, key))

    async def counts(self, programme: str | None = None) -> dict[str, int]:
        return {"sent": 3}


class FakeAnswers(PulsesAndOffers):
    """What people wrote."""

    def __init__(self) -> None:
        self.pulses: list[tuple[str, int, str, str, int, str, str, bool]] = []
        self.offers: list[tuple[str, str, bool]] = []

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

    async def regions_with_comments(self) -> list[tuple[str, str]]:
        pairs = {parse_pair_id(p[0]) for p in self.pulses if p[6]}
        return sorted({(pair.programme, pair.region) for pair in pairs})

    async def comments(self, programme: str, region: str, limit: int) -> list[Comment]:
        return [
            Comment(
                person=person,
                name="Somebody",
                side=Side(side),
                session=session,
                programme=programme,
                region=region,
                wave=pair.wave,
                comment=comment,
                received_at=RECEIVED,
            )
            for name, session, side, person, _, _, comment, _ in self.pulses
            if comment
            and (pair := parse_pair_id(name)).programme == programme
            and pair.region == region
        ][:limit]

    async def pulses_given(self, pair: str, person: str) -> tuple[int, ...]:
        return tuple(p[1] for p in self.pulses if (p[0], p[3]) == (pair, person))


class FakeReleases(Releases):
    """Ideas that are released."""

    def __init__(self) -> None:
        self.shared: list[str] = []

    async def ideas(self, cohort: CohortRef) -> list[str]:
        return self.shared


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

    async def lock_for_resending(self, number: int) -> bool:
        if number in self.taken:
            return False
        self.taken.add(number)
        return True

    async def unlock(self, number: int) -> None:
        self.taken.discard(number)

    async def settle(self, number: int, by: str) -> bool:
        done = {"resent_at": RECEIVED, "resent_by": by}
        self.messages = [
            m.model_copy(update=done) if m.id == number else m for m in self.messages
        ]
        return True

    async def count(self) -> int:
        return len(await self.listing())
