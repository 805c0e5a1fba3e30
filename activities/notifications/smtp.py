"""Mails to an SMTP server over a few kept connections.

The one place that retries a mail server: while it does not answer, `unavailable_until`
says when it is tried again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiosmtplib
import structlog

from activities.notifications.interfaces import (
    MailDeferred,
    MailRefused,
    MailServerUnavailable,
    OutgoingMail,
)
from schemas.records.reasons import DeliveryFailure

log = structlog.get_logger()

FIRST_RECONNECT_DELAY = timedelta(seconds=0.5)
LONGEST_RECONNECT_DELAY = timedelta(seconds=15)
TLS_PORT = 465
"""Where TLS begins with the first byte (RFC 8314)."""
IDLE_CHECK_SECONDS = 2.0
"""A kept connection that was idle for longer is asked whether it still works."""


@dataclass(frozen=True)
class SmtpServer:
    """How to reach and log in to an SMTP server, and how much to send to it."""

    host: str
    port: int
    domain: str
    username: str | None = None
    password: str | None = None
    starttls: bool = False
    timeout_seconds: float = 20.0
    """Longest wait for each answer of the server."""
    connections: int = 4
    per_second: float | None = None
    """Most mails a second; None: as fast as the server takes them."""


def _now() -> datetime:
    return datetime.now(UTC)


class SmtpSender:
    """Keeps a few connections to one server open and shares them among mails."""

    def __init__(self, server: SmtpServer, now: Callable[[], datetime] = _now) -> None:
        self.domain = server.domain
        self._server = server
        self._now = now
        self._free: list[tuple[aiosmtplib.SMTP, float]] = []
        self._connections = asyncio.Semaphore(server.connections)
        self._next_turn = 0.0
        self._unavailable_until: datetime | None = None
        self._failures = 0

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        until = self._unavailable_until
        return until if until is not None and self._now() < until else None

    async def send(self, mail: OutgoingMail) -> None:
        async with self._connections:
            await self._wait_turn()
            try:
                async with self._connection() as smtp:
                    await smtp.sendmail(mail.sender, [mail.recipient], mail.data)
            except aiosmtplib.SMTPRecipientsRefused as refused:
                raise _refused_or_deferred(
                    refused.recipients[0].code, DeliveryFailure.ADDRESS_REFUSED
                ) from None
            except aiosmtplib.SMTPDataError as refused:
                raise _refused_or_deferred(
                    refused.code, DeliveryFailure.CONTENT_REFUSED
                ) from None
            except aiosmtplib.SMTPResponseException:
                # Sender or session is refused: nothing is wrong with the address.
                raise MailDeferred from None
            except (aiosmtplib.SMTPException, OSError):
                raise MailServerUnavailable(
                    self._connection_failed(), sending=True
                ) from None
            except ValueError:
                raise MailRefused(
                    DeliveryFailure.ADDRESS_REFUSED
                ) from None  # not an address that SMTP can carry
        self._connection_works()

    async def close(self) -> None:
        free, self._free = self._free, []
        for smtp, _ in free:
            smtp.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Lend a connection, and keep it unless it is left in an unknown state."""
        smtp = await self._free_connection() or await self._new_connection()
        try:
            yield smtp
        except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused):
            self._keep(smtp)
            raise
        except BaseException:
            smtp.close()
            raise
        self._keep(smtp)

    def _keep(self, smtp: aiosmtplib.SMTP) -> None:
        if smtp.is_connected:
            self._free.append((smtp, asyncio.get_running_loop().time()))

    async def _free_connection(self) -> aiosmtplib.SMTP | None:
        """Returns a free connection that the server has not closed."""
        while self._free:
            smtp, used = self._free.pop()
            if (
                asyncio.get_running_loop().time() - used < IDLE_CHECK_SECONDS
                and smtp.is_connected
            ):
                return smtp
            try:
                await smtp.rset()
            except (aiosmtplib.SMTPException, OSError):
                smtp.close()
            else:
                return smtp
        return None

    async def _new_connection(self) -> aiosmtplib.SMTP:
        server = self._server
        if (until := self.unavailable_until(rehearsal=False)) is not None:
            raise MailServerUnavailable(until, sending=False)
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            start_tls=server.starttls and server.port != TLS_PORT,
            use_tls=server.port == TLS_PORT,
            timeout=server.timeout_seconds,
        )
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError):
            smtp.close()
            raise MailServerUnavailable(
                self._connection_failed(), sending=False
            ) from None
        return smtp

    async def _wait_turn(self) -> None:
        if self._server.per_second is None:
            return
        loop = asyncio.get_running_loop()
        turn = max(self._next_turn, loop.time())
        self._next_turn = turn + 1 / self._server.per_second
        await asyncio.sleep(turn - loop.time())

    def _connection_failed(self) -> datetime:
        """Returns when to try again: later each time; attempts at once count as one."""
        now = self._now()
        if self._unavailable_until is None or now >= self._unavailable_until:
            self._unavailable_until = now + min(
                LONGEST_RECONNECT_DELAY,
                FIRST_RECONNECT_DELAY * 2 ** min(self._failures, 10),
            )
            self._failures += 1
            log.warning("mail server unavailable", failures=self._failures)
        return self._unavailable_until

    def _connection_works(self) -> None:
        if self._failures:
            log.info("mail server back", failures=self._failures)
        self._unavailable_until, self._failures = None, 0


def _refused_or_deferred(
    code: int, reason: DeliveryFailure
) -> MailRefused | MailDeferred:
    return MailRefused(reason) if 500 <= code < 600 else MailDeferred()
