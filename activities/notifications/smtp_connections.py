"""A few connections to one SMTP server, kept open and shared among mails.

The one place that knows whether the server can be reached: it cannot while no
connection can be opened and none is open.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiosmtplib
import structlog

from activities.notifications.interfaces import MailServerUnavailable

log = structlog.get_logger()

FIRST_RECONNECT_DELAY = timedelta(seconds=0.5)
LONGEST_RECONNECT_DELAY = timedelta(seconds=15)
TLS_PORT = 465
"""Where TLS begins with the first byte (RFC 8314)."""
IDLE_CHECK_SECONDS = 2.0
"""A kept connection that was idle for longer is asked whether it still works."""
CONNECT_SECONDS = 20.0
"""For the connection, and for each answer until mails can be given."""
COMMAND_SECONDS = 5 * 60.0
"""For the answers to MAIL and RCPT (RFC 5321, 4.5.3.2.2 and 4.5.3.2.3)."""
DATA_SECONDS = 2 * 60.0
"""For the answer to DATA, before the mail itself (RFC 5321, 4.5.3.2.4)."""
TRANSFER_SECONDS = 3 * 60.0
"""For the mail to get there (RFC 5321, 4.5.3.2.5)."""
ANSWER_AFTER_DATA_SECONDS = 10 * 60.0
"""For the answer to the mail itself (RFC 5321, 4.5.3.2.6).

A server that has taken a mail may be long in saying so; whoever waits for less sends it
again, and again.
"""


@dataclass(frozen=True)
class SmtpWaits:
    """How long a server may be silent, in seconds."""

    connect: float = CONNECT_SECONDS
    command: float = COMMAND_SECONDS
    data: float = DATA_SECONDS
    answer_after_data: float = TRANSFER_SECONDS + ANSWER_AFTER_DATA_SECONDS


@dataclass(frozen=True)
class SmtpServer:
    """How to reach and log in to an SMTP server, and how much to send to it."""

    host: str
    port: int
    domain: str
    username: str | None = None
    password: str | None = None
    starttls: bool = False
    waits: SmtpWaits = SmtpWaits()
    per_second: float | None = None
    """Most mails a second; None: as fast as the server takes them."""


class SmtpConnections:
    """Opens as many connections as are used at a time, and keeps them for the next."""

    def __init__(self, server: SmtpServer, now: Callable[[], datetime]) -> None:
        self._server = server
        self._now = now
        self._free: list[tuple[aiosmtplib.SMTP, float]] = []
        self._lent = 0
        self._returned = asyncio.Event()
        self._reconnect_at: datetime | None = None
        self._failures = 0

    def counts(self) -> dict[str, int]:
        return {"in_use": self._lent, "idle": len(self._free)}

    def unavailable_until(self) -> datetime | None:
        """Returns when to connect again; None: there is, or may be, a connection."""
        return None if self._lent or self._free else self._pause_until()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Lend a connection, and keep it if it is still open afterwards.

        Raises:
            MailServerUnavailable: none can be opened, and none is open.
        """
        smtp = await self._free_connection() or await self._new_or_returned()
        self._lent += 1
        try:
            yield smtp
        finally:
            self._lent -= 1
            if smtp.is_connected:
                self._free.append((smtp, asyncio.get_running_loop().time()))
            self._returned.set()

    def close(self) -> None:
        free, self._free = self._free, []
        for smtp, _ in free:
            smtp.close()

    async def _new_or_returned(self) -> aiosmtplib.SMTP:
        """Open a connection; where the server takes no more, wait for one of the others."""
        while True:
            if self._pause_until() is None and (smtp := await self._opened()):
                return smtp
            if smtp := await self._free_connection():
                return smtp
            until = self._pause_until()
            if until is None:
                continue
            if not self._lent:
                raise MailServerUnavailable(until)
            self._returned.clear()
            with suppress(TimeoutError):
                seconds = (until - self._now()).total_seconds()
                await asyncio.wait_for(self._returned.wait(), max(seconds, 0))

    async def _free_connection(self) -> aiosmtplib.SMTP | None:
        """Returns a free connection that the server has not closed."""
        while self._free:
            smtp, used = self._free.pop()
            idle = asyncio.get_running_loop().time() - used
            if idle < IDLE_CHECK_SECONDS and smtp.is_connected:
                return smtp
            try:
                await smtp.rset(timeout=self._server.waits.connect)
            except (aiosmtplib.SMTPException, OSError):
                smtp.close()
            else:
                return smtp
        return None

    async def _opened(self) -> aiosmtplib.SMTP | None:
        server = self._server
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            start_tls=server.starttls and server.port != TLS_PORT,
            use_tls=server.port == TLS_PORT,
            timeout=server.waits.connect,
        )
        try:
            await smtp.connect()
            await _introduce(smtp)
        except (aiosmtplib.SMTPException, OSError):
            smtp.close()
            self._failed()
            return None
        self._works()
        return smtp

    def _pause_until(self) -> datetime | None:
        until = self._reconnect_at
        return until if until is not None and self._now() < until else None

    def _failed(self) -> None:
        """Try again later each time; attempts at once count as one."""
        if self._pause_until() is not None:
            return
        delay = FIRST_RECONNECT_DELAY * 2 ** min(self._failures, 10)
        self._reconnect_at = self._now() + min(LONGEST_RECONNECT_DELAY, delay)
        self._failures += 1
        if self._lent:
            log.info("mail server takes no more connections", open=self._lent)
        else:
            log.warning("mail server unavailable", failures=self._failures)

    def _works(self) -> None:
        if self._failures:
            log.info("mail server back", failures=self._failures)
        self._reconnect_at, self._failures = None, 0


async def _introduce(smtp: aiosmtplib.SMTP) -> None:
    """Say who we are, unless that was needed to log in."""
    if smtp.is_ehlo_or_helo_needed:
        try:
            await smtp.ehlo()
        except aiosmtplib.SMTPHeloError:
            await smtp.helo()
