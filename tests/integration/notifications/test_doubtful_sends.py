"""What a mail server did not confirm: nobody gets a mail more than twice, nobody waits.

The server is real; it is slow, breaks off and refuses as each test says.
"""

import asyncio
import threading
from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from schemas.notices import Notice, Recipient, Template
from tests.integration.notifications.desk import ASK_HELD, MENTOR, PULSE, Desk
from tests.support.mail.mail_server import MailServer
from tests.support.waiting import LONGEST_WAIT_SECONDS, until

TO_MENTEE = Notice(template=Template.PULSE_REQUEST, to=Recipient.MENTEE, session=1)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Whose runs do not wait for a slow mail."""
    desk.slow_seconds = 0.05
    desk.activities = desk.worker()
    return desk


async def kept(mail_server: MailServer, mails: int) -> None:
    """Wait until the server has so many."""

    async def look() -> bool:
        return len(mail_server.mails) >= mails

    await until(look)


async def sent(desk: Desk, notices: int) -> None:
    """Deliver until so many are marked as sent."""

    async def look() -> bool:
        await desk.deliver()
        return (await desk.store.outbox.counts()).get("sent") == notices

    await until(look)


async def test_a_slow_answer_is_waited_for_beyond_a_run_and_the_mail_is_sent_once(
    desk: Desk, mail_server: MailServer
) -> None:
    hold = mail_server.holds[MENTOR] = threading.Event()
    await desk.record(ASK_HELD)
    for _ in range(5):
        await desk.deliver()
        await desk.later()
    hold.set()
    await desk.deliver_all()
    assert len(mail_server.copies(MENTOR)) == 1
    assert await desk.store.outbox.counts() == {"sent": 1}


async def test_a_letter_without_an_answer_holds_nobody_else_up(
    desk: Desk, mail_server: MailServer
) -> None:
    hold = mail_server.holds[MENTOR] = threading.Event()
    await desk.record(ASK_HELD)
    await desk.deliver()
    for session in range(1, 12):
        await desk.record(TO_MENTEE.model_copy(update={"session": session}))
        await sent(desk, session)
    assert desk.activities.in_hand("mail") == 1
    hold.set()


async def test_a_server_that_always_breaks_off_gets_a_mail_twice_and_ops_see_it(
    desk: Desk, mail_server: MailServer
) -> None:
    mail_server.cuts[MENTOR] = 1_000
    await desk.record(ASK_HELD, PULSE)
    for _ in range(6):
        await desk.deliver_all()
        await desk.later()
    first, again = mail_server.copies(MENTOR)
    assert first == again
    assert await desk.store.outbox.counts() == {"unconfirmed": 2}
    long_ago = desk.clock.now - timedelta(days=3650)
    assert await desk.store.outbox.mails_in_doubt(long_ago) == (0, 1)


async def test_a_mail_that_breaks_connections_postpones_no_other(
    desk: Desk, mail_server: MailServer
) -> None:
    mail_server.cuts[MENTOR] = 1_000
    await desk.record(ASK_HELD, TO_MENTEE)
    await desk.deliver_all()
    assert await desk.store.outbox.counts() == {"queued": 1, "sent": 1}


async def test_a_mail_is_not_sent_a_third_time_when_worker_after_worker_dies(
    desk: Desk, mail_server: MailServer
) -> None:
    mail_server.holds[MENTOR] = threading.Event()
    await desk.record(ASK_HELD)
    for mails in (1, 2, 2, 2):
        await desk.deliver()
        await kept(mail_server, mails)
        await desk.die()
    await desk.deliver_all()
    first, again = mail_server.copies(MENTOR)
    assert first == again
    assert await desk.store.outbox.counts() == {"unconfirmed": 1}


async def test_what_died_with_its_worker_joins_no_other_mail(
    desk: Desk, mail_server: MailServer
) -> None:
    hold = mail_server.holds[MENTOR] = threading.Event()
    await desk.record(ASK_HELD, PULSE)
    await desk.deliver()
    await kept(mail_server, 1)
    await desk.die()
    hold.set()
    await desk.record(PULSE.model_copy(update={"session": 2}))
    await desk.deliver_all()
    ids = mail_server.copies(MENTOR)
    assert (len(ids), len(set(ids))) == (3, 2)
    assert await desk.store.outbox.counts() == {"sent": 3}


async def test_what_went_out_is_not_dropped_when_it_has_become_too_late(
    desk: Desk, mail_server: MailServer
) -> None:
    mail_server.holds[MENTOR] = threading.Event()
    useful_until = desk.clock.now + timedelta(minutes=5)
    await desk.record(ASK_HELD.model_copy(update={"useful_until": useful_until}))
    await desk.deliver()
    await kept(mail_server, 1)
    await desk.die()
    await desk.later()
    await desk.deliver_all()
    assert len(mail_server.copies(MENTOR)) == 1
    assert await desk.store.outbox.counts() == {"unconfirmed": 1}


async def test_a_full_disk_after_sending_repeats_nothing(
    desk: Desk, mail_server: MailServer
) -> None:
    await desk.record(ASK_HELD)
    await desk.sql(
        "create function full_disk() returns trigger language plpgsql as $$ begin "
        "raise exception 'no space left on device' using errcode = '53100'; end $$"
    )
    await desk.sql(
        "create trigger full_disk before update on outbox for each row "
        "when (new.state = 'sent') execute function full_disk()"
    )
    for _ in range(3):
        await desk.deliver()
    await desk.sql("drop trigger full_disk on outbox")
    await desk.deliver_all()
    assert len(mail_server.copies(MENTOR)) == 1
    assert await desk.store.outbox.counts() == {"sent": 1}


async def test_a_full_disk_before_sending_lets_nothing_out(
    desk: Desk, mail_server: MailServer
) -> None:
    await desk.record(ASK_HELD)
    await desk.sql(
        "alter table outbox add constraint full_disk check (sends_in_doubt = 0)"
    )
    for _ in range(3):
        await desk.deliver()
    assert mail_server.mails == []
    await desk.sql("alter table outbox drop constraint full_disk")
    await desk.die()
    await desk.deliver_all()
    assert len(mail_server.copies(MENTOR)) == 1


@pytest.mark.parametrize("answer", ["451 later", "550 never"])
@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
async def test_what_a_server_did_not_take_is_not_in_doubt(
    desk: Desk, mail_server: MailServer, where: str, answer: str
) -> None:
    getattr(mail_server, where)[MENTOR] = answer
    await desk.record(ASK_HELD)
    for _ in range(4):
        await desk.deliver_all()
        await desk.later()
    getattr(mail_server, where).clear()
    await desk.deliver_all()
    state = "sent" if answer.startswith("4") else "failed"
    assert await desk.store.outbox.counts() == {state: 1}
    assert len(mail_server.copies(MENTOR)) == (state == "sent")


async def test_a_run_that_is_cancelled_in_the_middle_repeats_nothing(
    desk: Desk, mail_server: MailServer
) -> None:
    """As when nonsense makes the delivery workflow continue as new."""
    hold = mail_server.holds[MENTOR] = threading.Event()
    await desk.record(ASK_HELD, TO_MENTEE)
    desk.activities = desk.worker(LONGEST_WAIT_SECONDS)
    environment = ActivityEnvironment()
    running = environment.run(desk.activities.deliver_notices, "mail")
    under_way = asyncio.ensure_future(running)
    await kept(mail_server, 2)
    environment.cancel()
    with pytest.raises(asyncio.CancelledError):
        await under_way
    other = desk.worker()
    await ActivityEnvironment().run(other.deliver_notices, "mail")
    hold.set()

    async def marked() -> bool:
        return await desk.store.outbox.counts() == {"sent": 2}

    await until(marked)
    assert (len(mail_server.copies(MENTOR)), len(mail_server.mails)) == (1, 2)


async def test_a_lease_is_renewed_as_long_as_its_mail_is_in_hand(
    desk: Desk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.notifications.letters_in_hand.RENEW_SECONDS", 0.02)
    mail_server.holds[MENTOR] = threading.Event()
    await desk.record(ASK_HELD)
    await desk.deliver()
    await desk.sql("update outbox set leased_until = now() - interval '1 minute'")

    async def renewed() -> bool:
        return not await desk.store.outbox.lease_due("mail", 10, 0)

    await until(renewed)


async def test_a_worker_that_stops_leaves_what_it_had_in_hand_to_the_next(
    desk: Desk, mail_server: MailServer
) -> None:
    mail_server.holds[MENTOR] = threading.Event()
    await desk.record(ASK_HELD)
    await desk.deliver()
    await desk.activities.abandon()
    assert len(await desk.store.outbox.lease_due("mail", 10, 60)) == 1


async def test_the_server_is_there_as_long_as_one_connection_is(
    desk: Desk, mail_server: MailServer
) -> None:
    hold = mail_server.holds[MENTOR] = threading.Event()
    mail_server.most_connections = 1
    await desk.record(ASK_HELD)
    await desk.deliver()
    await desk.record(TO_MENTEE)
    await desk.deliver()
    hold.set()
    await desk.deliver_all()
    assert len(mail_server.mails) == 2
