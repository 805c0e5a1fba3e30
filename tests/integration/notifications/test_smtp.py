"""Sending to a real SMTP server: what it takes, what it refuses, and what happens when it does not answer."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from activities.notifications.interfaces import (
    MailDeferred,
    MailRefused,
    MailServerUnavailable,
    OutgoingMail,
)
from activities.notifications.smtp import (
    FIRST_RECONNECT_DELAY,
    LONGEST_RECONNECT_DELAY,
    SmtpSender,
    SmtpServer,
)
from tests.support.mail.mail_server import MailServer
from tests.unit.notifications.fakes import WallClock

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
        SmtpServer(mail_server.host, mail_server.port, "firm.example", connections=2),
        clock,
    )
    yield opened
    await opened.close()


async def test_a_mail_arrives(sender: SmtpSender, mail_server: MailServer) -> None:
    await sender.send(MAIL)
    assert mail_server.subjects == ["Hello"]


async def test_connections_are_kept(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    for _ in range(5):
        await sender.send(MAIL)
    assert (len(mail_server.mails), mail_server.connections) == (5, 1)


async def test_many_who_send_at_once_share_the_few_connections(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    await asyncio.gather(*(sender.send(MAIL) for _ in range(20)))
    assert (len(mail_server.mails), mail_server.connections) == (20, 2)


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
async def test_a_refusal_for_good_is_one(
    sender: SmtpSender, mail_server: MailServer, where: str
) -> None:
    getattr(mail_server, where)[TO] = "550 no"
    with pytest.raises(MailRefused):
        await sender.send(MAIL)


async def test_the_reason_says_whether_address_or_content_was_refused(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    mail_server.at_rcpt[TO] = "550 nobody here"
    with pytest.raises(MailRefused, match="address_refused"):
        await sender.send(MAIL)
    mail_server.at_rcpt.clear()
    mail_server.at_data[TO] = "554 looks like spam"
    with pytest.raises(MailRefused, match="content_refused"):
        await sender.send(MAIL)


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
async def test_a_refusal_for_now_is_no_refusal(
    sender: SmtpSender, mail_server: MailServer, where: str
) -> None:
    getattr(mail_server, where)[TO] = "451 greylisted"
    with pytest.raises(MailDeferred):
        await sender.send(MAIL)


async def test_a_refused_mail_leaves_the_connection_to_the_next(
    sender: SmtpSender, mail_server: MailServer
) -> None:
    mail_server.at_rcpt[TO] = "550 no"
    with pytest.raises(MailRefused):
        await sender.send(MAIL)
    await sender.send(OutgoingMail(MAIL.sender, "noe@firm.example", False, MAIL.data))
    assert (len(mail_server.mails), mail_server.connections) == (1, 1)


async def test_an_address_that_smtp_cannot_carry_is_refused(sender: SmtpSender) -> None:
    with pytest.raises(MailRefused, match="address_refused"):
        await sender.send(
            OutgoingMail(MAIL.sender, "zoé@firm.example", False, MAIL.data)
        )


async def test_a_server_that_does_not_answer_is_unavailable_for_a_while(
    sender: SmtpSender, mail_server: MailServer, clock: WallClock
) -> None:
    mail_server.stop()
    with pytest.raises(MailServerUnavailable) as error:
        await sender.send(MAIL)
    assert error.value.until == clock() + FIRST_RECONNECT_DELAY
    assert sender.unavailable_until(rehearsal=False) == error.value.until


async def test_pauses_grow_while_it_does_not_answer(
    sender: SmtpSender, mail_server: MailServer, clock: WallClock
) -> None:
    mail_server.stop()
    pauses: list[timedelta] = []
    for _ in range(7):
        with pytest.raises(MailServerUnavailable) as error:
            await sender.send(MAIL)
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
        await sender.send(MAIL)
    mail_server.start()
    with pytest.raises(MailServerUnavailable):
        await sender.send(MAIL)
    assert mail_server.connections == 0


async def test_a_server_that_comes_back_is_used_again(
    sender: SmtpSender, mail_server: MailServer, clock: WallClock
) -> None:
    mail_server.stop()
    with pytest.raises(MailServerUnavailable) as error:
        await sender.send(MAIL)
    mail_server.start()
    clock.now = error.value.until
    await sender.send(MAIL)
    assert mail_server.subjects == ["Hello"]
    assert sender.unavailable_until(rehearsal=False) is None


async def test_a_server_that_was_restarted_between_two_mails_is_not_missed_for_long(
    sender: SmtpSender, mail_server: MailServer, clock: WallClock
) -> None:
    await sender.send(MAIL)
    mail_server.stop()
    mail_server.start()
    try:
        await sender.send(MAIL)
    except MailServerUnavailable as error:
        clock.now = error.until
        await sender.send(MAIL)
    assert mail_server.subjects == ["Hello", "Hello"]
