"""Small hand-written stand-ins: an outbox in memory, a post office that answers as it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.policy import default as modern

from activities.notifications.sending import OutgoingMail
from schemas.events import NoticeFailed
from schemas.outbox import OutboxRow
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
        self._clock = clock
        self.rows = {row.id: row for row in rows}
        self.state: dict[str, str] = {}
        self.leased: set[str] = set()

    async def due(self, channel: str, limit: int) -> Sequence[OutboxRow]:
        ready = [
            r
            for r in self.rows.values()
            if r.due <= self._clock() and r.id not in {*self.state, *self.leased}
        ]
        self.leased |= {r.id for r in ready[:limit]}
        return ready[:limit]

    async def take_over(self, channel: str) -> None:
        self.leased.clear()

    async def named(self, message_ids: Mapping[str, str]) -> None:
        for key, name in message_ids.items():
            self._change(key, message_id=self.rows[key].message_id or name)

    async def sent(self, ids: Sequence[str]) -> None:
        self.state |= dict.fromkeys(ids, "sent")

    async def failed(self, ids: Sequence[str], reason: str) -> None:
        self.state |= dict.fromkeys(ids, f"failed: {reason}")

    async def dropped(self, ids: Sequence[str], reason: str) -> None:
        self.state |= dict.fromkeys(ids, f"dropped: {reason}")

    async def postponed(self, until: Mapping[str, datetime], tried: bool) -> None:
        for key, moment in until.items():
            self._change(key, due=moment, attempts=self.rows[key].attempts + tried)
        self.leased -= until.keys()

    async def wait(self, channel: str, timeout: float) -> None:
        """Time passes at once."""

    def _change(self, key: str, **changes: object) -> None:
        self.rows[key] = self.rows[key].model_copy(update=changes)


@dataclass
class PostOffice:
    """Keeps mails, or raises what stands in `answer`."""

    domain: str = "firm.example"
    answer: Exception | None = None
    away: datetime | None = None
    mails: list[OutgoingMail] = field(default_factory=list)

    async def send(self, mail: OutgoingMail) -> None:
        if self.answer is not None:
            raise self.answer
        self.mails.append(mail)

    def away_until(self, *, rehearsal: bool) -> datetime | None:
        return self.away

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
class Signals:
    """Keeps what pairs were told."""

    told: list[tuple[str, NoticeFailed]] = field(default_factory=list)

    async def notice_failed(self, workflow_id: str, event: NoticeFailed) -> None:
        self.told.append((workflow_id, event))
