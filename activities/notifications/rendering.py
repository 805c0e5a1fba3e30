"""A notice in words: subject, blocks of text and links, in the reader's locale and zone.

One template a notice and locale holds plain text. Blank lines part paragraphs; lines
that begin with `- ` make a list, lines that begin with `> ` a card.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2 import Template as TextTemplate

from activities.notifications.interfaces import LinkMaker
from activities.notifications.locales import TEMPLATES, LocaleTexts
from domain.notices.notice_questions import (
    CONSOLE_PAGES,
    CONSOLE_READERS,
    asked_questions,
    question_link,
)
from schemas.links import Question
from schemas.notices import Recipient, Template
from schemas.records.outbox import OutboxRow
from schemas.wording.french import french_de


class BlockKind(StrEnum):
    """How a block of text looks."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    CARD = "card"


@dataclass(frozen=True)
class TextBlock:
    """A piece of text: a paragraph is one line, a list or card has a line an entry."""

    kind: BlockKind
    lines: tuple[str, ...]


@dataclass(frozen=True)
class LabelledLink:
    """A link as it is shown."""

    label: str
    url: str


@dataclass(frozen=True)
class MailSection:
    """One notice, or several that share a section, ready to be laid out."""

    subject: str
    blocks: tuple[TextBlock, ...]
    links: tuple[LabelledLink, ...]
    help: LabelledLink | None
    """The link to help with which every mail to a mentor ends."""


def template_environment() -> Environment:
    """Returns Jinja's environment for notices, in which an unknown name is an error.

    Only HTML is escaped.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),  # noqa: S701 - the others are plain text
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters["de"] = french_de
    environment.filters["upfirst"] = lambda text: text[:1].upper() + text[1:]
    return environment


class NoticeRenderer:
    """Turns rows of the outbox into sections."""

    def __init__(self, environment: Environment, links: LinkMaker) -> None:
        self._environment = environment
        self._links = links

    def render(self, rows: Sequence[OutboxRow], texts: LocaleTexts) -> MailSection:
        """Render rows that share a section.

        They differ only in the pair that they are about, or in the questions they ask.

        Raises:
            jinja2.TemplateError: a text does not fit its notice.
        """
        row = rows[0]
        template = self._environment.get_template(
            f"{texts.locale}/{row.notice.template}.j2"
        )
        values = {**_values(row, texts), "several": _several(rows, texts)}
        subject, body, label = (
            _template_block(template, name, values, texts)
            for name in ("subject", "body", "action")
        )
        return MailSection(
            subject=texts.typography(" ".join(subject.split())),
            blocks=tuple(_text_blocks(body)),
            links=tuple(
                dict.fromkeys(
                    link
                    for each in rows
                    for link in self._question_links(each, texts, label)
                )
            ),
            help=self._help_link(row, texts),
        )

    def _question_links(
        self, row: OutboxRow, texts: LocaleTexts, first_label: str
    ) -> tuple[LabelledLink, ...]:
        if row.notice.to in CONSOLE_READERS:
            subpage = CONSOLE_PAGES.get(row.notice.template, "")
            page = self._links.console_url(row.scope) + subpage
            return (LabelledLink(first_label or texts.get("console"), page),)
        if row.notice.template is Template.MY_DATA:
            url = self._links.my_data_url(row.person)
            return (LabelledLink(first_label, url),)
        asked = asked_questions(row.notice)
        return tuple(
            LabelledLink(
                (first_label if question is asked[0] else "")
                or texts.get(f"questions.{question}"),
                self._links.url(link),
            )
            for question in asked
            if (link := question_link(row, question)) is not None
        )

    def _help_link(self, row: OutboxRow, texts: LocaleTexts) -> LabelledLink | None:
        if row.notice.to is not Recipient.MENTOR:
            return None
        link = question_link(row, Question.HELP)
        if link is None:
            return None
        return LabelledLink(texts.get("questions.help"), self._links.url(link))


def _template_block(
    template: TextTemplate, name: str, values: dict[str, Any], texts: LocaleTexts
) -> str:
    if name not in template.blocks:
        return ""
    context = template.new_context(values)
    return texts.typography("".join(template.blocks[name](context)))


def _values(row: OutboxRow, texts: LocaleTexts) -> dict[str, Any]:
    """All that a template may name; nothing in it is ever undefined or None."""
    return {
        "to": str(row.notice.to),
        "matched": row.mentee is not None,
        **_names(row, texts),
        "region": row.region,
        "items": [texts.gate_item(item) for item in row.notice.items],
        **_time_and_place(row, texts),
    }


def _several(rows: Sequence[OutboxRow], texts: LocaleTexts) -> list[str]:
    """What the rows are about, where it is more than one thing."""
    about = [
        _names(row, texts)["conversation"]
        if row.mentee
        else texts.get("conversation.open")
        for row in rows
    ]
    distinct = list(dict.fromkeys(about))
    return distinct if len(distinct) > 1 else []


def _names(row: OutboxRow, texts: LocaleTexts) -> dict[str, str]:
    to = row.notice.to
    names = {
        "mentor": row.mentor.display_name if row.mentor else "",
        "mentee": row.mentee.display_name if row.mentee else "",
    }
    partners = {Recipient.MENTOR: names["mentee"], Recipient.MENTEE: names["mentor"]}
    names["partner"] = partners.get(to, "")
    shown = {
        role: name or texts.get(f"somebody.{role}") for role, name in names.items()
    }
    whose = "own" if to in partners else "other"
    return {**shown, "conversation": texts.get(f"conversation.{whose}", **shown)}


def _time_and_place(row: OutboxRow, texts: LocaleTexts) -> dict[str, Any]:
    invite, zone = row.notice.invite, row.person.zone
    if invite is None:
        return {"day": "", "hours": "", "others": 0, "place": ""}
    site = row.common_site
    return {
        "day": texts.day(invite.start, zone),
        "hours": texts.hours(invite.start, invite.minutes, zone),
        "others": len(invite.alternatives),
        "place": texts.get("place", site=site) if site else texts.get("place_open"),
    }


_KINDS = {"": None, "-": BlockKind.LIST, ">": BlockKind.CARD}


def _kind(line: str) -> BlockKind | None:
    """The kind of block that a line belongs to; None: a blank line, which is none."""
    return _KINDS.get(line.partition(" ")[0], BlockKind.PARAGRAPH)


def _text_blocks(text: str) -> Iterator[TextBlock]:
    lines = map(str.strip, text.splitlines())
    for kind, group in groupby(lines, key=_kind):
        if kind is None:
            continue
        if kind is BlockKind.PARAGRAPH:
            yield TextBlock(kind, (" ".join(group),))
        elif entries := tuple(entry for line in group if (entry := line[1:].strip())):
            yield TextBlock(kind, entries)
