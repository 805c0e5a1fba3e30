"""Which server a mail leaves through: a real one or, in a rehearsal, the catcher."""

from collections.abc import Mapping
from datetime import datetime

from activities.notifications.interfaces import (
    Begin,
    MailRefused,
    MailSender,
    OutgoingMail,
)
from schemas.records.reasons import DeliveryFailure


class RehearsalDiverter:
    """Sends mails of rehearsals to the catcher; without one they are refused."""

    def __init__(self, live: MailSender, catcher: MailSender | None) -> None:
        self.domain = live.domain
        self.live = live
        self.catcher = catcher

    async def send(self, mail: OutgoingMail, begin: Begin) -> None:
        if not mail.rehearsal:
            return await self.live.send(mail, begin)
        if self.catcher is None:
            raise MailRefused(DeliveryFailure.NO_CATCHER)
        return await self.catcher.send(mail, begin)

    def connections(self) -> Mapping[str, int]:
        return self.live.connections()

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        sender = self.catcher if rehearsal else self.live
        return sender.unavailable_until(rehearsal=rehearsal) if sender else None
