"""Which notices go out as one mail, under which id, and which share a section."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from domain.notices.supersession import PAUSE_TEMPLATES
from schemas.notices import Notice, Template
from schemas.records.outbox import OutboxRow

CALENDAR_TEMPLATES = frozenset(
    {
        Template.SESSION_PROPOSED,
        Template.SESSION_MOVED,
        Template.SESSION_AGREED,
        Template.SESSION_CANCELLED,
    }
)
"""Notices that change a calendar; other notices only name the time."""


@dataclass(frozen=True)
class Digest:
    """The notices of one mail, often a single one."""

    rows: tuple[OutboxRow, ...]
    message_id: str
    """Lasting: every repeat of this mail bears the same."""


def changes_calendar(notice: Notice) -> bool:
    return notice.invite is not None and notice.template in CALENDAR_TEMPLATES


def digests(rows: Iterable[OutboxRow], mail_domain: str) -> list[Digest]:
    """Group notices into mails: those to one person together, one invite at most.

    The link to what is held about somebody has a mail of its own.

    Rows that were put into a mail before stay together, and nothing joins them: a
    repeat is the same mail.
    """
    groups: dict[tuple[object, ...], list[OutboxRow]] = {}
    for row in rows:
        groups.setdefault(_mail_key(row), []).append(row)
    return [
        Digest(tuple(group), _message_id(group, mail_domain))
        for group in groups.values()
    ]


def _mail_key(row: OutboxRow) -> tuple[object, ...]:
    if row.message_id is not None:
        return ("repeat", row.message_id, row.person.person)
    if changes_calendar(row.notice) or row.notice.template is Template.MY_DATA:
        return ("alone", row.id)
    # A person has two addresses while the older one is told of the newer.
    return ("together", row.person.person, row.person.email, row.programme, row.sender)


def _message_id(rows: Sequence[OutboxRow], mail_domain: str) -> str:
    """The one kept from an earlier attempt, else one made of the notices' ids."""
    if rows[0].message_id is not None:
        return rows[0].message_id
    ids = "\n".join(sorted(row.id for row in rows))
    return f"<{blake2b(ids.encode(), digest_size=16).hexdigest()}@{mail_domain}>"


def sections(rows: Iterable[OutboxRow]) -> list[list[OutboxRow]]:
    """Group the rows of one mail by section.

    A pause of several pairs of one person has one section, and so has its end;
    the current links about one pair have one too.
    """
    groups: dict[tuple[str, ...], list[OutboxRow]] = {}
    for row in rows:
        groups.setdefault(_section_key(row), []).append(row)
    return list(groups.values())


def _section_key(row: OutboxRow) -> tuple[str, ...]:
    notice = row.notice
    if notice.template is Template.CURRENT_LINKS:
        return (notice.template, notice.to, row.scope)
    if notice.template in PAUSE_TEMPLATES:
        return (notice.template, notice.to)
    return (row.id,)
