"""What becomes of notices whose mail was not taken, or may have been."""

from datetime import timedelta

import pytest

from activities.notifications.interfaces import (
    MailCut,
    MailDeferred,
    MailInDoubt,
    MailServerUnavailable,
)
from domain.notices.retrying import FIRST_CUT_DELAY, FIRST_RETRY_DELAY, MAX_ATTEMPTS
from schemas.events import NoticeFailed
from schemas.notices import Template
from tests.support.notices import NOW, PAIR, later, notice, row
from tests.unit.notifications.rounds import rounds


async def test_a_server_that_takes_no_connection_counts_against_no_mail() -> None:
    found = rounds(row(), error=MailServerUnavailable(later(2)), before=True)
    await found.round()
    waiting = found.outbox.rows["1"]
    assert (waiting.due, waiting.attempts) == (later(2), 0)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("error", "delay"),
    [(MailCut(), FIRST_CUT_DELAY), (MailDeferred(), FIRST_RETRY_DELAY)],
)
async def test_a_mail_that_was_not_taken_is_not_in_doubt(
    error: Exception, delay: timedelta, before: bool
) -> None:
    found = rounds(row(), error=error, before=before)
    await found.round()
    waiting = found.outbox.rows["1"]
    assert (waiting.due, waiting.attempts) == (NOW + delay, 1)
    assert waiting.sends_in_doubt == 0


async def test_a_mail_in_doubt_is_sent_once_more_and_then_left_unconfirmed() -> None:
    found = rounds(row(), error=MailInDoubt())
    await found.round()
    assert found.outbox.rows["1"].due == NOW + FIRST_CUT_DELAY
    found.clock.now += FIRST_CUT_DELAY
    await found.round()
    assert found.outbox.state == {"1": "unconfirmed"}
    assert found.signals.sent == [
        (PAIR, NoticeFailed(notice="1", reason="unconfirmed"))
    ]
    assert found.report.unconfirmed == 1


async def test_a_mail_in_doubt_after_the_last_attempt_is_left_unconfirmed() -> None:
    found = rounds(row(attempts=MAX_ATTEMPTS - 1), error=MailInDoubt())
    await found.round()
    assert found.outbox.state == {"1": "unconfirmed"}


async def test_what_may_have_gone_out_is_never_dropped() -> None:
    late = notice(Template.ASK_HELD, useful_until=NOW - timedelta(hours=1))
    found = rounds(row(notice=late, message_id="<1@firm>", sends_in_doubt=1))
    await found.round()
    assert found.outbox.state == {"1": "unconfirmed"}


async def test_a_mail_that_died_with_two_workers_is_not_sent_a_third_time() -> None:
    found = rounds(row(message_id="<1@firm>", sends_in_doubt=2))
    await found.round()
    assert (found.sender.mails, found.outbox.state) == ([], {"1": "unconfirmed"})
