"""A round of delivery: what is sent, what is not, and how each is marked."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain

import pytest

from activities.notifications.delivery import (
    CORRECTION_DELAY,
    RESUME_CHECK_DELAY,
)
from activities.notifications.interfaces import (
    MailDeferred,
    MailRefused,
)
from domain.notices.retrying import (
    FIRST_RETRY_DELAY,
    LONGEST_RETRY_DELAY,
    MAX_ATTEMPTS,
)
from schemas.events import NoticeFailed
from schemas.notices import Recipient, Template
from schemas.records.outbox import DeliveryReport, OutboxRow
from schemas.records.reasons import DeliveryFailure
from tests.support.notices import (
    NOW,
    PAIR,
    SESSION_AS_PLANNED,
    fast,
    later,
    notice,
    person,
    row,
)
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.unit.notifications.fakes import (
    MemoryOutbox,
    WallClock,
)
from tests.unit.notifications.rounds import Rounds, rounds


async def test_what_is_due_is_sent_and_marked_so() -> None:
    found = rounds(row())
    assert await found.round() == 1
    assert found.sender.subjects == ["You are ready"]
    assert found.outbox.state == {"1": "sent"}


async def test_several_notices_to_one_person_are_one_mail() -> None:
    found = rounds(row(id="1"), row(Template.ASK_HELD, id="2"))
    await found.round()
    assert found.sender.subjects == ["You are ready (and 1 more)"]
    assert found.report == DeliveryReport(sent=1, notices=2)


async def test_outside_working_hours_nothing_is_sent_until_they_begin() -> None:
    found = rounds(row(person=person(zone="America/New_York")))
    await found.round()
    assert found.sender.mails == []
    found.clock.now = found.outbox.rows["1"].due
    await found.round()
    assert found.outbox.state == {"1": "sent"}


async def test_quiet_hours_do_not_count_as_a_try() -> None:
    found = rounds(row(person=person(zone="America/New_York")))
    await found.round()
    assert found.outbox.rows["1"].attempts == 0


async def test_what_is_of_no_more_use_is_dropped_with_that_reason() -> None:
    found = rounds(
        row(notice=notice(Template.ASK_HELD, useful_until=NOW - timedelta(hours=1)))
    )
    await found.round()
    assert found.sender.mails == []
    assert found.outbox.state == {"1": "dropped: too_late"}


async def test_a_reminder_of_a_session_that_changed_is_dropped_with_that_reason() -> (
    None
):
    reminder = notice(Template.SESSION_REMINDER, not_before=NOW)
    found = rounds(row(id="1", notice=reminder), row(id="2"))
    await found.round()
    assert found.outbox.state == {"1": "dropped: superseded", "2": "sent"}


async def test_a_reminder_of_a_paused_pair_waits_and_is_looked_at_again_in_a_while() -> (
    None
):
    reminder = notice(Template.SESSION_REMINDER, not_before=NOW)
    paused = SESSION_AS_PLANNED.model_copy(update={"pair_paused": True})
    found = rounds(row(id="1", notice=reminder, facts=paused), row(id="2"))
    await found.round()
    assert (found.outbox.awaiting_resume, found.outbox.state) == ({"1"}, {"2": "sent"})
    assert found.report.postponed == 0
    assert await found.round() == 0
    found.clock.now += RESUME_CHECK_DELAY
    assert await found.round() == 1


async def test_an_address_that_is_refused_comes_back_to_the_pair() -> None:
    found = rounds(row(), error=MailRefused(DeliveryFailure.ADDRESS_REFUSED))
    await found.round()
    assert found.signals.sent == [
        (PAIR, NoticeFailed(notice="1", reason="address_refused"))
    ]
    assert found.outbox.state == {"1": "failed: address_refused"}


async def test_an_invalid_address_is_refused_without_a_server() -> None:
    found = rounds(row(person=person(email="nobody")))
    await found.round()
    assert found.outbox.state == {"1": "failed: address_refused"}


async def test_the_failure_of_a_mail_about_failures_signals_nobody() -> None:
    found = rounds(
        row(Template.ADDRESS_FAILED, Recipient.OPS),
        error=MailRefused(DeliveryFailure.ADDRESS_REFUSED),
    )
    await found.round()
    assert found.signals.sent == []


async def test_the_failure_of_a_notice_of_a_programme_signals_nobody() -> None:
    proposal = row(
        Template.EXTENSION_PROPOSED, Recipient.SPONSOR, scope="programme:mentorat-2027"
    )
    found = rounds(proposal, error=MailRefused(DeliveryFailure.ADDRESS_REFUSED))
    await found.round()
    assert found.signals.sent == []
    assert found.outbox.state == {"1": "failed: address_refused"}


@pytest.mark.parametrize(
    ("attempts", "delay"),
    [(0, FIRST_RETRY_DELAY), (1, 2 * FIRST_RETRY_DELAY), (40, LONGEST_RETRY_DELAY)],
)
async def test_a_mail_not_taken_for_now_is_tried_again_later_and_later(
    attempts: int, delay: timedelta
) -> None:
    found = rounds(row(attempts=attempts), error=MailDeferred())
    await found.round()
    assert found.outbox.rows["1"].due == NOW + delay
    assert found.outbox.rows["1"].attempts == attempts + 1


async def test_a_mail_deferred_for_days_fails() -> None:
    found = rounds(row(attempts=MAX_ATTEMPTS - 1), error=MailDeferred())
    await found.round()
    assert found.outbox.state == {"1": "failed: gave_up"}


async def test_while_the_server_is_unavailable_nothing_is_tried() -> None:
    found = rounds(row(), unavailable=later(8), error=AssertionError("tried"))
    await found.round()
    assert found.outbox.rows["1"].due == later(8)
    assert found.outbox.rows["1"].attempts == 0


async def test_a_clock_behind_postgresqls_postpones_nothing_that_is_due() -> None:
    due = NOW - timedelta(seconds=2)
    reminder = notice(Template.SESSION_REMINDER, not_before=due)
    found = rounds(row(due=due, notice=reminder, facts=SESSION_AS_PLANNED))
    found.outbox.clock = WallClock()
    found.clock.now = NOW - timedelta(seconds=10)
    await found.round()
    assert found.outbox.state == {"1": "sent"}


async def test_a_repeat_after_a_crash_bears_the_same_message_id_and_nothing_joins_it() -> (
    None
):
    found = rounds(row(id="1"), row(id="2"))
    found.outbox.mark_sent = _crash  # type: ignore[method-assign]
    await found.delivery.deliver_due("mail")
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        while not found.sender.mails:
            await asyncio.sleep(0)
    await found.delivery.in_hand.abandon()
    again = Rounds(
        MemoryOutbox(found.clock, *found.outbox.rows.values(), row(id="3")),
        found.clock,
        found.sender,
    )
    await again.round()
    assert again.sender.subjects == ["You are ready (and 1 more)"] * 2 + [
        "You are ready"
    ]
    assert (
        again.sender.message_ids[0]
        == again.sender.message_ids[1]
        != again.sender.message_ids[2]
    )


async def _crash(ids: object) -> None:
    raise ConnectionError


async def test_a_notice_that_cannot_be_rendered_waits_for_a_release_readys_up_nobody() -> (
    None
):
    broken = row(id="1", scope="pair:nonsense", person=person(person="pddddddddddddd"))
    found = rounds(broken, row(id="2"))
    await found.round()
    assert found.outbox.state == {"2": "sent"}
    assert found.outbox.rows["1"].due == NOW + CORRECTION_DELAY


async def test_it_waits_until_what_it_postponed_is_due() -> None:
    found = rounds(row(), unavailable=later(0.25))
    await found.round()
    assert found.delivery.results.seconds_to_rest(1.0) == pytest.approx(0.25)
    found.clock.now = later(0.3)
    assert found.delivery.results.seconds_to_rest(1.0) == 1.0


async def test_in_a_rehearsal_a_night_passes_in_an_instant() -> None:
    found = rounds(
        row(clock=fast(43200), due=later(1), created=NOW)
    )  # half a day later: night
    found.clock.now = later(1)
    await found.round()
    assert timedelta(0) < found.outbox.rows["1"].due - later(1) < timedelta(seconds=1)


class SlowOutbox(MemoryOutbox):
    """Marks one batch after the other, and only when it is let."""

    def __init__(self, clock: WallClock, *rows: OutboxRow) -> None:
        super().__init__(clock, *rows)
        self.begun, self.let, self.batches = (
            asyncio.Event(),
            asyncio.Event(),
            list[list[str]](),
        )

    async def mark_sent(self, ids: Sequence[str]) -> None:
        self.batches.append(sorted(ids))
        self.begun.set()
        await self.let.wait()
        await super().mark_sent(ids)


async def test_mails_that_go_out_while_others_are_marked_are_marked_together() -> None:
    clock = WallClock()
    rows = [
        row(id=str(n), person=person(person=f"p{'a' * 12}{letter}"))
        for n, letter in enumerate("abcde")
    ]
    found = Rounds(SlowOutbox(clock, *rows), clock)
    assert isinstance(found.outbox, SlowOutbox)
    under_way = asyncio.create_task(found.round())
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        await found.outbox.begun.wait()
        while len(found.sender.mails) < 5:
            await asyncio.sleep(0)
    found.outbox.let.set()
    await under_way
    batches = found.outbox.batches
    assert (len(batches) <= 2, sorted(chain(*batches))) == (True, [*"01234"])
    assert (found.outbox.state, found.report.sent) == (
        dict.fromkeys("01234", "sent"),
        5,
    )
