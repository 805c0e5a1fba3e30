"""Which server a mail leaves through: a real one or, in a rehearsal, the catcher."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from activities.notifications.interfaces import (
    MailRefused,
    MailSender,
    OutgoingMail,
)
from activities.notifications.smtp import SmtpSender, SmtpServer


class RehearsalDiverter:
    """Sends mails of rehearsals to the catcher; without one they are refused."""

    def __init__(self, live: MailSender, catcher: MailSender | None) -> None:
        self.domain = live.domain
        self.live = live
        self.catcher = catcher

    async def send(self, mail: OutgoingMail) -> None:
        if not mail.rehearsal:
            return await self.live.send(mail)
        if self.catcher is None:
            raise MailRefused("no_catcher")
        return await self.catcher.send(mail)

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        sender = self.catcher if rehearsal else self.live
        return sender.unavailable_until(rehearsal=rehearsal) if sender else None

    async def close(self) -> None:
        await self.live.close()
        if self.catcher is not None and self.catcher is not self.live:
            await self.catcher.close()


class MailSettings(Protocol):
    """The settings that mail needs; the worker's own fit."""

    @property
    def smtp_host(self) -> str: ...
    @property
    def smtp_port(self) -> int: ...
    @property
    def smtp_username(self) -> str | None: ...
    @property
    def smtp_password(self) -> SecretStr | None: ...
    @property
    def smtp_starttls(self) -> bool: ...
    @property
    def smtp_per_second(self) -> float | None: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def mails_dir(self) -> Path | None: ...
    @property
    def catcher_host(self) -> str | None: ...
    @property
    def catcher_port(self) -> int: ...


def sender_for(settings: MailSettings) -> MailSender:
    """Real mail goes to the mail server, rehearsals to the catcher.

    Where the stack keeps mails to show them, its one server is a catcher.
    """
    domain = settings.mail_from.rpartition("@")[2]
    live = SmtpSender(
        SmtpServer(
            settings.smtp_host,
            settings.smtp_port,
            domain,
            username=settings.smtp_username,
            password=settings.smtp_password.get_secret_value()
            if settings.smtp_password
            else None,
            starttls=settings.smtp_starttls,
            per_second=settings.smtp_per_second,
        )
    )
    if settings.mails_dir is not None:
        return RehearsalDiverter(live, live)
    if settings.catcher_host is None:
        return RehearsalDiverter(live, None)
    return RehearsalDiverter(
        live,
        SmtpSender(SmtpServer(settings.catcher_host, settings.catcher_port, domain)),
    )
