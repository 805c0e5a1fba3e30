"""The letter: one mail with all that its reader sees and needs, written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address

from activities.notifications.interfaces import LinkMaker, MailRefused
from activities.notifications.invites import CalendarInvite, calendar_invite
from activities.notifications.layout import lay_out
from activities.notifications.locales import LocaleTexts, locale_texts
from activities.notifications.privacy import MailPrivacy
from activities.notifications.rendering import NoticeRenderer, template_environment
from domain.notices.digest import Digest, changes_calendar, sections
from schemas.notices import Template
from schemas.records.outbox import OutboxRow
from schemas.records.reasons import DeliveryFailure


@dataclass(frozen=True)
class Certificate:
    """A certificate for the mentor, attached to a mail as a page."""

    filename: str
    html: str


@dataclass(frozen=True)
class Letter:
    """One mail as its reader sees it: everything but its bytes."""

    message_id: str
    list_id: str
    locale: str
    sender_name: str
    sender: str
    reader_name: str
    reader: Address
    """The address of `recipient`, parsed for a header."""
    recipient: str
    """The address of the envelope, in ASCII."""
    rehearsal: bool
    private: bool
    """Whether it is for its reader alone, and for nobody who reads mails for them."""
    subject: str
    text: str
    html: str
    invite: CalendarInvite | None
    certificates: tuple[Certificate, ...]


class LetterWriter:
    """Writes letters; `mail_domain` is the part behind the @ of every sender."""

    def __init__(self, links: LinkMaker, mail_domain: str) -> None:
        self._environment = template_environment()
        self._renderer = NoticeRenderer(self._environment, links)
        self._domain = mail_domain

    def write(self, digest: Digest, privacy: MailPrivacy | None = None) -> Letter:
        """Write one letter of notices that share person, sender and clock.

        `privacy` is the privacy notice of its reader; None: there is none.

        Raises:
            MailRefused: the recipient's address is not allowed in a header.
            jinja2.TemplateError: a text does not fit its notice.
        """
        first = digest.rows[0]
        texts = locale_texts(first.person.locale)
        rendered = [
            self._renderer.render(each, texts) for each in sections(digest.rows)
        ]
        content = lay_out(self._environment, first, rendered, texts, privacy)
        sender = f"{first.sender}@{self._domain}"
        recipient, reader = _addresses(first.person.email)
        return Letter(
            message_id=digest.message_id,
            list_id=f"<{first.programme}.mentoring.{self._domain}>",
            locale=texts.locale,
            sender_name=texts.get("from"),
            sender=sender,
            reader_name=first.reader_name,
            reader=reader,
            recipient=recipient,
            rehearsal=first.rehearsal,
            private=first.notice.template is Template.MY_DATA,
            subject=content.subject,
            text=content.text,
            html=content.html,
            invite=_invite(digest.rows, sender, texts),
            certificates=self._certificates(digest.rows, texts),
        )

    def _certificates(
        self, rows: Sequence[OutboxRow], texts: LocaleTexts
    ) -> tuple[Certificate, ...]:
        page = f"{texts.locale}/certificate_page.html.j2"
        return tuple(
            Certificate(
                filename=texts.get("certificate_file"),
                html=self._environment.get_template(page).render(
                    name=row.reader_name,
                    day=texts.day(row.created, row.person.zone),
                    programme=row.programme,
                    team=texts.get("team"),
                ),
            )
            for row in rows
            if row.notice.template is Template.CERTIFICATE
        )


def _invite(
    rows: Sequence[OutboxRow], organiser: str, texts: LocaleTexts
) -> CalendarInvite | None:
    """Make the invite of the row that changes a calendar; a mail has one at most."""
    row = next((row for row in rows if changes_calendar(row.notice)), None)
    return calendar_invite(row, organiser, texts) if row else None


def _addresses(email: str) -> tuple[str, Address]:
    """Returns the address for the envelope and for a header, its domain in ASCII.

    Raises:
        MailRefused: it is no address.
    """
    local, _, domain = email.rpartition("@")
    try:
        ascii_address = f"{local}@{domain.encode('idna').decode()}"
        return ascii_address, Address(addr_spec=ascii_address)
    except (ValueError, IndexError, MessageError):
        raise MailRefused(DeliveryFailure.ADDRESS_REFUSED) from None
