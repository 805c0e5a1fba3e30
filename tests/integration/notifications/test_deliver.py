"""The activity over real parts: PostgreSQL, SMTP, the Temporal server."""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.testing import ActivityEnvironment, WorkflowEnvironment

from activities.executions.executions import TemporalExecutions
from domain.notices.partitions import deliveries
from schemas.notices import Notice, Recipient, Template
from tests.integration.notifications.desk import ASK_HELD, LINKS, MORNING, PULSE, Desk
from tests.support.mail.mail_server import MailServer
from tests.support.notices import INVITE


def proposed(to: Recipient = Recipient.MENTEE) -> Notice:
    return Notice(template=Template.SESSION_PROPOSED, to=to, session=1, invite=INVITE)


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


async def test_deliveries_share_the_people_and_each_gets_one_mail(
    desk: Desk, mail_server: MailServer
) -> None:
    to_both = [
        Notice(template=template, to=to, session=1)
        for template in (Template.PULSE_REQUEST, Template.FINAL_PULSE)
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    ]
    await desk.record(*to_both)
    workers = [desk.worker(partitions=3) for _ in range(3)]
    reports = await asyncio.gather(
        *(
            ActivityEnvironment().run(worker.deliver_notices, name)
            for worker, name in zip(workers, deliveries(3), strict=True)
        )
    )
    assert sum(report.sent for report in reports) == len(mail_server.mails) == 2
    assert await desk.store.outbox.counts() == {"sent": len(to_both)}


async def test_a_delivery_too_many_is_over_at_once(desk: Desk) -> None:
    await desk.record(ASK_HELD)
    worker = desk.worker(partitions=1)
    report = await ActivityEnvironment().run(worker.deliver_notices, "mail:1")
    assert (report.needed, report.sent) == (False, 0)


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
