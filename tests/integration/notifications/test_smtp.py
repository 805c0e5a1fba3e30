"""Sending to a real SMTP server: what it takes, what it refuses, and what happens when it does not answer."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest

from activities.notifications.interfaces import (
    MailCut,
    MailDeferred,
    MailInDoubt,
    MailRefused,
    MailServerUnavailable,
    MailWithdrawn,
    OutgoingMail,
)
from activities.notifications.smtp import SmtpSender
from activities.notifications.smtp_connections import (
    ANSWER_AFTER_DATA_SECONDS,
    FIRST_RECONNECT_DELAY,
    LONGEST_RECONNECT_DELAY,
    SmtpServer,
    SmtpWaits,
)
from tests.support.mail.mail_server import MailServer
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.unit.notifications.fakes import WallClock, begin_nothing

TO = "camille@firm.example"
MAIL = OutgoingMail("rh@firm.example", TO, False, b"Subject: Hello\r\n\r\nHello.\r\n")


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
async def sender(
    mail_server: MailServer, clock: WallClock
) -> AsyncIterator[SmtpSender]:
    opened = SmtpSender(
        SmtpServer(mail_server.host, mail_server.port, "firm.example"),
        clock,
    )
    yield opened
    await opened.close()


async def test_a_mail_arrives(sender: SmtpSender, mail_server: MailServer) -> None:
    await sender.send(MAIL, begin_nothing)
    assert mail_server.subjects == ["Hello"]


async def test_connections_are_kept(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    for _ in range(5):
        await sender.send(MAIL, begin_nothing)
    assert (len(mail_server.mails), mail_server.connections) == (5, 1)


async def test_a_server_that_takes_few_connections_gets_all_mails_by_these(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    mail_server.most_connections = 2
    await asyncio.gather(*(sender.send(MAIL, begin_nothing) for _ in range(20)))
    assert len(mail_server.mails) == 20
    assert sender.unavailable_until(rehearsal=False) is None


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
async def test_a_refusal_for_good_is_one(
    sender: SmtpSender, mail_server: MailServer, where: str
) -> None:
    getattr(mail_server, where)[TO] = "550 no"
    with pytest.raises(MailRefused):
        await sender.send(MAIL, begin_nothing)


async def test_the_reason_says_whether_address_or_content_was_refused(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    mail_server.at_rcpt[TO] = "550 nobody here"
    with pytest.raises(MailRefused, match="address_refused"):
        await sender.send(MAIL, begin_nothing)
    mail_server.at_rcpt.clear()
    mail_server.at_data[TO] = "554 looks like spam"
    with pytest.raises(MailRefused, match="content_refused"):
        await sender.send(MAIL, begin_nothing)


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
async def test_a_refusal_for_now_is_no_refusal(
    sender: SmtpSender, mail_server: MailServer, where: str
) -> None:
    getattr(mail_server, where)[TO] = "451 greylisted"
    with pytest.raises(MailDeferred):
        await sender.send(MAIL, begin_nothing)


async def test_a_refused_mail_leaves_the_connection_to_the_next(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    mail_server.at_rcpt[TO] = "550 no"
    with pytest.raises(MailRefused):
        await sender.send(MAIL, begin_nothing)
    other = OutgoingMail(MAIL.sender, "noe@firm.example", False, MAIL.data)
    await sender.send(other, begin_nothing)
    assert (len(mail_server.mails), mail_server.connections) == (1, 1)


async def test_an_address_that_smtp_cannot_carry_is_refused(sender: SmtpSender) -> None:
    with pytest.raises(MailRefused, match="address_refused"):
        await sender.send(
            OutgoingMail(MAIL.sender, "zoé@firm.example", False, MAIL.data),
            begin_nothing,
        )


async def test_a_server_that_does_not_answer_is_unavailable_for_a_while(
    sender: SmtpSender, mail_server: MailServer, clock: WallClock
) -> None:
    mail_server.stop()
    with pytest.raises(MailServerUnavailable) as error:
        await sender.send(MAIL, begin_nothing)
    assert error.value.until == clock() + FIRST_RECONNECT_DELAY
    assert sender.unavailable_until(rehearsal=False) == error.value.until


async def test_pauses_grow_while_it_does_not_answer(
    sender: SmtpSender, mail_server: MailServer, clock: WallClock
) -> None:
    mail_server.stop()
    pauses: list[timedelta] = []
    for _ in range(7):
        with pytest.raises(MailServerUnavailable) as error:
            await sender.send(MAIL, begin_nothing)
        pauses.append(error.value.until - clock())
        clock.now = error.value.until
    assert pauses[:3] == [
        FIRST_RECONNECT_DELAY,
        2 * FIRST_RECONNECT_DELAY,
        4 * FIRST_RECONNECT_DELAY,
    ]
    assert pauses[-1] == LONGEST_RECONNECT_DELAY


async def test_within_a_pause_no_connection_is_tried(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    mail_server.stop()
    with pytest.raises(MailServerUnavailable):
        await sender.send(MAIL, begin_nothing)
    mail_server.start()
    with pytest.raises(MailServerUnavailable):
        await sender.send(MAIL, begin_nothing)
    assert mail_server.connections == 0


async def test_a_server_that_comes_back_is_used_again(
    sender: SmtpSender, mail_server: MailServer, clock: WallClock
) -> None:
    mail_server.stop()
    with pytest.raises(MailServerUnavailable) as error:
        await sender.send(MAIL, begin_nothing)
    mail_server.start()
    clock.now = error.value.until
    await sender.send(MAIL, begin_nothing)
    assert mail_server.subjects == ["Hello"]
    assert sender.unavailable_until(rehearsal=False) is None


async def test_a_server_that_was_restarted_between_two_mails_is_not_missed_for_long(
    sender: SmtpSender, mail_server: MailServer, clock: WallClock
) -> None:
    await sender.send(MAIL, begin_nothing)
    mail_server.stop()
    mail_server.start()
    with suppress(MailCut):
        await sender.send(MAIL, begin_nothing)
        return
    await sender.send(MAIL, begin_nothing)
    assert mail_server.subjects == ["Hello", "Hello"]


def test_the_answer_to_a_mail_is_waited_for_as_long_as_the_standard_asks() -> None:
    assert ANSWER_AFTER_DATA_SECONDS >= 10 * 60
    assert SmtpWaits().answer_after_data >= ANSWER_AFTER_DATA_SECONDS


async def test_a_slow_answer_is_waited_for_while_others_are_sent(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    hold = mail_server.holds[TO] = threading.Event()
    slow = asyncio.create_task(sender.send(MAIL, begin_nothing))
    other = OutgoingMail(MAIL.sender, "noe@firm.example", False, MAIL.data)
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        while not mail_server.mails:
            await asyncio.sleep(0.01)
        await sender.send(other, begin_nothing)
        assert not slow.done()
        hold.set()
        await slow
    assert len(mail_server.mails) == 2


async def test_a_server_without_an_answer_after_data_leaves_a_mail_in_doubt(
    mail_server: MailServer,
) -> None:
    mail_server.holds[TO] = threading.Event()
    waits = SmtpWaits(answer_after_data=0.05)
    server = SmtpServer(mail_server.host, mail_server.port, "firm.example", waits=waits)
    sender = SmtpSender(server)
    with pytest.raises(MailInDoubt):
        await sender.send(MAIL, begin_nothing)
    assert sender.unavailable_until(rehearsal=False) is None


async def test_a_connection_that_breaks_after_data_leaves_a_mail_in_doubt(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    mail_server.cuts[TO] = 1
    with pytest.raises(MailInDoubt):
        await sender.send(MAIL, begin_nothing)
    assert sender.unavailable_until(rehearsal=False) is None
    await sender.send(MAIL, begin_nothing)
    assert len(mail_server.mails) == 2


async def test_lines_that_begin_with_a_point_arrive_as_they_are(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    data = b"Subject: Points\r\n\r\n.\r\n..two\r\nend"
    await sender.send(OutgoingMail(MAIL.sender, TO, False, data), begin_nothing)
    assert mail_server.mails[0].get_content().splitlines() == [".", "..two", "end"]


async def test_a_mail_that_is_withdrawn_is_not_given_to_the_server(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    async def withdraw() -> None:
        raise MailWithdrawn

    with pytest.raises(MailWithdrawn):
        await sender.send(MAIL, withdraw)
    await sender.send(MAIL, begin_nothing)
    assert (len(mail_server.mails), mail_server.connections) == (1, 1)
