"""The activity that delivers: one run per channel at a time, kept alive by its workflow."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.notifications.courier import Courier
from activities.notifications.messages import MailRoom
from activities.notifications.ports import LinkMaker, OutboxRows
from activities.notifications.sending import Sender
from schemas.events import NoticeFailed
from schemas.outbox import DeliveryReport

log = structlog.get_logger()

SHIFT = 50 * 60.0
"""Seconds that one run lasts; its workflow then starts the next."""
BEAT = 2.0
"""Seconds between heartbeats, an outage or a long round notwithstanding."""
POLL = 1.0
"""Most seconds without a look at the outbox: a notification can be missed while PostgreSQL restarts."""


class PairSignals:
    """Sends signals to pairs."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def notice_failed(self, workflow_id: str, event: NoticeFailed) -> None:
        payload = event.model_dump(mode="json", exclude={"kind"})
        try:
            await self._client.get_workflow_handle(workflow_id).signal(
                event.kind, payload
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


class DeliveryActivities:
    """Delivers due notices; its methods are the activities."""

    def __init__(
        self,
        outbox: OutboxRows,
        sender: Sender,
        links: LinkMaker,
        client: Client,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        shift: float = SHIFT,
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._room = MailRoom(links, sender.domain)
        self._signals = PairSignals(client)
        self._now = now
        self._shift = shift

    @activity.defn
    async def deliver(self, channel: str) -> DeliveryReport:
        """Deliver until the shift is over or the worker shuts down.

        Raises:
            ApplicationError: the outbox or Temporal is away; a retry goes on where this run was.
        """
        courier = Courier(
            self._outbox, self._sender, self._room, self._signals, self._now
        )
        beating = asyncio.create_task(self._beat(courier))
        try:
            await self._work(courier, channel)
        except Exception as error:  # its text may quote values: only its type is told
            log.warning("delivery stopped", error=_kind(error))
            raise ApplicationError(
                "delivery stopped; it is tried again", type="DeliveryStopped"
            ) from None
        finally:
            beating.cancel()
        return courier.tally.report()

    async def _work(self, courier: Courier, channel: str) -> None:
        await self._outbox.end_leases(channel)
        loop = asyncio.get_running_loop()
        over = loop.time() + self._shift
        while loop.time() < over and not activity.is_worker_shutdown():
            if not await courier.round(channel):
                await self._outbox.wait(
                    channel, courier.rest(min(POLL, max(over - loop.time(), 0)))
                )

    async def _beat(self, courier: Courier) -> None:
        while True:
            activity.heartbeat(courier.tally.report())
            await asyncio.sleep(BEAT)


def _kind(error: Exception) -> str:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__
