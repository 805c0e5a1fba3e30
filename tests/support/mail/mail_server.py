"""A mail server that answers as a test wants, and can be stopped and started again."""

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
    """

    host = LOOPBACK

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.at_rcpt: dict[str, str] = {}
        self.at_data: dict[str, str] = {}
        self._running: Controller | None = None

    def start(self) -> None:
        self._running = Controller(self, hostname=self.host, port=self.port)
        self._running.start()

    def stop(self) -> None:
        if self._running is not None:
            self._running.stop()
            self._running = None

    async def handle_EHLO(
        self,
        _server: Any,
        session: Any,
        _envelope: Any,
        hostname: str,
        greeting: list[str],
    ) -> list[str]:
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

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if answer := self.at_data.get(envelope.rcpt_tos[0]):
            return answer
        mail = message_from_bytes(envelope.content, policy=modern)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 kept"

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
