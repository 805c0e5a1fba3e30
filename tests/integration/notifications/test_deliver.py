"""The activity over real parts: PostgreSQL, SMTP, the Temporal server."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment

from activities.executions.executions import TemporalExecutions
from activities.notifications.activities import DeliveryActivities
from activities.notifications.senders import RehearsalDiverter
from activities.notifications.smtp import SmtpSender, SmtpServer
from activities.persistence.store import Store
from gateway.links import Links
from schemas.effects import PairRow, Record, RecordBatch
from schemas.ids import PairRef
from schemas.notices import Notice, Recipient, Template
from schemas.records.outbox import DeliveryReport
from schemas.stages import Stage
from tests.support.mail.mail_server import MailServer
from tests.support.notices import INVITE
from tests.unit.notifications.fakes import WallClock

MORNING = datetime(2031, 1, 13, 9, 30, tzinfo=UTC)
"""A Monday after every `due` that PostgreSQL writes while the test runs."""
PEOPLE = """\
external_id,name,email,region,roles,function,site,locale,zone,manager,dotted_managers,supervisor,delegate,seats,languages,offers,wants,windows
E1,Léa Martin,lea@firm.example,comex,mentor,it,Lyon,fr,Europe/Paris,,,E3,,1,fr,data,,
E2,Noé Marchand,noe@firm.example,comex,mentee,board,Lyon,en,Europe/Paris,,,,E4,,en,,data,
E3,Ana Lopes,ana@firm.example,comex,supervisor,hr,Lyon,en,Europe/Paris,,,,,,en,,,
E4,Kim Roux,kim@firm.example,comex,delegate,office,Lyon,fr,Europe/Paris,,,,,,fr,,,
"""
LINKS = Links([b"k" * 32], "https://mentoring.example")


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


class Desk:
    """Records notices of a pair and delivers what is due."""

    def __init__(self, store: Store, sender: RehearsalDiverter, client: Client) -> None:
        self.store = store
        self.client = client
        self.clock = WallClock(MORNING)
        self.revision = 0
        self.activities = DeliveryActivities(
            store.outbox,
            sender,
            LINKS,
            TemporalExecutions(client),
            store.privacy_notices,
            now=self.clock,
            run_seconds=0.05,
        )

    async def record(self, *notices: Notice) -> PairRef:
        mentor = await self.store.people.find_external("E1")
        mentee = await self.store.people.find_external("E2")
        assert mentor and mentee
        pair = PairRef(programme="demo", region="comex", mentor=mentor.person)
        self.revision += 1
        row = PairRow(stage=Stage.SESSIONS, mentee=mentee.person)
        record = Record(
            revision=self.revision,
            at=MORNING,
            event="answered",
            row=row,
            notices=notices,
        )
        await self.store.records.record(
            RecordBatch(pair=pair, records=(record,), state={"revision": self.revision})
        )
        return pair

    async def deliver(self) -> DeliveryReport:
        report = await ActivityEnvironment().run(
            self.activities.deliver_notices, "mail"
        )
        assert isinstance(report, DeliveryReport)
        return report


@pytest.fixture
async def desk(
    store: Store, sender: RehearsalDiverter, temporal_server: WorkflowEnvironment
) -> Desk:
    return Desk(store, sender, temporal_server.client)


def proposed(to: Recipient = Recipient.MENTEE) -> Notice:
    return Notice(template=Template.SESSION_PROPOSED, to=to, session=1, invite=INVITE)


ASK_HELD = Notice(template=Template.ASK_HELD, to=Recipient.MENTOR, session=1)
PULSE = Notice(template=Template.PULSE_REQUEST, to=Recipient.MENTOR, session=1)


async def test_an_invitation_reaches_all_three_in_their_languages(
    desk: Desk, mail_server: MailServer
) -> None:
    await desk.record(
        *(
            proposed(to)
            for to in (Recipient.MENTOR, Recipient.MENTEE, Recipient.DELEGATE)
        )
    )
    await desk.deliver()
    found = {
        mail["To"].addresses[0].addr_spec: str(mail["Subject"])
        for mail in mail_server.mails
    }
    assert found == {
        "lea@firm.example": "Un moment pour votre échange avec Noé Marchand",
        "noe@firm.example": "A time for your conversation with Léa Martin",
        "kim@firm.example": "Un moment pour l’échange entre Noé Marchand et Léa Martin",
    }


async def test_a_link_in_a_mail_asks_its_question_of_its_reader(
    desk: Desk, mail_server: MailServer
) -> None:
    pair = await desk.record(proposed(Recipient.DELEGATE))
    await desk.deliver()
    body = mail_server.mails[0].get_body(("plain",))
    assert body is not None
    address = next(line for line in body.get_content().splitlines() if "/q/" in line)
    link = LINKS.read(address.rpartition("/")[2])
    assert (link.pair, link.question, link.role, link.sequence) == (
        pair.workflow_id,
        "answer",
        "delegate",
        1,
    )


async def test_notices_due_together_are_one_mail(
    desk: Desk, mail_server: MailServer
) -> None:
    await desk.record(ASK_HELD, PULSE)
    report = await desk.deliver()
    assert (report.sent, report.notices, len(mail_server.mails)) == (1, 2, 1)
    assert await desk.store.outbox.counts() == {"sent": 2}


async def test_at_night_a_notice_stays_queued(
    desk: Desk, mail_server: MailServer
) -> None:
    await desk.record(ASK_HELD)
    desk.clock.now = MORNING + timedelta(hours=12)
    await desk.deliver()
    assert mail_server.mails == []
    assert await desk.store.outbox.counts() == {"queued": 1}


async def test_a_notice_of_no_more_use_is_dropped(
    desk: Desk, mail_server: MailServer
) -> None:
    await desk.record(
        ASK_HELD.model_copy(update={"useful_until": MORNING - timedelta(days=1)})
    )
    await desk.deliver()
    assert mail_server.mails == []
    assert await desk.store.outbox.counts() == {"dropped": 1}


async def test_a_mail_whose_sender_died_is_repeated_with_the_same_message_id(
    desk: Desk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.record(ASK_HELD, PULSE)
    with (
        monkeypatch.context() as dying,
        pytest.raises(ApplicationError, match="tried again"),
    ):
        dying.setattr(desk.store.outbox, "mark_sent", _die)
        await desk.deliver()
    await desk.record(PULSE.model_copy(update={"session": 2}))
    await desk.deliver()
    first, again, other = mail_server.mails
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert str(first["Subject"]) == str(again["Subject"])


async def _die(ids: Sequence[str]) -> None:
    raise ConnectionError


async def test_notices_stay_queued_until_the_mail_server_answers(
    desk: Desk, mail_server: MailServer
) -> None:
    await desk.record(ASK_HELD)
    mail_server.stop()
    await desk.deliver()
    assert await desk.store.outbox.counts() == {"queued": 1}
    mail_server.start()
    while await desk.store.outbox.counts() != {
        "sent": 1
    }:  # the pause before the next try is real time
        await desk.deliver()
    assert len(mail_server.mails) == 1


async def test_an_address_that_does_not_work_comes_back_to_its_pair(
    desk: Desk, mail_server: MailServer
) -> None:
    mail_server.at_rcpt["lea@firm.example"] = "550 nobody here"
    pair = await desk.record(ASK_HELD)
    handle = await desk.client.start_workflow(
        "PairWorkflow", id=pair.workflow_id, task_queue="nobody-works-here"
    )
    await desk.deliver()
    signals = [
        e.workflow_execution_signaled_event_attributes
        async for e in handle.fetch_history_events()
    ]
    received = [s for s in signals if s.signal_name]
    assert [s.signal_name for s in received] == ["notice_failed"]
    assert b"address_refused" in received[0].input.payloads[0].data
    assert await desk.store.outbox.counts() == {"failed": 1}


async def test_a_pair_that_is_closed_by_now_needs_no_signal(
    temporal_server: WorkflowEnvironment,
) -> None:
    executions = TemporalExecutions(temporal_server.client)
    await executions.signal(
        "pair:demo:comex:1:pzzzzzzzzzzzzz:1",
        "notice_failed",
        {"notice": "1", "reason": "gave_up"},
    )


async def test_the_activity_beats_while_it_works(desk: Desk) -> None:
    beats: list[Any] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: beats.append(details)
    await environment.run(desk.activities.deliver_notices, "mail")
    assert beats
