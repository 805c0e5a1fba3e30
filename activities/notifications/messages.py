"""The message as it goes out: headers, text, HTML, calendar, certificate."""

from collections.abc import Sequence
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import blake2b

from activities.notifications.invites import CalendarPart, calendar_part
from activities.notifications.mails import Content, compose
from activities.notifications.ports import LinkMaker
from activities.notifications.render import Renderer, one_line
from activities.notifications.sending import Mail
from activities.notifications.words import words
from schemas.notices import Template
from schemas.outbox import OutboxRow


class AddressInvalid(Exception):
    """The recipient's address is none."""


class MailRoom:
    """Makes mails of outbox rows; `domain` is what stands behind the @ of every sender."""

    def __init__(self, links: LinkMaker, domain: str) -> None:
        self._renderer = Renderer(links)
        self._domain = domain

    def mail(self, rows: Sequence[OutboxRow], wall: datetime) -> Mail:
        """One mail of rows that share person, sender and clock.

        Raises:
            AddressInvalid: the recipient's address cannot stand in a header.
            jinja2.TemplateError: a text does not fit its notice.
        """
        first = rows[0]
        content = compose(self._renderer.env, rows, [self._renderer.section(r) for r in rows])
        sender = f"{first.sender}@{self._domain}"
        message = self._headed(rows, content, sender, wall)
        self._body(message, content, next((p for r in rows if (p := calendar_part(r, sender))), None))
        for row in rows:
            if row.notice.template is Template.CERTIFICATE:
                self._certificate(message, row)
        return Mail(sender, _ascii(first.person.email), first.clock.pace != 1.0, message.as_bytes())

    def message_id(self, rows: Sequence[OutboxRow]) -> str:
        """The one kept from an earlier try, else made of the ids: always the same for the same notices."""
        if rows[0].message_id is not None:
            return rows[0].message_id
        ids = "\n".join(sorted(row.id for row in rows))
        return f"<{blake2b(ids.encode(), digest_size=16).hexdigest()}@{self._domain}>"

    def _headed(self, rows: Sequence[OutboxRow], content: Content, sender: str, wall: datetime) -> EmailMessage:
        first = rows[0]
        word = words(first.person.locale)
        message = EmailMessage(policy=SMTP)
        message["Subject"] = content.subject
        message["From"] = Address(word("from"), addr_spec=sender)
        message["To"] = _to(one_line(first.person.name), first.person.email)
        message["Date"] = format_datetime(wall)
        message["Message-ID"] = self.message_id(rows)
        message["Content-Language"] = word.locale
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        message["List-Id"] = f"<{first.programme}.mentoring.{self._domain}>"
        return message

    def _body(self, message: EmailMessage, content: Content, calendar: CalendarPart | None) -> None:
        message.set_content(content.text, cte="quoted-printable")
        message.add_alternative(content.html, subtype="html", cte="quoted-printable")
        if calendar is None:
            return
        kind = {"method": calendar.method}
        if calendar.inline:
            message.add_alternative(calendar.data, subtype="calendar", cte="base64", params=kind)
        message.add_attachment(calendar.data, subtype="calendar", cte="base64", params=kind, filename="invite.ics")

    def _certificate(self, message: EmailMessage, row: OutboxRow) -> None:
        word = words(row.person.locale)
        html = self._renderer.env.get_template(f"{word.locale}/certificate_page.html.j2").render(
            name=one_line(row.person.name),
            day=word.day(row.created, row.person.zone),
            programme=row.programme,
            team=word("team"),
        )
        message.add_attachment(html, subtype="html", cte="quoted-printable", filename=word("certificate_file"))


def _to(name: str, email: str) -> Address:
    try:
        return Address(name, addr_spec=_ascii(email))
    except (ValueError, IndexError, MessageError):
        raise AddressInvalid from None


def _ascii(email: str) -> str:
    """A domain with accents as mail servers know it."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
