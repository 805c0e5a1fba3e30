"""Calendar parts, read back with the same library that calendars use."""

from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from activities.notifications.invites import CalendarInvite, calendar_invite
from activities.notifications.locales import locale_texts
from domain.notices.digest import CALENDAR_TEMPLATES, changes_calendar
from schemas.notices import Recipient, Template
from schemas.records.outbox import OutboxRow
from tests.support.notices import (
    INVITE,
    MENTEE,
    MENTOR,
    NOW,
    notice,
    person,
    row,
)

ORGANISER = "rh-mentorat@firm.example"


def invite(one: OutboxRow) -> CalendarInvite:
    assert changes_calendar(one.notice)
    found = calendar_invite(one, ORGANISER, locale_texts(one.person.locale))
    assert found is not None
    return found


def event(one: OutboxRow) -> Any:
    part = invite(one)
    return Calendar.from_ical(part.data).walk("VEVENT")[0]


def proposed(to: Recipient = Recipient.MENTEE, **changes: Any) -> OutboxRow:
    return row(Template.SESSION_PROPOSED, to, **changes)


def test_the_times_are_the_meetings_in_utc() -> None:
    found = event(proposed())
    assert found["dtstart"].dt == datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
    assert found["dtend"].dt == datetime(2027, 2, 1, 10, 30, tzinfo=UTC)
    assert found["dtstart"].to_ical() == b"20270201T093000Z"


def test_the_uid_is_the_meetings_and_the_sequence_the_invites() -> None:
    found = event(proposed())
    assert found["uid"] == f"{INVITE.uid}@firm.example"
    assert int(found["sequence"]) == 1


def test_the_stamp_is_the_transitions_so_that_a_repeat_is_the_same() -> None:
    assert event(proposed())["dtstamp"].dt == NOW


def test_exactly_the_two_people_attend() -> None:
    found = event(proposed(Recipient.DELEGATE))
    assert [str(a) for a in found["attendee"]] == [
        f"mailto:{MENTOR.email}",
        f"mailto:{MENTEE.email}",
    ]
    assert [a.params["CN"] for a in found["attendee"]] == [MENTOR.name, MENTEE.name]


def test_the_sender_of_the_mail_is_the_organiser() -> None:
    assert str(event(proposed())["organizer"]) == f"mailto:{ORGANISER}"


@pytest.mark.parametrize(
    ("locale", "title"), [("en", "Conversation"), ("fr", "Échange")]
)
def test_the_title_is_neutral_and_the_entry_private(locale: str, title: str) -> None:
    found = event(proposed(person=person(locale=locale)))
    assert found["summary"] == title
    assert found["class"] == "PRIVATE"


@pytest.mark.parametrize(
    ("template", "confirmed", "method", "status"),
    [
        (Template.SESSION_PROPOSED, False, "REQUEST", "TENTATIVE"),
        (Template.SESSION_AGREED, True, "REQUEST", "CONFIRMED"),
        (Template.SESSION_MOVED, True, "REQUEST", "CONFIRMED"),
        (Template.SESSION_CANCELLED, True, "CANCEL", "CANCELLED"),
    ],
)
def test_method_and_status_follow_the_notice(
    template: Template, confirmed: bool, method: str, status: str
) -> None:
    changed = INVITE.model_copy(update={"confirmed": confirmed})
    one = row(template, notice=notice(template, invite=changed))
    part = invite(one)
    assert part.method == method
    assert Calendar.from_ical(part.data)["method"] == method
    assert event(one)["status"] == status


@pytest.mark.parametrize("template", sorted(set(Template) - CALENDAR_TEMPLATES))
def test_other_notices_leave_calendars_alone(template: Template) -> None:
    assert not changes_calendar(row(template).notice)


def test_a_delegates_calendar_is_not_offered_the_meeting_as_its_own() -> None:
    parts = {to: invite(proposed(to)) for to in (Recipient.MENTEE, Recipient.DELEGATE)}
    assert {to: part.inline for to, part in parts.items()} == {
        Recipient.MENTEE: True,
        Recipient.DELEGATE: False,
    }
    assert len({part.data for part in parts.values()}) == 1


def test_they_meet_at_the_site_that_they_share() -> None:
    assert event(proposed())["location"] == "Lyon"
    assert "location" not in event(
        proposed(mentee=MENTEE.model_copy(update={"site": "Nantes"}))
    )


def test_a_name_cannot_add_lines_to_the_calendar() -> None:
    sly = MENTEE.model_copy(update={"name": 'Noé"\nATTENDEE:mailto:x@y.example'})
    assert len(event(proposed(mentee=sly))["attendee"]) == 2
