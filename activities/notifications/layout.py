"""Sections laid out as one mail: the same words once as plain text and once as HTML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import assert_never

from jinja2 import Environment

from activities.notifications.locales import LocaleTexts
from activities.notifications.privacy import MailPrivacy
from activities.notifications.rendering import (
    BlockKind,
    LabelledLink,
    MailSection,
    TextBlock,
)
from schemas.notices import Recipient
from schemas.records.outbox import OutboxRow

LINE_CHARACTERS = 76


@dataclass(frozen=True)
class MailContent:
    """Subject and body of one mail, as plain text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class PrivacyLines:
    """The privacy notice as a mail shows it: in whole above the signature, or at the foot."""

    is_first: bool
    title: str
    text: str
    """The organisation's own words; at the foot only where there is no address."""
    lead: str
    """The sentence before the address; empty at the foot."""
    url: str
    """Empty: there is none."""


@dataclass(frozen=True)
class _Frame:
    """Everything in a mail but its sections; the HTML layout uses fields by name."""

    locale: str
    subject: str
    greeting: str
    opening: str
    sections: Sequence[MailSection]
    helps: Sequence[LabelledLink]
    privacy: PrivacyLines | None
    signature: str
    team: str
    why: str
    from_name: str


def lay_out(
    environment: Environment,
    first: OutboxRow,
    sections: Sequence[MailSection],
    texts: LocaleTexts,
    privacy: MailPrivacy | None = None,
) -> MailContent:
    """Lay out one mail to one person; the first notice gives it its subject."""
    frame = _Frame(
        locale=texts.locale,
        subject=_subject(first, sections, texts),
        greeting=texts.get("greeting", name=first.reader_name),
        opening=texts.get("digest_opening") if len(sections) > 1 else "",
        sections=sections,
        helps=_distinct(section.help for section in sections),
        privacy=_privacy(privacy, texts) if privacy else None,
        signature=texts.get("signature"),
        team=texts.get("team"),
        why=_why(first, texts),
        from_name=texts.get("from"),
    )
    html = environment.get_template("layout.html.j2").render(vars(frame))
    return MailContent(frame.subject, _plain_text(frame), html)


def _subject(
    first: OutboxRow, sections: Sequence[MailSection], texts: LocaleTexts
) -> str:
    subject = sections[0].subject
    if len(sections) > 1:
        subject = texts.get("digest", subject=subject, more=len(sections) - 1)
    return f"{texts.get('rehearsal')} {subject}" if first.rehearsal else subject


def _why(row: OutboxRow, texts: LocaleTexts) -> str:
    """Returns the line that says why this person gets the mail."""
    if row.notice.to is Recipient.MANAGER and row.mentor:
        return texts.get("why_manager", mentor=row.mentor.display_name)
    former = row.notice.to is Recipient.FORMER_ADDRESS
    return texts.get("why_former" if former else "why", programme=row.programme)


def _privacy(privacy: MailPrivacy, texts: LocaleTexts) -> PrivacyLines:
    notice, first = privacy.notice, privacy.is_first
    text = texts.typography(notice.text(texts.locale))
    lead = texts.get("privacy.more" if text else "privacy.lead")
    in_foot = notice.url and not first
    return PrivacyLines(
        is_first=first,
        title=texts.get("privacy.foot" if in_foot else "privacy.title"),
        text=text if first or not notice.url else "",
        lead=lead if first and notice.url else "",
        url=notice.url,
    )


def _distinct(links: Iterator[LabelledLink | None]) -> list[LabelledLink]:
    """Drop repeats: a digest about several notices of one pair asks for help once."""
    return list({link.url: link for link in links if link}.values())


def _plain_text(frame: _Frame) -> str:
    lines = [frame.greeting, ""]
    if frame.opening:
        lines += [*_fill(frame.opening), ""]
    for number, section in enumerate(frame.sections, start=1):
        if len(frame.sections) > 1:
            lines += [*_fill(f"{number}. {section.subject}"), ""]
        for block in section.blocks:
            lines += [*_block_lines(block), ""]
        for link in section.links:
            lines += _link_lines(link)
    if frame.privacy and frame.privacy.is_first:
        lines += _privacy_lines(frame.privacy)
    lines += [frame.signature, frame.team, ""]
    lines += ["-" * 40, *_fill(frame.why), ""]
    if frame.privacy and not frame.privacy.is_first:
        lines += _privacy_lines(frame.privacy)
    for link in frame.helps:
        lines += _link_lines(link)
    return "\n".join(lines).rstrip() + "\n"


def _privacy_lines(privacy: PrivacyLines) -> list[str]:
    """The address has a line of its own, as those of links have."""
    words = " ".join(filter(None, (privacy.text, privacy.lead)))
    lines = _fill(f"{privacy.title} {words}".strip())
    return [*lines, *([privacy.url] if privacy.url else []), ""]


def _link_lines(link: LabelledLink) -> list[str]:
    """The address has a line of its own, so that every mail program finds it whole."""
    return [*_fill(link.label), link.url, ""]


def _block_lines(block: TextBlock) -> list[str]:
    match block.kind:
        case BlockKind.PARAGRAPH:
            return _fill(block.lines[0])
        case BlockKind.LIST:
            return [line for entry in block.lines for line in _fill(entry, "- ", "  ")]
        case BlockKind.CARD:
            indent = " " * 4
            return [
                line for entry in block.lines for line in _fill(entry, indent, indent)
            ]
        case _:
            assert_never(block.kind)


def _fill(text: str, first: str = "", then: str = "") -> list[str]:
    return wrap(
        text,
        LINE_CHARACTERS,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
    )
