"""The mails in the catcher's folder, and the calendar parts in them, as a calendar program would read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any

from icalendar import Calendar


@dataclass(frozen=True)
class Invite:
    """One VEVENT, in one person's mail."""

    to: str
    uid: str
    sequence: int
    method: str
    status: str
    stamp: datetime
    start: datetime
    end: datetime

    @property
    def session(self) -> tuple[str, int, int]:
        """Pair, number and attempt: the UID is made of them."""
        *pair, number, attempt = self.uid.partition("@")[0].split(".")
        return ":".join(["pair", *pair]), int(number), int(attempt)


@dataclass(frozen=True)
class Mail:
    """One file of the catcher."""

    name: str
    to: str
    message_id: str
    subject: str
    text: str
    invites: frozenset[Invite]


def mails(folder: Path) -> list[Mail]:
    """In the order of their arrival."""
    return [_mail(path) for path in sorted(folder.glob("[!.]*.eml"))]


def _mail(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), policy=modern)
    assert isinstance(message, EmailMessage)
    to = message["To"].addresses[0].addr_spec
    body = message.get_body(("plain",))
    assert body is not None
    return Mail(
        path.name,
        to,
        message["Message-ID"],
        message["Subject"],
        body.get_content(),
        frozenset(_invites(message, to)),
    )


def _invites(message: EmailMessage, to: str) -> Iterator[Invite]:
    """The same part is twice in most mails: beside the text, and as a file."""
    for part in message.walk():
        if part.get_content_type() != "text/calendar":
            continue
        calendar: Any = Calendar.from_ical(part.get_content())
        assert calendar["METHOD"] == part.get_param("method")
        for event in calendar.walk("VEVENT"):
            yield Invite(
                to=to,
                uid=str(event["UID"]),
                sequence=int(event["SEQUENCE"]),
                method=str(calendar["METHOD"]),
                status=str(event["STATUS"]),
                stamp=event["DTSTAMP"].dt,
                start=event["DTSTART"].dt,
                end=event["DTEND"].dt,
            )


def calendars(found: list[Mail]) -> dict[tuple[str, str], list[Invite]]:
    """By recipient and UID, the invites of one meeting in the order in which they were made."""
    by_meeting: dict[tuple[str, str], list[Invite]] = {}
    for mail in found:
        for invite in mail.invites:
            by_meeting.setdefault((invite.to, invite.uid), []).append(invite)
    return {
        key: sorted(invites, key=lambda i: (i.stamp, i.sequence))
        for key, invites in by_meeting.items()
    }
