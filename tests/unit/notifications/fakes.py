"""Small hand-written stand-ins: an outbox in memory, a mail sender that does as a test says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.policy import default as modern
from typing import Any

from activities.notifications.interfaces import Begin, OutgoingMail
from domain.notices.partitions import EVERYBODY, Partition
from domain.notices.recipients import RecipientSource
from schemas.events import NoticeFailed
from schemas.records.outbox import OutboxRow
from schemas.records.privacy import Informed, InformedBy, PrivacyNotice
from tests.support.notices import NOW


class WallClock:
    """Wall time as a test wants it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class MemoryOutbox:
    """Rows in memory; `state` says what became of each, and why."""

    def __init__(self, clock: WallClock, *rows: OutboxRow) -> None:
        self.clock = clock
        self.rows = {row.id: row for row in rows}
        self.state: dict[str, str] = {}
        self.leased: set[str] = set()
        self.awaiting_resume: set[str] = set()

    async def lease_due(
        self,
        channel: str,
        limit: int,
        seconds: float,
        partition: Partition = EVERYBODY,
    ) -> Sequence[OutboxRow]:
        now = self.clock()
        ready = [
            r.model_copy(update={"leased_at": now})
            for r in self.rows.values()
            if r.due <= now and r.id not in {*self.state, *self.leased}
        ]
        self.leased |= {r.id for r in ready[:limit]}
        return ready[:limit]

    async def renew_leases(self, ids: Sequence[str], seconds: float) -> None:
        """Leases here do not end."""

    async def begin_sending(self, message_ids: Mapping[str, str]) -> Collection[str]:
        begun = {
            key: name for key, name in message_ids.items() if key not in self.state
        }
        for key, name in begun.items():
            row = self.rows[key]
            sends = row.sends_in_doubt + 1
            name = row.message_id or name
            self._change(key, message_id=name, sends_in_doubt=sends)
        return begun.keys()

    async def mark_sent(self, ids: Sequence[str]) -> None:
        self.state |= dict.fromkeys(ids, "sent")

    async def mark_failed(self, ids: Sequence[str], reason: str) -> None:
        self.state |= dict.fromkeys(ids, f"failed: {reason}")

    async def mark_dropped(self, ids: Sequence[str], reason: str) -> None:
        self.state |= dict.fromkeys(ids, f"dropped: {reason}")

    async def pass_on(
        self, sources: Mapping[str, Sequence[RecipientSource]]
    ) -> tuple[int, int]:
        self.state |= dict.fromkeys(sources, "passed on")
        return len(sources), 0

    async def mark_unconfirmed(self, ids: Sequence[str], reason: str) -> None:
        self.state |= dict.fromkeys(ids, "unconfirmed")

    async def postpone(
        self,
        until: Mapping[str, datetime],
        *,
        count_attempt: bool,
        not_taken: bool = False,
    ) -> None:
        for key, moment in until.items():
            self._change(
                key,
                due=moment,
                attempts=self.rows[key].attempts + count_attempt,
                sends_in_doubt=self.rows[key].sends_in_doubt - not_taken,
            )
        self.leased -= until.keys()

    async def mark_awaiting_resume(self, ids: Sequence[str]) -> None:
        self.awaiting_resume |= set(ids)

    async def release_resumed(self) -> None:
        """Every pause has ended by then."""
        self.leased -= self.awaiting_resume
        self.awaiting_resume.clear()

    async def wait_for_due(
        self, channel: str, timeout: float, partition: Partition = EVERYBODY
    ) -> None:
        """Time passes at once."""

    def _change(self, key: str, **changes: object) -> None:
        self.rows[key] = self.rows[key].model_copy(update=changes)


@dataclass
class MemoryPrivacyNotices:
    """Privacy notices in memory, and who was shown which by a mail."""

    notices: list[PrivacyNotice] = field(default_factory=list)
    known: set[Informed] = field(default_factory=set)

    async def shown(self) -> Sequence[PrivacyNotice]:
        return self.notices

    async def informed(
        self, persons: Collection[str], by: InformedBy
    ) -> Collection[Informed]:
        assert by is InformedBy.MAIL
        return {each for each in self.known if each.person in persons}

    async def note_informed(self, person: str, notice: int, by: InformedBy) -> None:
        assert by is InformedBy.MAIL
        self.known.add(Informed(person, notice))


async def begin_nothing() -> None:
    """Nobody counts what is sent."""


@dataclass
class FakeSender:
    """Keeps mails, or raises its `error`."""

    domain: str = "firm.example"
    error: Exception | None = None
    before: bool = False
    """Whether it raises before the server is given the mail."""
    unavailable: datetime | None = None
    mails: list[OutgoingMail] = field(default_factory=list)

    async def send(self, mail: OutgoingMail, begin: Begin) -> None:
        if self.error is not None and self.before:
            raise self.error
        await begin()
        if self.error is not None:
            raise self.error
        self.mails.append(mail)

    def connections(self) -> dict[str, int]:
        return {}

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        return self.unavailable

    async def close(self) -> None:
        self.mails.clear()

    @property
    def subjects(self) -> list[str]:
        return [
            str(message_from_bytes(mail.data, policy=modern)["Subject"])
            for mail in self.mails
        ]

    @property
    def message_ids(self) -> list[str]:
        return [
            str(message_from_bytes(mail.data, policy=modern)["Message-ID"])
            for mail in self.mails
        ]


@dataclass
class SentSignals:
    """Keeps the signals that pairs were sent."""

    sent: list[tuple[str, NoticeFailed]] = field(default_factory=list)

    async def signal(
        self, workflow_id: str, name: str, payload: dict[str, Any]
    ) -> None:
        event = NoticeFailed.model_validate({"kind": name, **payload})
        self.sent.append((workflow_id, event))
