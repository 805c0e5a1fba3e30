"""One round of delivery: choose what is due, write letters, encode them, send them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import assert_never

import structlog

from activities.notifications.interfaces import (
    MailDeferred,
    MailRefused,
    MailSender,
    MailServerUnavailable,
    OutboxStore,
    OutgoingMail,
    PairSignals,
)
from activities.notifications.letters import LetterWriter
from activities.notifications.mime import encode
from activities.notifications.privacy import MailPrivacy, MailPrivacyNotices
from domain.notices.delivery_decision import (
    AwaitResume,
    DropNotice,
    PassOn,
    SendLater,
    SendNow,
    delivery_decision,
)
from domain.notices.digest import Digest, digests
from domain.notices.recipients import RecipientSource
from domain.notices.retrying import retry_delay
from schemas.events import NoticeFailed
from schemas.notices import Template
from schemas.records.outbox import DeliveryReport, OutboxRow
from schemas.records.reasons import DeliveryFailure

log = structlog.get_logger()

MAX_ROWS = 200
"""Rows a round. They are leased for a minute, so a round must be over by then."""
MAX_CONCURRENT_MAILS = 8
"""Written and sent at the same time; the sender has its own limit of connections."""
RESUME_CHECK_DELAY = timedelta(minutes=10)
"""A resume makes due what waits for it; should it come in the very moment in which a
notice is set aside, the notice is looked at again after so long."""
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
    ) -> None:
        self._store = store
        self._writer = writer
        self._sender = sender
        self._signals = signals
        self._privacy = privacy
        self._now = now
        self._concurrent = asyncio.Semaphore(MAX_CONCURRENT_MAILS)
        self._sent_ids: list[str] = []
        self._marking = asyncio.Lock()
        self._postponed_until: list[datetime] = []
        self.report = DeliveryReport()

    async def deliver_due(self, channel: str) -> int:
        """Handle the rows that are due; returns how many there were."""
        rows = await self._store.lease_due(channel, MAX_ROWS)
        ready = await self._choose(await self._with_server(rows))
        mails = digests(ready, self._sender.domain)
        new = {
            row.id: digest.message_id
            for digest in mails
            for row in digest.rows
            if row.message_id is None
        }
        if new:
            await self._store.keep_message_ids(new)
        privacy = await self._privacy.of(mails)
        async with asyncio.TaskGroup() as tasks:
            for digest in mails:
                tasks.create_task(self._deliver(digest, privacy.get(digest.message_id)))
        return len(rows)

    def seconds_to_rest(self, longest: float) -> float:
        """Seconds until a row is due that this run postponed, if nothing is due before."""
        now = self._now()
        while self._postponed_until and self._postponed_until[0] <= now:
            heappop(self._postponed_until)
        if not self._postponed_until:
            return longest
        return min(longest, (self._postponed_until[0] - now).total_seconds())

    async def _with_server(self, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
        """Postpone, unrendered, the rows whose mail server does not answer; the rest."""
        unavailable = {
            rehearsal: self._sender.unavailable_until(rehearsal=rehearsal)
            for rehearsal in (True, False)
        }
        waiting = {
            row.id: until
            for row in rows
            if (until := unavailable[row.rehearsal]) is not None
        }
        await self._postpone(waiting, count_attempt=False)
        return [row for row in rows if row.id not in waiting]

    async def _choose(self, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
        """Postpone, set aside or drop what is not to be sent now; the rest."""
        now = self._now()
        ready: list[OutboxRow] = []
        waiting: list[str] = []
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
                case DropNotice(reason):
                    dropped.setdefault(reason, []).append(row.id)
                case PassOn(sources):
                    passed_on[row.id] = sources
                case _ as never:
                    assert_never(never)
        await self._postpone(later, count_attempt=False)
        if waiting:
            await self._store.mark_awaiting_resume(waiting, now + RESUME_CHECK_DELAY)
        for reason, ids in sorted(dropped.items()):
            await self._store.mark_dropped(ids, reason)
            self.report.dropped += len(ids)
        await self._pass_on(passed_on)
        return ready

    async def _pass_on(self, sources: Mapping[str, Sequence[RecipientSource]]) -> None:
        if sources:
            passed, failed = await self._store.pass_on(sources)
            self.report.dropped += passed
            self.report.failed += failed

    async def _deliver(self, digest: Digest, privacy: MailPrivacy | None) -> None:
        rows = digest.rows
        async with self._concurrent:
            try:
                mail = self._mail(digest, privacy)
                if mail is None:
                    return await self._postpone_all(
                        rows, self._now() + CORRECTION_DELAY
                    )
                await self._sender.send(mail)
            except MailRefused as refused:
                await self._fail(rows, refused.reason)
            except MailDeferred:
                await self._retry_later(rows)
            except MailServerUnavailable as unavailable:
                await self._postpone_all(
                    rows, unavailable.until, count_attempt=unavailable.sending
                )
            else:
                await self._mark_sent([row.id for row in rows])
                await self._privacy.note_sent(digest, privacy)
                self.report.sent += 1
                self.report.notices += len(rows)

    def _mail(self, digest: Digest, privacy: MailPrivacy | None) -> OutgoingMail | None:
        """Returns None when something is wrong with a notice or its text.

        Raises:
            MailRefused: the address is none.
        """
        try:
            return encode(self._writer.write(digest, privacy), self._now())
        except MailRefused:
            raise
        except Exception as error:  # the other mails go on; its values stay out of logs
            templates = sorted({str(row.notice.template) for row in digest.rows})
            name = type(error).__name__
            log.error("notice cannot be rendered", templates=templates, error=name)
            return None

    async def _mark_sent(self, ids: list[str]) -> None:
        """Mark mails together that were sent while the last ones were being marked.

        If that fails, so does the round; what of it was not marked is sent again under
        the same Message-ID.
        """
        self._sent_ids += ids
        async with self._marking:
            sent, self._sent_ids = self._sent_ids, []
            if sent:
                await self._store.mark_sent(sent)

    async def _retry_later(self, rows: Sequence[OutboxRow]) -> None:
        delay = retry_delay(1 + max(row.attempts for row in rows))
        if delay is None:
            return await self._fail(rows, DeliveryFailure.GAVE_UP)
        return await self._postpone_all(rows, self._now() + delay)

    async def _fail(self, rows: Sequence[OutboxRow], reason: DeliveryFailure) -> None:
        """Signal each pair, then give up; a pair ignores an id that it knows."""
        for row in rows:
            about_pair = row.scope.startswith("pair:")
            if about_pair and row.notice.template is not Template.ADDRESS_FAILED:
                failed = NoticeFailed(notice=row.id, reason=reason)
                payload = failed.model_dump(mode="json")
                await self._signals.signal(row.scope, failed.kind, payload)
        await self._store.mark_failed([row.id for row in rows], reason)
        self.report.failed += len(rows)

    async def _postpone_all(
        self, rows: Sequence[OutboxRow], until: datetime, *, count_attempt: bool = True
    ) -> None:
        await self._postpone(
            {row.id: until for row in rows}, count_attempt=count_attempt
        )

    async def _postpone(
        self, until: dict[str, datetime], *, count_attempt: bool
    ) -> None:
        if not until:
            return
        await self._store.postpone(until, count_attempt=count_attempt)
        self.report.postponed += len(until)
        for moment in set(until.values()):
            heappush(self._postponed_until, moment)
