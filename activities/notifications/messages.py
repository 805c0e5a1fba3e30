"""The message as it goes out: headers, text, HTML, calendar, certificate."""

from collections.abc import Sequence
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import Message
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b

from activities.notifications.invites import CalendarPart, calendar_part
from activities.notifications.mails import Content, compose
from activities.notifications.mime import (
    bundle,
    exact,
    headed,
    line,
    readable,
    subject,
    to,
)
from activities.notifications.ports import LinkMaker
from activities.notifications.render import Renderer, one_line
from activities.notifications.sending import OutgoingMail
from activities.notifications.words import words
from domain.notices.delivery_decision import sections
from schemas.notices import Template
from schemas.outbox import OutboxRow


class AddressInvalid(Exception):
    """The recipient's address is none."""


class MailRoom:
    """Makes mails of outbox rows; `domain` is what stands behind the @ of every sender."""

    def __init__(self, links: LinkMaker, domain: str) -> None:
        self._renderer = Renderer(links)
        self._domain = domain

    def mail(self, rows: Sequence[OutboxRow], wall: datetime) -> OutgoingMail:
        """One mail of rows that share person, sender and clock.

        Raises:
            AddressInvalid: the recipient's address cannot stand in a header.
            jinja2.TemplateError: a text does not fit its notice.
        """
        first = rows[0]
        content = compose(
            self._renderer.env,
            rows,
            [self._renderer.section(*alike) for alike in sections(rows)],
        )
        sender = f"{first.sender}@{self._domain}"
        calendar = next((p for r in rows if (p := calendar_part(r, sender))), None)
        certificates = [
            self._certificate(r)
            for r in rows
            if r.notice.template is Template.CERTIFICATE
        ]
        data = headed(
            _body(content, calendar, certificates),
            _named(first, content, sender),
            self._ours(rows, wall),
        )
        return OutgoingMail(
            sender, _ascii(first.person.email), first.clock.pace != 1.0, data
        )

    def message_id(self, rows: Sequence[OutboxRow]) -> str:
        """The one kept from an earlier try, else made of the ids: always the same for the same notices."""
        if rows[0].message_id is not None:
            return rows[0].message_id
        ids = "\n".join(sorted(row.id for row in rows))
        return f"<{blake2b(ids.encode(), digest_size=16).hexdigest()}@{self._domain}>"

    def _ours(self, rows: Sequence[OutboxRow], wall: datetime) -> dict[str, str]:
        return {
            "Date": format_datetime(wall),
            "Message-ID": self.message_id(rows),
            "Content-Language": words(rows[0].person.locale).locale,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "List-Id": f"<{rows[0].programme}.mentoring.{self._domain}>",
        }

    def _certificate(self, row: OutboxRow) -> Message:
        word = words(row.person.locale)
        html = self._renderer.env.get_template(
            f"{word.locale}/certificate_page.html.j2"
        ).render(
            name=one_line(row.person.name),
            day=word.day(row.created, row.person.zone),
            programme=row.programme,
            team=word("team"),
        )
        return readable("html", html, word("certificate_file"))


def _named(row: OutboxRow, content: Content, sender: str) -> list[str]:
    address = _address(row.person.email)
    return [
        subject(content.subject),
        _from(row.person.locale, sender),
        to(one_line(row.person.name), address),
    ]


@lru_cache(maxsize=100)
def _from(locale: str, sender: str) -> str:
    return line("From", Address(words(locale)("from"), addr_spec=sender))


def _body(
    content: Content, calendar: CalendarPart | None, certificates: Sequence[Message]
) -> Message:
    alternatives, files = (
        [readable("plain", content.text), readable("html", content.html)],
        [*certificates],
    )
    if calendar is not None:
        if calendar.inline:
            alternatives.append(
                exact("calendar", calendar.data, method=calendar.method)
            )
        files.insert(
            0, exact("calendar", calendar.data, "invite.ics", method=calendar.method)
        )
    return bundle(alternatives, files)


def _address(email: str) -> Address:
    try:
        return Address(addr_spec=_ascii(email))
    except (ValueError, IndexError, MessageError):
        raise AddressInvalid from None


def _ascii(email: str) -> str:
    """A domain with accents as mail servers know it."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
