"""The calendar part of a mail: one event of exactly two people, under a neutral title.

The UID is the meeting's for life, SEQUENCE grows with each change; calendars replace by that. Answers go through
the link in the mail, so no calendar is asked to reply (RSVP=FALSE). A delegate is no attendee: their mail carries
the same invite as a file only, or their own calendar would take the meeting for theirs.
"""

from dataclasses import dataclass
from datetime import timedelta

from icalendar import Calendar, Event, vCalAddress

from activities.notifications.render import common_site, one_line
from activities.notifications.words import words
from schemas.notices import Invite, Recipient, Template
from schemas.outbox import OutboxRow, Party

CARRIERS = frozenset(
    {
        Template.SESSION_PROPOSED,
        Template.SESSION_MOVED,
        Template.SESSION_AGREED,
        Template.SESSION_CANCELLED,
    }
)
"""Only these change a calendar; other notices name the time and leave the calendar alone."""


@dataclass(frozen=True)
class CalendarPart:
    """A whole VCALENDAR, and how it travels."""

    method: str
    data: str
    inline: bool
    """As an alternative of the text, which mail programs act on; a delegate's is a file only."""


def carries_calendar(row: OutboxRow) -> bool:
    return row.notice.invite is not None and row.notice.template in CARRIERS


def calendar_part(row: OutboxRow, organiser: str) -> CalendarPart | None:
    """The invite of this notice; None when it has none. `organiser` is the address that mails come from."""
    invite = row.notice.invite
    if invite is None or row.notice.template not in CARRIERS:
        return None
    method = (
        "CANCEL" if row.notice.template is Template.SESSION_CANCELLED else "REQUEST"
    )
    calendar = Calendar()
    calendar.add("prodid", "-//Binome//Reverse mentoring//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_event(row, invite, organiser, cancelled=method == "CANCEL"))
    return CalendarPart(
        method=method,
        data=calendar.to_ical().decode(),
        inline=row.notice.to is not Recipient.DELEGATE,
    )


def _event(row: OutboxRow, invite: Invite, organiser: str, *, cancelled: bool) -> Event:
    word = words(row.person.locale)
    event = Event()
    event.add("uid", f"{invite.uid}@{organiser.rpartition('@')[2]}")
    event.add("sequence", invite.sequence)
    event.add("dtstamp", row.created)
    event.add("dtstart", invite.start)
    event.add("dtend", invite.start + timedelta(minutes=invite.minutes))
    event.add("summary", word("calendar.title"))
    event.add("description", word("calendar.text"))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("status", _status(invite, cancelled=cancelled))
    event.add("x-microsoft-cdo-busystatus", "BUSY" if invite.confirmed else "TENTATIVE")
    event.add("x-microsoft-disallow-counter", "TRUE")
    if site := common_site(row):
        event.add("location", site)
    event["organizer"] = _address(organiser, word("team"))
    for party in (row.mentor, row.mentee):
        if party is not None:
            event.add(
                "attendee",
                _attendee(party, confirmed=invite.confirmed and not cancelled),
                encode=False,
            )
    return event


def _status(invite: Invite, *, cancelled: bool) -> str:
    if cancelled:
        return "CANCELLED"
    return "CONFIRMED" if invite.confirmed else "TENTATIVE"


def _attendee(party: Party, *, confirmed: bool) -> vCalAddress:
    attendee = _address(party.email, one_line(party.name))
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED" if confirmed else "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = name.replace('"', "'")
    return address
