"""Events on their way to pairs, and what people said that no pair may hear."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic_core import to_json

from activities.persistence.database import Database
from domain.notices.recipients import recipient_sources
from schemas.events import Side
from schemas.ids import PairRef, parse_pair_id
from schemas.inbox import EventState, NewEvent, StoredEvent
from schemas.listings import RefusedListing
from schemas.notices import Notice, Recipient, Template


class Inbox(Database):
    """Stored first, delivered later."""

    async def add_source(self, name: str) -> str:
        """Make a bearer token for a service; one it had before is void. Only a hash is kept, so it is told once."""
        token = secrets.token_urlsafe(32)
        await self._do("add_source", name=name, token_hash=_hash(token))
        return token

    async def source_of(self, token: str) -> str | None:
        name: str | None = await self._value("source_of", token_hash=_hash(token))
        return name

    async def modules(self) -> frozenset[str]:
        """Every module that a programme's policy names, regions' own ones too."""
        return frozenset(row["module"] for row in await self._rows("modules"))

    async def store_events(self, events: Sequence[NewEvent]) -> int:
        """Keep them in one transaction; a known `key` is left alone. Answers how many are new."""
        new: int = await self._value(
            "store_events", events=to_json(list(events)).decode()
        )
        return new

    async def event(self, key: str) -> StoredEvent | None:
        row = await self._row("event", key=key)
        return _event(row) if row else None

    async def undelivered_events(self, limit: int, now: datetime) -> list[StoredEvent]:
        """Stored ones whose `next_try` has come, and waiting ones whose person has a live pair; oldest first."""
        return [
            _event(row)
            for row in await self._rows("undelivered_events", now=now, most=limit)
        ]

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
        await self._do(
            "mark_event",
            key=key,
            state=state.value,
            reason=reason,
            reached=list(reached),
            next_try=next_try,
        )

    async def resend_event(self, key: str) -> bool:
        """Put an undeliverable event back to stored with no attempts; False: there is none."""
        return await self._do("resend_event", key=key) > 0

    async def events_in(
        self, states: Sequence[EventState], limit: int
    ) -> list[StoredEvent]:
        rows = await self._rows(
            "events_in", states=[state.value for state in states], most=limit
        )
        return [_event(row) for row in rows]

    async def event_counts(self) -> dict[str, int]:
        return {row["state"]: row["events"] for row in await self._rows("event_counts")}

    async def live_pairs_of(self, person: str) -> list[tuple[PairRef, Side]]:
        """Pairs not closed in which the person is mentor, or mentee by a live claim."""
        rows = await self._rows("live_pairs_of", person=person)
        return [(parse_pair_id(row["pair"]), Side(row["side"])) for row in rows]

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
        pulse = {
            "pair": pair.workflow_id, "session": session, "side": side.value, "score": score,
            "idea": _storable(idea), "comment": _storable(comment), "wants_help": wants_help,
        }  # fmt: skip
        about = {
            "programme": pair.programme,
            "region": pair.region,
            "wave": pair.wave,
            "person": person,
        }
        if await self._do("store_pulse", **pulse, **about):
            return True
        same: bool = await self._value("same_pulse", **pulse)
        return same

    async def have_called(self, pair: str, key: str) -> None:
        """Ask supervisor and ops for a call to the mentor of a pair that has closed; once a key."""
        notices = [
            Notice(template=Template.CALL_MENTOR, to=Recipient.SUPERVISOR),
            Notice(template=Template.CONCERN_WAITING, to=Recipient.OPS),
        ]
        rows = [
            {"sources": recipient_sources(notice.to), "body": notice}
            for notice in notices
        ]
        await self._do(
            "have_called", pair=pair, key=key, notices=to_json(rows).decode()
        )

    async def store_next(
        self, person: str, pair: PairRef, offer: str, word_to_manager: bool
    ) -> None:
        """What a mentor wants to do next (supervise, open_region or rest), and whether the manager gets a word."""
        await self._do(
            "store_next",
            pair=pair.workflow_id,
            person=person,
            offer=offer,
            word_to_manager=word_to_manager,
        )

    async def keep_refused(
        self, workflow_id: str, name: str, reason: str, at: datetime
    ) -> None:
        await self._do(
            "keep_refused", workflow_id=workflow_id, name=name, reason=reason, at=at
        )

    async def refused(
        self, limit: int = 200, *, resent: bool = False
    ) -> list[RefusedListing]:
        """Messages that workflows could not take, newest first: those that wait, or those that were settled."""
        return [
            RefusedListing.model_validate(dict(row))
            for row in await self._rows("refused", most=limit, resent=resent)
        ]

    async def refused_message(self, number: int) -> RefusedListing | None:
        row = await self._row("refused_message", id=number)
        return RefusedListing.model_validate(dict(row)) if row else None

    async def take_refused(self, number: int) -> bool:
        """Whether it is the caller's to send again; False: it is settled, or somebody else is sending it."""
        return await self._do("take_refused", id=number) > 0

    async def give_back_refused(self, number: int) -> None:
        """It was taken, and was not sent."""
        await self._do("give_back_refused", id=number)

    async def mark_resent(self, number: int, by: str) -> bool:
        """It was mended and sent again, or dismissed, now, by whom; False: that was noted already."""
        return await self._do("mark_resent", id=number, by=by) > 0

    async def refused_count(self) -> int:
        count: int = await self._value("refused_count")
        return count


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _storable(text: str) -> str:
    """Free text as PostgreSQL can keep it: the one character that it has no place for is left out."""
    return text.replace("\0", "")


def _event(row: Mapping[str, Any]) -> StoredEvent:
    return StoredEvent.model_validate({**row, "payload": json.loads(row["payload"])})
