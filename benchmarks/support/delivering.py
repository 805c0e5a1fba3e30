"""A process that delivers to a share of the people, for `benchmarks.delivery`."""

import asyncio
from datetime import UTC, datetime
from time import process_time
from typing import Any, NamedTuple

from temporalio.testing import ActivityEnvironment

from activities.notifications.activities import DeliveryActivities
from activities.notifications.interfaces import Begin, OutgoingMail
from activities.notifications.smtp import SmtpSender
from activities.notifications.smtp_connections import SmtpServer
from activities.persistence.store import Store
from benchmarks.mails import DOMAIN, HOST
from domain.notices.partitions import deliveries
from tests.support.notices import PlainLinks
from tests.unit.notifications.fakes import SentSignals

MORNING = datetime(2031, 1, 13, 9, 30, tzinfo=UTC)
"""A Monday in working hours, by the worker's clock, whenever this runs."""


class Delivering(NamedTuple):
    """What a process that delivers has in common with the one that measures."""

    url: str
    port: int
    ready: Any
    """A semaphore: released when it is ready."""
    begin: Any
    over: Any
    """Events: when it is to begin, and to end."""
    sent: Any
    """A queue for what it sent."""


class KeepingSender:
    """Sends, and keeps what it sent."""

    def __init__(self, sender: SmtpSender) -> None:
        self.domain = sender.domain
        self.mails: list[OutgoingMail] = []
        self._sender = sender

    async def send(self, mail: OutgoingMail, begin: Begin) -> None:
        self.mails.append(mail)
        await self._sender.send(mail, begin)

    def connections(self) -> dict[str, int]:
        return {}

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        return self._sender.unavailable_until(rehearsal=rehearsal)


def delivering(shared: Delivering, number: int, partitions: int) -> None:
    """Deliver to a share of the people, as a worker does, in a process of its own."""
    shared.sent.put(asyncio.run(_delivering(shared, number, partitions)))


async def _delivering(
    shared: Delivering, number: int, partitions: int
) -> tuple[float, list[OutgoingMail]]:
    """Returns the seconds of processor that it took, and the mails."""
    store = await Store.open(shared.url)
    smtp = SmtpSender(SmtpServer(HOST, shared.port, DOMAIN))
    sender = KeepingSender(smtp)
    activities = DeliveryActivities(
        store.outbox,
        sender,
        PlainLinks(),
        SentSignals(),
        store.privacy_notices,
        now=lambda: MORNING,
        partitions=partitions,
    )
    shared.ready.release()
    await asyncio.to_thread(shared.begin.wait)
    begun = process_time()
    environment, name = ActivityEnvironment(), deliveries(partitions)[number]
    run = asyncio.ensure_future(environment.run(activities.deliver_notices, name))
    await asyncio.to_thread(shared.over.wait)
    taken = process_time() - begun
    environment.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await smtp.close()
    await store.close()
    return taken, sender.mails
