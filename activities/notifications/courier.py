"""One round of delivery: take what is due, decide, put into mails, send, say what became of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush

import structlog

from activities.notifications.invites import carries_calendar
from activities.notifications.messages import AddressInvalid, MailRoom
from activities.notifications.ports import OutboxRows, Signaller
from activities.notifications.sending import (
    MailDeferred,
    MailRefused,
    MailServerUnavailable,
    OutgoingMail,
    Sender,
)
from domain.notices.delivery_decision import (
    DropNotice,
    SendLater,
    SendNow,
    delivery_decision,
    letters,
)
from schemas.events import NoticeFailed
from schemas.notices import Template
from schemas.outbox import DeliveryReport, OutboxRow

log = structlog.get_logger()

AT_ONCE = 200
"""Rows a round. They are leased for a minute, so a round must be over by then."""
SIDE_BY_SIDE = 8
"""Mails that are made and sent at the same time; the sender has its own limit of connections."""
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
MEND = timedelta(minutes=15)
"""A text that cannot be rendered waits for a release that mends it."""
TRIES = 100
"""Of a mail that the server does not take for the time being: about four days, as mail servers do."""


@dataclass
class Tally:
    """Counts of one run."""

    sent: int = 0
    notices: int = 0
    dropped: int = 0
    failed: int = 0
    postponed: int = 0

    def report(self) -> DeliveryReport:
        return DeliveryReport(**vars(self))


class Courier:
    """Delivers for one channel; `now` is wall time, UTC."""

    def __init__(
        self,
        outbox: OutboxRows,
        sender: Sender,
        room: MailRoom,
        signaller: Signaller,
        now: Callable[[], datetime],
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._room = room
        self._signaller = signaller
        self._now = now
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._gone: list[str] = []
        self._marking = asyncio.Lock()
        self._back: list[datetime] = []
        self.tally = Tally()

    async def round(self, channel: str) -> int:
        """Handle the rows that are due, and answer how many there were."""
        rows = await self._outbox.lease(channel, AT_ONCE)
        ready = await self._decide(await self._reachable(rows))
        mails = letters(ready, frozenset(r.id for r in ready if carries_calendar(r)))
        fresh = {
            r.id: self._room.message_id(letter)
            for letter in mails
            for r in letter
            if r.message_id is None
        }
        if fresh:
            await self._outbox.set_message_ids(fresh)
        async with asyncio.TaskGroup() as tasks:
            for letter in mails:
                tasks.create_task(self._deliver(letter))
        return len(rows)

    def rest(self, longest: float) -> float:
        """Seconds to wait when nothing is due: until a row comes back that this run postponed."""
        now = self._now()
        while self._back and self._back[0] <= now:
            heappop(self._back)
        return (
            min(longest, (self._back[0] - now).total_seconds())
            if self._back
            else longest
        )

    async def _reachable(self, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
        """Without the rows whose mail server is known to be away: nothing is rendered in vain."""
        away = {r: self._sender.away_until(rehearsal=r) for r in (True, False)}
        waiting = {
            r.id: until for r in rows if (until := away[_rehearsal(r)]) is not None
        }
        await self._postpone(waiting, tried=False)
        return [r for r in rows if r.id not in waiting]

    async def _decide(self, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
        wall = self._now()
        fates = [(row, delivery_decision(row, wall)) for row in rows]
        await self._postpone(
            {r.id: f.until for r, f in fates if isinstance(f, SendLater)}, tried=False
        )
        dropped = {r.id: f.reason for r, f in fates if isinstance(f, DropNotice)}
        for reason in sorted(set(dropped.values())):
            await self._outbox.mark_dropped(
                [key for key, why in dropped.items() if why == reason], reason
            )
        self.tally.dropped += len(dropped)
        return [r for r, f in fates if isinstance(f, SendNow)]

    async def _deliver(self, letter: list[OutboxRow]) -> None:
        async with self._places:
            mail = self._made(letter)
            if mail is None:
                return await self._postpone_all(letter, self._now() + MEND, tried=True)
            if isinstance(mail, MailRefused):
                return await self._fail(letter, mail.reason)
            return await self._send(letter, mail)

    async def _send(self, letter: list[OutboxRow], mail: OutgoingMail) -> None:
        try:
            await self._sender.send(mail)
        except MailRefused as refused:
            await self._fail(letter, refused.reason)
        except MailDeferred:
            tries = max(r.attempts for r in letter) + 1
            if tries >= TRIES:
                return await self._fail(letter, "gave_up")
            delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(tries - 1, 10))
            await self._postpone_all(letter, self._now() + delay, tried=True)
        except MailServerUnavailable as away:
            await self._postpone_all(letter, away.until, tried=away.sending)
        else:
            await self._mark_sent([r.id for r in letter])
            self.tally.sent += 1
            self.tally.notices += len(letter)

    async def _mark_sent(self, ids: list[str]) -> None:
        """Mails that went out while the last ones were being marked are marked together, in one statement.

        If that fails, so does the round; whatever of it was not marked goes out again under the same Message-ID.
        """
        self._gone += ids
        async with self._marking:
            gone, self._gone = self._gone, []
            if gone:
                await self._outbox.mark_sent(gone)

    def _made(self, letter: list[OutboxRow]) -> OutgoingMail | MailRefused | None:
        """The mail; Refused when the address is none, None when something is wrong with the notice or its text."""
        try:
            return self._room.mail(letter, self._now())
        except AddressInvalid:
            return MailRefused("address_refused")
        except Exception as error:  # whatever is wrong with one mail, the others go on; its values stay out of logs
            templates = sorted({str(r.notice.template) for r in letter})
            log.error(
                "notice cannot be rendered",
                templates=templates,
                error=type(error).__name__,
            )
            return None

    async def _fail(self, letter: list[OutboxRow], reason: str) -> None:
        """Tell each pair, then give up: a pair that hears it twice knows the notice's id already."""
        for row in letter:
            if (
                row.scope.startswith("pair:")
                and row.notice.template is not Template.ADDRESS_FAILED
            ):
                await self._signaller.notice_failed(
                    row.scope, NoticeFailed(notice=row.id, reason=reason)
                )
        await self._outbox.mark_failed([r.id for r in letter], reason)
        self.tally.failed += len(letter)

    async def _postpone_all(
        self, letter: list[OutboxRow], until: datetime, *, tried: bool
    ) -> None:
        await self._postpone({r.id: until for r in letter}, tried=tried)

    async def _postpone(self, until: dict[str, datetime], *, tried: bool) -> None:
        if not until:
            return
        await self._outbox.postpone(until, tried)
        self.tally.postponed += len(until)
        for moment in set(until.values()):
            heappush(self._back, moment)


def _rehearsal(row: OutboxRow) -> bool:
    return row.clock.pace != 1.0
