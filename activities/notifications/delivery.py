"""Delivery: choose what is due, write letters, encode them, send them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

import structlog

from activities.notifications.interfaces import (
    MailCut,
    MailDeferred,
    MailInDoubt,
    MailRefused,
    MailSender,
    MailServerUnavailable,
    MailWithdrawn,
    OutboxStore,
    OutgoingMail,
    PairSignals,
)
from activities.notifications.letters import LetterWriter
from activities.notifications.letters_in_hand import (
    LEASE_SECONDS,
    LettersInHand,
    Together,
    persistently,
)
from activities.notifications.mime import encode
from activities.notifications.outbox_clock import OutboxClock
from activities.notifications.privacy import MailPrivacy, MailPrivacyNotices
from activities.notifications.results import DeliveryResults
from activities.notifications.slots import Slots
from domain.notices.delivery_decision import (
    AwaitResume,
    DropNotice,
    LeaveUnconfirmed,
    PassOn,
    SendLater,
    SendNow,
    delivery_decision,
)
from domain.notices.digest import Digest, digests
from domain.notices.partitions import EVERYBODY, Partition
from domain.notices.recipients import RecipientSource
from domain.notices.retrying import cut_delay, retry_delay
from schemas.records.outbox import OutboxRow

log = structlog.get_logger()

MAX_ROWS = 200
"""Rows in hand at a time."""
RESUME_CHECK_DELAY = timedelta(minutes=10)
"""A resume makes due what waits for it; should it come in the very moment in which a
notice is set aside, that is found out within so long."""
CORRECTION_DELAY = timedelta(minutes=15)
"""A text that cannot be rendered waits for a release that corrects it."""


class NoticeDelivery:
    """Delivers for one channel; `now` is wall time, UTC."""

    def __init__(
        self,
        store: OutboxStore,
        writer: LetterWriter,
        sender: MailSender,
        signals: PairSignals,
        privacy: MailPrivacyNotices,
        now: Callable[[], datetime],
        slots: Slots,
    ) -> None:
        self._store = store
        self._writer = writer
        self._sender = sender
        self._privacy = privacy
        self._clock = OutboxClock(now)
        self._slots = slots
        self._resumes_due = self._clock()
        self._begun = Together(self._begin_together)
        self.results = DeliveryResults(store, signals, self._clock)
        self.in_hand = LettersInHand(store.renew_leases)

    async def deliver_due(self, channel: str, partition: Partition = EVERYBODY) -> int:
        """Begin with rows that are due to its people; returns how many there were.

        Their mails are in hand from then on.
        """
        await self._release_resumed()
        rows = await self._lease(channel, partition)
        ready = await self._choose(await self._with_server(rows))
        mails = digests(ready, self._sender.domain)
        privacy = await self._privacy.of(mails)
        for digest in mails:
            letter = self._deliver(digest, privacy.get(digest.message_id))
            self.in_hand.take([row.id for row in digest.rows], letter)
        return len(rows)

    async def _release_resumed(self) -> None:
        now = self._clock()
        if self._resumes_due <= now:
            await self._store.release_resumed()
            self._resumes_due = now + RESUME_CHECK_DELAY

    async def _lease(self, channel: str, partition: Partition) -> list[OutboxRow]:
        """Lease what there is room for.

        Where a lease could not be renewed in time, it may be of a row in hand.
        """
        room = MAX_ROWS - len(self.in_hand)
        rows = await self._store.lease_due(channel, room, LEASE_SECONDS, partition)
        if rows and (leased_at := rows[0].leased_at):
            self._clock.see(leased_at)
        return [row for row in rows if row.id not in self.in_hand]

    async def _with_server(self, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
        """Postpone, unrendered, the rows whose mail server does not answer; the rest."""
        unavailable = {
            rehearsal: self._sender.unavailable_until(rehearsal=rehearsal)
            for rehearsal in (True, False)
        }
        waiting = {
            row.id: until + self._clock.behind
            for row in rows
            if (until := unavailable[row.rehearsal]) is not None
        }
        await self.results.postpone(waiting)
        return [row for row in rows if row.id not in waiting]

    async def _choose(self, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
        """Postpone, set aside or drop what is not to be sent now; the rest."""
        now = self._clock()
        ready: list[OutboxRow] = []
        waiting: list[str] = []
        unconfirmed: list[OutboxRow] = []
        later: dict[str, datetime] = {}
        dropped: dict[str, list[str]] = {}
        passed_on: dict[str, Sequence[RecipientSource]] = {}
        for row in rows:
            match delivery_decision(row, now):
                case SendNow():
                    ready.append(row)
                case SendLater(until):
                    later[row.id] = until
                case AwaitResume():
                    waiting.append(row.id)
                case LeaveUnconfirmed():
                    unconfirmed.append(row)
                case DropNotice(reason):
                    dropped.setdefault(reason, []).append(row.id)
                case PassOn(sources):
                    passed_on[row.id] = sources
                case _ as never:
                    assert_never(never)
        await self.results.postpone(later)
        if waiting:
            await self._store.mark_awaiting_resume(waiting)
        for reason, ids in sorted(dropped.items()):
            await self._store.mark_dropped(ids, reason)
            self.results.report.dropped += len(ids)
        await self._pass_on(passed_on)
        if unconfirmed:
            await self.results.unconfirmed(unconfirmed)
        return ready

    async def _pass_on(self, sources: Mapping[str, Sequence[RecipientSource]]) -> None:
        if sources:
            passed, failed = await self._store.pass_on(sources)
            self.results.report.dropped += passed
            self.results.report.failed += failed

    async def _deliver(self, digest: Digest, privacy: MailPrivacy | None) -> None:
        rows, results = digest.rows, self.results
        begun: list[Digest] = []
        try:
            async with self._slots.one():
                mail = self._mail(digest, privacy)
                if mail is None:
                    return await self._postpone(rows, self._clock() + CORRECTION_DELAY)
                await self._sender.send(mail, partial(self._begin, digest, begun))
        except MailRefused as refused:
            await results.failed(rows, refused.reason)
        except MailDeferred:
            await results.try_later(rows, retry_delay, begun=bool(begun))
        except MailCut:
            await results.try_later(rows, cut_delay, begun=bool(begun))
        except MailInDoubt:
            await results.in_doubt(rows)
        except MailWithdrawn:
            log.info("mail withdrawn", notices=len(rows))
        except MailServerUnavailable as unavailable:
            await self._postpone(rows, unavailable.until + self._clock.behind)
        else:
            await results.sent(rows)
            await persistently(partial(self._privacy.note_sent, digest, privacy))

    async def _postpone(self, rows: Sequence[OutboxRow], until: datetime) -> None:
        moments = dict.fromkeys((row.id for row in rows), until)
        await persistently(partial(self.results.postpone, moments))

    async def _begin(self, digest: Digest, begun: list[Digest]) -> None:
        """Keep that the server is given this mail, before it is.

        Raises:
            MailWithdrawn: a row of it is not to be sent any more.
        """
        names = {row.id: digest.message_id for row in digest.rows}
        allowed = await self._begun.add(names.items()) & names.keys()
        if allowed != names.keys():
            again = dict.fromkeys(allowed, self._clock())
            await self.results.postpone(again, not_taken=True)
            raise MailWithdrawn
        begun.append(digest)

    async def _begin_together(self, names: list[tuple[str, str]]) -> set[str]:
        return set(await self._store.begin_sending(dict(names)))

    def _mail(self, digest: Digest, privacy: MailPrivacy | None) -> OutgoingMail | None:
        """Returns None when something is wrong with a notice or its text.

        Raises:
            MailRefused: the address is none.
        """
        try:
            return encode(self._writer.write(digest, privacy), self._clock())
        except MailRefused:
            raise
        except Exception as error:  # the other mails go on; its values stay out of logs
            templates = sorted({str(row.notice.template) for row in digest.rows})
            name = type(error).__name__
            log.error("notice cannot be rendered", templates=templates, error=name)
            return None
