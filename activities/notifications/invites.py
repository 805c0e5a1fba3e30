"""The calendar part of a mail: one event of exactly two people, under a neutral title.

The UID is the meeting's for life, SEQUENCE grows with each change; calendars replace by
that. Answers go through the link in the mail, so no calendar is asked to reply
(RSVP=FALSE). A delegate is no attendee: their mail carries the same invite as a file
only, or their own calendar would take the meeting for theirs. Nor is somebody who left.
"""

from dataclasses import dataclass
from datetime import timedelta

from icalendar import Calendar, Event, vCalAddress

from activities.notifications.locales import LocaleTexts
from schemas.notices import Invite, Recipient, Template
from schemas.records.outbox import OutboxRow, PairMember


@dataclass(frozen=True)
class CalendarInvite:
    """A whole VCALENDAR, and how it travels."""

    method: str
    data: str
    inline: bool
    """Whether it is also an alternative of the text, on which mail programs act."""


def calendar_invite(
    row: OutboxRow, organiser: str, texts: LocaleTexts
) -> CalendarInvite | None:
    """Returns None when the notice has no invite; `organiser` is the mail's sender."""
    invite = row.notice.invite
    if invite is None:
        return None
    cancelled = row.notice.template is Template.SESSION_CANCELLED
    method = "CANCEL" if cancelled else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", "-//Binome//Reverse mentoring//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_event(row, invite, organiser, texts, cancelled=cancelled))
    return CalendarInvite(
        method=method,
        data=calendar.to_ical().decode(),
        inline=row.notice.to is not Recipient.DELEGATE,
    )


def _event(
    row: OutboxRow,
    invite: Invite,
    organiser: str,
    texts: LocaleTexts,
    *,
    cancelled: bool,
) -> Event:
    event = Event()
    event.add("uid", f"{invite.uid}@{organiser.rpartition('@')[2]}")
    event.add("sequence", invite.sequence)
    event.add("dtstamp", row.created)
    event.add("dtstart", invite.start)
    event.add("dtend", invite.start + timedelta(minutes=invite.minutes))
    event.add("summary", texts.get("calendar.title"))
    event.add("description", texts.get("calendar.text"))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("status", _status(invite, cancelled=cancelled))
    event.add("x-microsoft-cdo-busystatus", "BUSY" if invite.confirmed else "TENTATIVE")
    event.add("x-microsoft-disallow-counter", "TRUE")
    if row.common_site:
        event.add("location", row.common_site)
    event["organizer"] = _address(organiser, texts.get("team"))
    confirmed = invite.confirmed and not cancelled
    for member in (row.mentor, row.mentee):
        if member is None or member.left:
            continue
        event.add("attendee", _attendee(member, confirmed=confirmed), encode=False)
    return event


def _status(invite: Invite, *, cancelled: bool) -> str:
    if cancelled:
        return "CANCELLED"
    return "CONFIRMED" if invite.confirmed else "TENTATIVE"


def _attendee(member: PairMember, *, confirmed: bool) -> vCalAddress:
    attendee = _address(member.email, member.display_name)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED" if confirmed else "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = name.replace('"', "'")
    return address
