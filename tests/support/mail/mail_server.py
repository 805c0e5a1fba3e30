"""A mail server that answers as a test wants, and can be stopped and started again."""

import asyncio
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from binome.stack.ports import LOOPBACK, free_port


class MailServer:
    """Real SMTP. `at_rcpt` and `at_data` map a recipient to the answer they get instead
    of a yes.

    `holds` maps a recipient to what their mail waits for once it is kept, before it is
    answered; `cuts` are those whose connection breaks instead, as often as it says.
    `most_connections` are taken in all.
    """

    host = LOOPBACK

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.at_rcpt: dict[str, str] = {}
        self.at_data: dict[str, str] = {}
        self.holds: dict[str, threading.Event] = {}
        self.cuts: dict[str, int] = {}
        self.most_connections: int | None = None
        self._running: Controller | None = None

    def start(self) -> None:
        self._running = Controller(self, hostname=self.host, port=self.port)
        self._running.start()

    def stop(self) -> None:
        for hold in self.holds.values():
            hold.set()
        if self._running is not None:
            self._running.stop()
            self._running = None

    async def handle_EHLO(
        self,
        server: Any,
        session: Any,
        _envelope: Any,
        hostname: str,
        greeting: list[str],
    ) -> list[str]:
        if self.connections == self.most_connections:
            server.transport.abort()
            return []
        self.connections += 1
        session.host_name = hostname
        return greeting

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if answer := self.at_rcpt.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        recipient = envelope.rcpt_tos[0]
        if answer := self.at_data.get(recipient):
            return answer
        mail = message_from_bytes(envelope.content, policy=modern)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if hold := self.holds.get(recipient):
            await asyncio.to_thread(hold.wait)
        if self.cuts.get(recipient):
            self.cuts[recipient] -= 1
            server.transport.abort()
        return "250 kept"

    def copies(self, recipient: str) -> list[str]:
        """Message-IDs of the mails that somebody has, as often as they have them."""
        return [
            str(mail["Message-ID"])
            for mail in self.mails
            if recipient in str(mail["To"])
        ]

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Running."""
    server = MailServer()
    server.start()
    yield server
    server.stop()
