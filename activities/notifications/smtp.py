"""Mails to an SMTP server over a few kept connections.

The one place that retries a mail server: while it is away, `away_until` says when it is tried again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiosmtplib
import structlog

from activities.notifications.sending import (
    MailDeferred,
    MailRefused,
    MailServerUnavailable,
    OutgoingMail,
)

log = structlog.get_logger()

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(seconds=15)
IDLE = 2.0
"""Seconds after which a kept connection is asked whether it still stands."""


@dataclass(frozen=True)
class Server:
    """A mail server."""

    host: str
    port: int
    domain: str
    username: str | None = None
    password: str | None = None
    starttls: bool = False
    timeout: float = 20.0
    """Seconds for each answer of the server."""
    connections: int = 4
    per_second: float | None = None
    """Most mails a second; None: as fast as the server takes them."""


def _now() -> datetime:
    return datetime.now(UTC)


class SmtpSender:
    """Keeps a few connections to one server open and shares them among those who send."""

    def __init__(self, server: Server, now: Callable[[], datetime] = _now) -> None:
        self.domain = server.domain
        self._server = server
        self._now = now
        self._free: list[tuple[aiosmtplib.SMTP, float]] = []
        self._places = asyncio.Semaphore(server.connections)
        self._turn = 0.0
        self._away: datetime | None = None
        self._failures = 0

    def away_until(self, *, rehearsal: bool) -> datetime | None:
        return (
            self._away if self._away is not None and self._now() < self._away else None
        )

    async def send(self, mail: OutgoingMail) -> None:
        async with self._places:
            await self._wait_turn()
            try:
                async with self._connection() as smtp:
                    await smtp.sendmail(mail.sender, [mail.recipient], mail.data)
            except aiosmtplib.SMTPRecipientsRefused as refused:
                raise _verdict(refused.recipients[0].code, "address_refused") from None
            except aiosmtplib.SMTPDataError as refused:
                raise _verdict(refused.code, "content_refused") from None
            except aiosmtplib.SMTPResponseException:
                raise MailDeferred from None  # the sender or the session is refused: nothing is wrong with the address
            except (aiosmtplib.SMTPException, OSError):
                raise MailServerUnavailable(self._lost(), sending=True) from None
            except ValueError:
                raise MailRefused(
                    "address_refused"
                ) from None  # not an address that SMTP can carry
        self._found()

    async def close(self) -> None:
        free, self._free = self._free, []
        for smtp, _ in free:
            smtp.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A connection; it is kept unless what is done with it leaves it in a state nobody knows."""
        smtp = await self._kept() or await self._new()
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

    async def _kept(self) -> aiosmtplib.SMTP | None:
        """A free connection that the server did not end meanwhile."""
        while self._free:
            smtp, used = self._free.pop()
            if asyncio.get_running_loop().time() - used < IDLE and smtp.is_connected:
                return smtp
            try:
                await smtp.rset()
            except (aiosmtplib.SMTPException, OSError):
                smtp.close()
            else:
                return smtp
        return None

    async def _new(self) -> aiosmtplib.SMTP:
        server = self._server
        if (until := self.away_until(rehearsal=False)) is not None:
            raise MailServerUnavailable(until, sending=False)
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            start_tls=server.starttls,
            use_tls=server.port == 465,
            timeout=server.timeout,
        )
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError):
            smtp.close()
            raise MailServerUnavailable(self._lost(), sending=False) from None
        return smtp

    async def _wait_turn(self) -> None:
        if self._server.per_second is None:
            return
        loop = asyncio.get_running_loop()
        turn = max(self._turn, loop.time())
        self._turn = turn + 1 / self._server.per_second
        await asyncio.sleep(turn - loop.time())

    def _lost(self) -> datetime:
        """Longer pauses each time it is tried in vain; several tries at once count as one."""
        now = self._now()
        if self._away is None or now >= self._away:
            self._away = now + min(
                LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures, 10)
            )
            self._failures += 1
            log.warning("mail server away", failures=self._failures)
        return self._away

    def _found(self) -> None:
        if self._failures:
            log.info("mail server back", failures=self._failures)
        self._away, self._failures = None, 0


def _verdict(code: int, reason: str) -> MailRefused | MailDeferred:
    return MailRefused(reason) if 500 <= code < 600 else MailDeferred()
