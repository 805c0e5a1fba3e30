"""Rounds of delivery over stand-ins."""

from dataclasses import dataclass, field
from typing import Any

from activities.notifications.delivery import NoticeDelivery
from activities.notifications.letters import LetterWriter
from activities.notifications.privacy import MailPrivacyNotices
from activities.notifications.slots import Slots
from schemas.records.outbox import DeliveryReport, OutboxRow
from tests.support.notices import PlainLinks
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.unit.notifications.fakes import (
    FakeSender,
    MemoryOutbox,
    MemoryPrivacyNotices,
    SentSignals,
    WallClock,
)


@dataclass
class Rounds:
    """Rounds of delivery, and all that they work on."""

    outbox: MemoryOutbox
    clock: WallClock
    sender: FakeSender = field(default_factory=FakeSender)
    signals: SentSignals = field(default_factory=SentSignals)
    privacy: MemoryPrivacyNotices = field(default_factory=MemoryPrivacyNotices)

    def __post_init__(self) -> None:
        writer = LetterWriter(PlainLinks(), self.sender.domain)
        self.delivery = NoticeDelivery(
            self.outbox,
            writer,
            self.sender,
            self.signals,
            MailPrivacyNotices(self.privacy, self.clock),
            self.clock,
            Slots(),
        )

    async def round(self) -> int:
        rows = await self.delivery.deliver_due("mail")
        await self.delivery.in_hand.until_at_most(0, LONGEST_WAIT_SECONDS)
        return rows

    @property
    def report(self) -> DeliveryReport:
        return self.delivery.results.report


def rounds(*rows: OutboxRow, **sender: Any) -> Rounds:
    clock = WallClock()
    return Rounds(MemoryOutbox(clock, *rows), clock, FakeSender(**sender))
