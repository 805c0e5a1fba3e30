"""Mails to an SMTP server, and what its answers mean for each."""

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import aiosmtplib

from activities.notifications.interfaces import (
    Begin,
    MailCut,
    MailDeferred,
    MailInDoubt,
    MailRefused,
    MailWithdrawn,
    OutgoingMail,
)
from activities.notifications.smtp_connections import SmtpConnections, SmtpServer
from schemas.records.reasons import DeliveryFailure

LINE_WITH_POINT = re.compile(rb"^\.", re.MULTILINE)
START_OF_MAIL = 354
"""The answer to DATA: the server waits for the mail itself."""


def _now() -> datetime:
    return datetime.now(UTC)


class SmtpSender:
    """Sends mails to one server; each has a connection for itself meanwhile."""

    def __init__(self, server: SmtpServer, now: Callable[[], datetime] = _now) -> None:
        self.domain = server.domain
        self._server = server
        self._connections = SmtpConnections(server, now)
        self._next_turn = 0.0

    def connections(self) -> Mapping[str, int]:
        return self._connections.counts()

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        return self._connections.unavailable_until()

    async def send(self, mail: OutgoingMail, begin: Begin) -> None:
        await self._wait_turn()
        async with self._connections.one() as smtp:
            try:
                await self._give_envelope(smtp, mail)
                await begin()
                await self._start_mail(smtp)
                await self._give_mail(smtp, mail.data)
            except (MailDeferred, MailRefused, MailWithdrawn):
                await self._reset(smtp)
                raise
            except BaseException:
                smtp.close()  # nobody knows what it would answer next
                raise

    async def close(self) -> None:
        self._connections.close()

    async def _give_envelope(self, smtp: aiosmtplib.SMTP, mail: OutgoingMail) -> None:
        """Say from whom the mail is and to whom."""
        seconds = self._server.waits.command
        size = [f"SIZE={len(mail.data)}"] if smtp.supports_extension("size") else []
        try:
            await smtp.mail(mail.sender, options=size, timeout=seconds)
            await smtp.rcpt(mail.recipient, timeout=seconds)
        except aiosmtplib.SMTPRecipientRefused as refused:
            raise _not_taken(refused.code, DeliveryFailure.ADDRESS_REFUSED) from None
        except aiosmtplib.SMTPResponseException:
            # Sender or session is refused: nothing is wrong with the address.
            raise MailDeferred from None
        except (aiosmtplib.SMTPException, OSError):
            raise MailCut from None
        except ValueError:  # not an address that SMTP can carry
            raise MailRefused(DeliveryFailure.ADDRESS_REFUSED) from None

    async def _start_mail(self, smtp: aiosmtplib.SMTP) -> None:
        seconds = self._server.waits.data
        try:
            answer = await smtp.execute_command(b"DATA", timeout=seconds)
        except (aiosmtplib.SMTPException, OSError):
            raise MailCut from None
        if answer.code != START_OF_MAIL:
            raise _not_taken(answer.code, DeliveryFailure.CONTENT_REFUSED)

    async def _give_mail(self, smtp: aiosmtplib.SMTP, data: bytes) -> None:
        """From the last line on, only its answer says whether the server took it."""
        if (protocol := smtp.protocol) is None:
            raise MailCut
        try:
            protocol.write(_transparent(data))
        except aiosmtplib.SMTPServerDisconnected:
            raise MailCut from None
        try:
            answer = await protocol.read_response(self._server.waits.answer_after_data)
        except (aiosmtplib.SMTPException, OSError):
            raise MailInDoubt from None
        match answer.code // 100:
            case 2:
                return
            case 4 | 5:
                raise _not_taken(answer.code, DeliveryFailure.CONTENT_REFUSED)
            case _:
                raise MailInDoubt

    async def _reset(self, smtp: aiosmtplib.SMTP) -> None:
        """Leave the connection to the next mail."""
        try:
            await smtp.rset(timeout=self._server.waits.connect)
        except (aiosmtplib.SMTPException, OSError):
            smtp.close()

    async def _wait_turn(self) -> None:
        if self._server.per_second is None:
            return
        loop = asyncio.get_running_loop()
        turn = max(self._next_turn, loop.time())
        self._next_turn = turn + 1 / self._server.per_second
        await asyncio.sleep(turn - loop.time())


def _transparent(data: bytes) -> bytes:
    """A mail as DATA takes it (RFC 5321, 4.5.2), with the line that ends it.

    Its lines end with CR LF already.
    """
    end = b"" if data.endswith(b"\r\n") else b"\r\n"
    return LINE_WITH_POINT.sub(b"..", data) + end + b".\r\n"


def _not_taken(code: int, reason: DeliveryFailure) -> MailRefused | MailDeferred:
    return MailRefused(reason) if 500 <= code < 600 else MailDeferred()
