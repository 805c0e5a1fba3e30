"""Whether a notice that is due is sent now, sent later, or dropped."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.notices.delivery_decision import (
    LATE_PICKUP,
    DropNotice,
    SendLater,
    SendNow,
    delivery_decision,
    useful_until_of,
)
from schemas.notices import Recipient, Template
from schemas.records.outbox import NoticeFacts, OutboxRow
from schemas.stages import Stage
from schemas.time.calendar import WorkCalendar
from tests.support.notices import (
    INVITE,
    NOW,
    SESSION_AS_PLANNED,
    fast,
    notice,
    person,
    row,
)

MILLISECOND = timedelta(milliseconds=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def due(moment: datetime, **changes: Any) -> OutboxRow:
    return row(due=moment, **changes)


@pytest.mark.parametrize(
    ("moment", "zone", "opens"),
    [
        # Monday 11 January 2027; Paris is an hour ahead of UTC
        (at(11, 7), "Europe/Paris", at(11, 8)),
        (at(11, 8), "Europe/Paris", None),
        (at(11, 16, 59), "Europe/Paris", None),
        (at(11, 17), "Europe/Paris", at(12, 8)),
        # Friday evening waits for Monday
        (at(15, 18), "Europe/Paris", at(18, 8)),
        # the recipient's own zone counts, not the region's
        (at(11, 8), "America/New_York", at(11, 14)),
        (at(11, 20), "America/New_York", None),
        (at(11, 23), "Asia/Tokyo", at(12, 0)),
    ],
)
def test_nothing_is_sent_outside_the_recipients_hours(
    moment: datetime, zone: str, opens: datetime | None
) -> None:
    expected = SendNow() if opens is None else SendLater(opens + MILLISECOND)
    assert delivery_decision(due(moment, person=person(zone=zone)), moment) == expected


MORNING = at(11, 8)
SPREAD = WorkCalendar(spread=timedelta(minutes=10))


@pytest.mark.parametrize("template", [Template.READY, Template.SESSION_PROPOSED])
def test_mails_that_waited_for_the_morning_leave_one_after_another(
    template: Template,
) -> None:
    readers = [person(person=f"p{letter * 13}") for letter in "abcd"]
    rows = [
        due(at(11, 7), template=template, person=reader, calendar=SPREAD)
        for reader in readers
    ]
    moments = [delivery_decision(row, at(11, 7)) for row in rows]
    assert all(isinstance(moment, SendLater) for moment in moments)
    times = {moment.until for moment in moments if isinstance(moment, SendLater)}
    assert len(times) == len(readers)
    assert all(MORNING <= one <= MORNING + SPREAD.spread + MILLISECOND for one in times)


@pytest.mark.parametrize("soon", [MORNING + timedelta(milliseconds=1), None])
def test_what_would_come_too_late_by_it_leaves_first(soon: datetime | None) -> None:
    about_soon = useful(soon) if soon else notice(Template.SESSION_REMINDER)
    waiting = due(at(11, 7), calendar=SPREAD, notice=about_soon)
    assert delivery_decision(waiting, at(11, 7)) == SendLater(MORNING + MILLISECOND)


def test_what_is_due_in_working_hours_is_not_held_up() -> None:
    assert delivery_decision(due(at(11, 10), calendar=SPREAD), at(11, 10)) == SendNow()


def test_a_public_holiday_of_the_region_is_quiet() -> None:
    resting = WorkCalendar(holidays=(date(2027, 1, 11),))
    assert delivery_decision(due(NOW, calendar=resting), NOW) == SendLater(
        at(12, 8) + MILLISECOND
    )


def useful(until: datetime, template: Template = Template.ANSWER_REMINDER) -> Any:
    return notice(template, useful_until=until)


def test_what_is_of_no_more_use_is_dropped() -> None:
    late = NOW + 2 * LATE_PICKUP
    assert delivery_decision(due(NOW, notice=useful(NOW)), late) == DropNotice(
        "too_late"
    )


def test_what_is_of_use_until_later_goes() -> None:
    assert (
        delivery_decision(due(NOW, notice=useful(NOW + timedelta(hours=1))), NOW)
        == SendNow()
    )


def test_what_would_be_of_no_use_any_more_in_the_morning_is_dropped_at_once() -> None:
    assert delivery_decision(
        due(at(11, 20), notice=useful(at(12, 7))), at(11, 20)
    ) == DropNotice("too_late")


@pytest.mark.parametrize(
    ("stage", "until"),
    [
        (Stage.TRAINING, None),
        (Stage.MATCHING, NOW),
        (Stage.CLOSED, NOW),
        (None, NOW),
    ],
)
def test_an_invitation_is_of_use_as_long_as_its_pair_trains(
    stage: Stage | None, until: datetime | None
) -> None:
    invitation = useful(NOW, Template.MENTOR_INVITATION)
    facts = NoticeFacts(pair_stage=stage)
    assert useful_until_of(due(NOW, notice=invitation, facts=facts)) == until


APPOINTMENTS = (
    Template.SESSION_AGREED,
    Template.SESSION_MOVED,
    Template.SESSION_REMINDER,
    Template.SESSION_CANCELLED,
)


def about(template: Template, start: datetime, **changes: Any) -> Any:
    until = None if template is Template.SESSION_CANCELLED else start
    return notice(
        template,
        invite=INVITE.model_copy(update={"start": start}),
        useful_until=until,
        **changes,
    )


@pytest.mark.parametrize("template", APPOINTMENTS)
@pytest.mark.parametrize(
    "start",
    [at(12, 7, 30), at(12, 8)],
    ids=["before the morning", "as the morning begins"],
)
def test_an_appointment_before_the_morning_is_notified_of_at_night(
    template: Template, start: datetime
) -> None:
    assert (
        delivery_decision(due(at(11, 20), notice=about(template, start)), at(11, 20))
        == SendNow()
    )


@pytest.mark.parametrize("left", [False, True])
def test_the_old_address_is_told_at_night_too_and_of_who_may_come_back(
    left: bool,
) -> None:
    """Until it is read, mails may go to the wrong person."""
    changed = notice(Template.ADDRESS_CHANGED, Recipient.FORMER_ADDRESS, invite=None)
    row = due(at(11, 20), notice=changed, person=person(left=left))
    assert delivery_decision(row, at(11, 20)) == SendNow()


@pytest.mark.parametrize("template", APPOINTMENTS)
def test_an_appointment_after_the_morning_begins_waits_for_it(
    template: Template,
) -> None:
    assert delivery_decision(
        due(at(11, 20), notice=about(template, at(12, 9))), at(11, 20)
    ) == SendLater(at(12, 8) + MILLISECOND)


def test_a_reminder_of_an_early_session_goes_at_its_own_time() -> None:
    reminder = due(
        at(11, 20),
        notice=about(
            Template.SESSION_REMINDER, at(12, 7, 30), not_before=at(12, 5, 30)
        ),
        facts=SESSION_AS_PLANNED,
    )
    assert delivery_decision(reminder, at(11, 20)) == SendLater(
        at(12, 5, 30) + MILLISECOND
    )
    assert delivery_decision(reminder, at(12, 5, 30)) == SendNow()


def test_a_question_that_nobody_could_answer_in_time_is_dropped() -> None:
    asked = about(Template.SESSION_PROPOSED, at(12, 7, 30))
    assert delivery_decision(due(at(11, 20), notice=asked), at(11, 20)) == DropNotice(
        "too_late"
    )


def test_a_cancellation_of_what_has_begun_waits_for_the_morning() -> None:
    cancelled = about(Template.SESSION_CANCELLED, at(11, 19))
    assert delivery_decision(
        due(at(11, 20), notice=cancelled), at(11, 20)
    ) == SendLater(at(12, 8) + MILLISECOND)


def ahead(not_before: datetime, **changes: Any) -> OutboxRow:
    values = {
        "notice": notice(Template.SESSION_REMINDER, not_before=not_before),
        "facts": SESSION_AS_PLANNED,
    }
    return due(NOW, **{**values, **changes})


def test_what_was_queued_ahead_waits_for_its_time() -> None:
    assert delivery_decision(ahead(at(13, 10)), NOW) == SendLater(
        at(13, 10) + MILLISECOND
    )
    assert delivery_decision(ahead(at(13, 10)), at(13, 10)) == SendNow()


def test_what_was_queued_ahead_for_a_night_waits_for_the_morning() -> None:
    assert delivery_decision(ahead(at(13, 20)), NOW) == SendLater(
        at(14, 8) + MILLISECOND
    )


def test_what_was_queued_ahead_of_a_session_that_changed_is_dropped() -> None:
    assert delivery_decision(ahead(at(13, 10), facts=NoticeFacts()), NOW) == DropNotice(
        "superseded"
    )


def test_a_row_picked_up_moments_late_counts_as_picked_up_in_time() -> None:
    closing = at(11, 16, 59)
    assert (
        delivery_decision(due(closing), closing + timedelta(seconds=29, minutes=0))
        == SendNow()
    )
    assert isinstance(
        delivery_decision(due(closing), closing + timedelta(minutes=2)), SendLater
    )


def test_in_a_rehearsal_hours_are_programme_time() -> None:
    night = NOW + timedelta(
        seconds=20
    )  # at 1,800 times the pace: ten hours later, half past eight in the evening
    found = delivery_decision(due(night, clock=fast(1800)), night)
    assert isinstance(found, SendLater)
    opens = fast(1800).programme(found.until)
    assert at(12, 8) <= opens < at(12, 8) + timedelta(seconds=4)


@pytest.mark.parametrize("pace", [1, 60, 43200, 1_000_000])
def test_a_row_that_waited_until_morning_goes_then(pace: float) -> None:
    night = NOW + timedelta(hours=10) / pace
    waiting = due(night, clock=fast(pace))
    found = delivery_decision(waiting, night)
    assert isinstance(found, SendLater)
    assert (
        delivery_decision(waiting.model_copy(update={"due": found.until}), found.until)
        == SendNow()
    )
