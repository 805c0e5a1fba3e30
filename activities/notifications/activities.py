"""The activity that delivers notices, one run per channel at a time."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.notifications.delivery import MAX_ROWS, NoticeDelivery
from activities.notifications.interfaces import (
    LinkMaker,
    MailSender,
    OutboxStore,
    PairSignals,
)
from activities.notifications.letters import LetterWriter
from activities.notifications.privacy import MailPrivacyNotices, PrivacyStore
from activities.notifications.slots import Slots
from domain.notices.partitions import Partition, channel_and_number
from schemas.records.outbox import DeliveryReport

log = structlog.get_logger()

RUN_SECONDS = 50 * 60.0
"""Length of one run; its workflow then starts the next."""
HEARTBEAT_SECONDS = 2.0
"""Between heartbeats, during an outage or a long round too."""
POLL_SECONDS = 1.0
"""Longest time without a look at the outbox: PostgreSQL's notifications can be missed
while it restarts."""


class DeliveryActivities:
    """Delivers due notices; its methods are the activities.

    `partitions`: how many deliveries each channel has.
    """

    def __init__(
        self,
        store: OutboxStore,
        sender: MailSender,
        links: LinkMaker,
        signals: PairSignals,
        privacy: PrivacyStore,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        run_seconds: float = RUN_SECONDS,
        partitions: int = 1,
        slots: Slots | None = None,
    ) -> None:
        self._store = store
        self._sender = sender
        self._writer = LetterWriter(links, sender.domain)
        self._signals = signals
        self._privacy = MailPrivacyNotices(privacy, now)
        self._now = now
        self._run_seconds = run_seconds
        self._partitions = partitions
        self._slots = slots or Slots()
        self._deliveries: dict[str, NoticeDelivery] = {}

    @activity.defn
    async def deliver_notices(self, delivery_name: str) -> DeliveryReport:
        """Deliver until the run is over or the worker shuts down.

        At once it is over where there are to be fewer deliveries.

        A mail that is slow stays in the hands of this worker when the run ends, and
        holds up no later run.

        Raises:
            ApplicationError: the outbox or Temporal does not answer; a retry goes on
                where this run was.
        """
        named = channel_and_number(delivery_name)
        if named is None or named[1] >= self._partitions:
            return DeliveryReport(needed=False)
        delivery = self._delivery(delivery_name)
        delivery.results.report = DeliveryReport()
        delivery.results.meter = activity.metric_meter()
        heartbeat = asyncio.create_task(_heartbeat(delivery))
        try:
            partition = Partition(named[1], self._partitions)
            await self._deliver_until_over(delivery, named[0], partition)
        except Exception as error:  # its text may quote values: only its type is logged
            log.warning("delivery stopped", error=type(error).__name__)
            raise ApplicationError(
                "delivery stopped; it is tried again", type="DeliveryStopped"
            ) from None
        finally:
            heartbeat.cancel()
            if activity.is_worker_shutdown():
                await self.abandon()
        return delivery.results.report

    def in_hand(self, delivery_name: str) -> int:
        """Returns how many notices are in mails under way."""
        return len(self._delivery(delivery_name).in_hand)

    def all_in_hand(self) -> int:
        """Returns how many are in the mails of every delivery of this worker."""
        return sum(len(delivery.in_hand) for delivery in self._deliveries.values())

    def connections(self) -> Mapping[str, int]:
        return self._sender.connections()

    async def abandon(self) -> None:
        """Stop with what is in hand."""
        for delivery in self._deliveries.values():
            await delivery.in_hand.abandon()

    def _delivery(self, name: str) -> NoticeDelivery:
        """The one of this worker, which has what an earlier run left in hand."""
        if name not in self._deliveries:
            self._deliveries[name] = NoticeDelivery(
                self._store,
                self._writer,
                self._sender,
                self._signals,
                self._privacy,
                self._now,
                self._slots,
            )
        return self._deliveries[name]

    async def _deliver_until_over(
        self, delivery: NoticeDelivery, channel: str, partition: Partition
    ) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._run_seconds
        while loop.time() < end and not activity.is_worker_shutdown():
            if not await delivery.in_hand.until_at_most(MAX_ROWS // 2, POLL_SECONDS):
                continue
            if not await delivery.deliver_due(channel, partition):
                longest = min(POLL_SECONDS, max(end - loop.time(), 0))
                rest = delivery.results.seconds_to_rest(longest)
                await self._store.wait_for_due(channel, rest, partition)
        await delivery.in_hand.until_at_most(0, self._slots.slow_seconds)


async def _heartbeat(delivery: NoticeDelivery) -> None:
    while True:
        activity.heartbeat(delivery.results.report)
        await asyncio.sleep(HEARTBEAT_SECONDS)
