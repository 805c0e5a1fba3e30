"""What becomes of the notices of a mail, as the outbox keeps it and pairs hear of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush

import structlog
from temporalio.common import MetricMeter

from activities.metrics import MAIL_DELAY, MAILS, count, measure
from activities.notifications.interfaces import OutboxStore, PairSignals
from activities.notifications.letters_in_hand import Together, persistently
from activities.notifications.outbox_clock import OutboxClock
from domain.notices.retrying import cut_delay, may_be_sent
from schemas.events import NoticeFailed
from schemas.notices import Template
from schemas.records.outbox import DeliveryReport, OutboxRow
from schemas.records.reasons import DeliveryFailure

log = structlog.get_logger()

MARK_TOGETHER_SECONDS = 0.01
"""What a server took meanwhile is marked in one round trip. No mail waits for it; should
the worker be killed just then, what it had not marked is sent once more, as ever.
"""


class DeliveryResults:
    """Marks notices; what a server said is written however long that cannot be done."""

    def __init__(
        self, store: OutboxStore, signals: PairSignals, clock: OutboxClock
    ) -> None:
        self._store = store
        self._signals = signals
        self._clock = clock
        self._sent = Together(self._mark_sent, MARK_TOGETHER_SECONDS)
        self._postponed_until: list[datetime] = []
        self.report = DeliveryReport()
        self.meter = MetricMeter.noop

    async def sent(self, rows: Sequence[OutboxRow]) -> None:
        await self._sent.add([row.id for row in rows])
        self.report.sent += 1
        self.report.notices += len(rows)
        count(self.meter, MAILS, 1, "sent")
        count(self.meter, MAILS, any(row.sends_in_doubt for row in rows), "repeated")
        measure(self.meter, MAIL_DELAY, self._clock() - min(row.due for row in rows))

    async def failed(self, rows: Sequence[OutboxRow], reason: DeliveryFailure) -> None:
        """Signal each pair, then give up."""
        await self._signal_failure(rows, reason)
        ids = [row.id for row in rows]
        await persistently(partial(self._store.mark_failed, ids, reason))
        self.report.failed += len(rows)
        count(self.meter, MAILS, 1, "failed")

    async def unconfirmed(self, rows: Sequence[OutboxRow]) -> None:
        """Signal each pair; they may have arrived, and are sent no more."""
        reason = DeliveryFailure.UNCONFIRMED
        await self._signal_failure(rows, reason)
        ids = [row.id for row in rows]
        await persistently(partial(self._store.mark_unconfirmed, ids, reason))
        self.report.unconfirmed += len(rows)
        count(self.meter, MAILS, 1, "unconfirmed")
        log.warning("mail unconfirmed", notices=len(rows))

    async def in_doubt(self, rows: Sequence[OutboxRow]) -> None:
        """Send them once more, after a while; not where that was done already."""
        delay = cut_delay(1 + max(row.attempts for row in rows))
        sends = 1 + max(row.sends_in_doubt for row in rows)
        if delay is None or not may_be_sent(sends):
            return await self.unconfirmed(rows)
        log.warning("mail in doubt", notices=len(rows))
        return await self._postpone_attempt(rows, delay, not_taken=False)

    async def try_later(
        self,
        rows: Sequence[OutboxRow],
        delay_after: Callable[[int], timedelta | None],
        *,
        begun: bool,
    ) -> None:
        """Postpone after an attempt; `begun`: a send was counted, and came to nothing."""
        delay = delay_after(1 + max(row.attempts for row in rows))
        if delay is None and any(row.sends_in_doubt for row in rows):
            return await self.unconfirmed(rows)
        if delay is None:
            return await self.failed(rows, DeliveryFailure.GAVE_UP)
        return await self._postpone_attempt(rows, delay, not_taken=begun)

    async def _postpone_attempt(
        self, rows: Sequence[OutboxRow], delay: timedelta, *, not_taken: bool
    ) -> None:
        until = dict.fromkeys((row.id for row in rows), self._clock() + delay)
        count(self.meter, MAILS, 1, "postponed")
        again = partial(self.postpone, until, count_attempt=True, not_taken=not_taken)
        await persistently(again)

    async def postpone(
        self,
        until: Mapping[str, datetime],
        *,
        count_attempt: bool = False,
        not_taken: bool = False,
    ) -> None:
        if not until:
            return
        await self._store.postpone(
            until, count_attempt=count_attempt, not_taken=not_taken
        )
        self.report.postponed += len(until)
        for moment in set(until.values()):
            heappush(self._postponed_until, moment)

    def seconds_to_rest(self, longest: float) -> float:
        """Seconds until a row is due that was postponed here, if nothing is due before."""
        now = self._clock()
        while self._postponed_until and self._postponed_until[0] <= now:
            heappop(self._postponed_until)
        if not self._postponed_until:
            return longest
        return min(longest, (self._postponed_until[0] - now).total_seconds())

    async def _mark_sent(self, ids: list[str]) -> None:
        await persistently(partial(self._store.mark_sent, ids))

    async def _signal_failure(
        self, rows: Sequence[OutboxRow], reason: DeliveryFailure
    ) -> None:
        """Signal the pair of each; a pair ignores an id that it knows."""
        for row in rows:
            about_pair = row.scope.startswith("pair:")
            if about_pair and row.notice.template is not Template.ADDRESS_FAILED:
                failed = NoticeFailed(notice=row.id, reason=reason)
                payload = failed.model_dump(mode="json")
                signal = self._signals.signal
                await persistently(partial(signal, row.scope, failed.kind, payload))
