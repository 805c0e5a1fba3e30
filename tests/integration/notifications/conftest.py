"""One desk a test."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.notifications.senders import RehearsalDiverter
from activities.notifications.smtp import SmtpSender
from activities.notifications.smtp_connections import SmtpServer
from activities.persistence.store import Store
from tests.integration.notifications.desk import PEOPLE, Desk
from tests.support.mail.mail_server import MailServer


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    preview = await opened.imports.apply(PEOPLE.encode())
    assert not preview.problems
    yield opened
    await opened.close()


@pytest.fixture
async def sender(mail_server: MailServer) -> AsyncIterator[RehearsalDiverter]:
    smtp = SmtpSender(SmtpServer(mail_server.host, mail_server.port, "firm.example"))
    yield RehearsalDiverter(smtp, None)
    await smtp.close()


@pytest.fixture
async def desk(
    database_url: str,
    store: Store,
    sender: RehearsalDiverter,
    temporal_server: WorkflowEnvironment,
) -> AsyncIterator[Desk]:
    opened = Desk(database_url, store, sender, temporal_server.client)
    yield opened
    await opened.activities.abandon()
