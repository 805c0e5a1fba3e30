"""A notice in words: subject, blocks of text and actions, in the recipient's locale and zone.

One template a notice and locale holds plain text. A paragraph is what stands between blank lines; lines that begin
with `- ` make a list, lines that begin with `> ` a card. `mails.py` lays it out as text and as HTML.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from activities.notifications.ports import LinkMaker
from activities.notifications.questions import (
    CONSOLE_PAGES,
    READS_CONSOLE,
    link,
    questions,
)
from activities.notifications.words import TEMPLATES, Words, words
from schemas.french import de
from schemas.links import Question
from schemas.notices import Notice, Recipient
from schemas.outbox import OutboxRow, Party


@dataclass(frozen=True)
class Block:
    """A piece of text: `paragraph` (one line), `list` or `card` (a line an entry)."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Action:
    """A link with its label."""

    label: str
    url: str


@dataclass(frozen=True)
class Section:
    """One notice, ready to be laid out."""

    subject: str
    blocks: tuple[Block, ...]
    actions: tuple[Action, ...]
    help: Action | None
    """Every mail to a mentor ends with it."""


def environment() -> Environment:
    """Strict: an unknown name is an error, not a hole in a sentence. Only HTML is escaped, by its layout."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    env.filters["de"] = de
    env.filters["upfirst"] = lambda text: text[:1].upper() + text[1:]
    return env


class Renderer:
    """Turns rows of the outbox into sections."""

    def __init__(self, links: LinkMaker) -> None:
        self._links = links
        self.env = environment()

    def section(self, row: OutboxRow, *alike: OutboxRow) -> Section:
        """Of one row, or of several that are told once; raises jinja2.TemplateError when a text does not fit."""
        word = words(row.person.locale)
        template = self.env.get_template(f"{word.locale}/{row.notice.template}.j2")
        values = {**_values(row, word), "several": _several([row, *alike], word)}
        return Section(
            subject=word.typography(
                one_line(self._block(template, "subject", values, word))
            ),
            blocks=tuple(_blocks(self._block(template, "body", values, word))),
            actions=self._actions(
                row, word, self._block(template, "action", values, word)
            ),
            help=self._help(row, word),
        )

    def _block(
        self, template: Template, name: str, values: dict[str, Any], word: Words
    ) -> str:
        if name not in template.blocks:
            return ""
        context = template.new_context(values)
        return word.typography("".join(template.blocks[name](context)))

    def _actions(self, row: OutboxRow, word: Words, label: str) -> tuple[Action, ...]:
        if row.notice.to in READS_CONSOLE:
            page = self._links.console(row.scope) + CONSOLE_PAGES.get(
                row.notice.template, ""
            )
            return (Action(label or word("console"), page),)
        asked = questions(row.notice)
        found = ((q, link(row, q)) for q in asked)
        return tuple(
            Action(
                label if label and q is asked[0] else word(f"questions.{q}"),
                self._links.url(made),
            )
            for q, made in found
            if made is not None
        )

    def _help(self, row: OutboxRow, word: Words) -> Action | None:
        made = link(row, Question.HELP) if row.notice.to is Recipient.MENTOR else None
        return Action(word("questions.help"), self._links.url(made)) if made else None


def _several(rows: Sequence[OutboxRow], word: Words) -> list[str]:
    """What rows that are told once are about, where it is more than one thing."""
    about = [
        _names(row, word)["conversation"] if row.mentee else word("conversation.open")
        for row in rows
    ]
    distinct = list(dict.fromkeys(about))
    return distinct if len(distinct) > 1 else []


def _values(row: OutboxRow, word: Words) -> dict[str, Any]:
    """All that a template may name; nothing in it is ever undefined or None."""
    notice = row.notice
    return {
        "to": str(notice.to),
        "matched": row.mentee is not None,
        **_names(row, word),
        "region": row.region,
        "items": [word.item(item) for item in notice.items],
        **_time_and_place(row, notice, word),
    }


def _names(row: OutboxRow, word: Words) -> dict[str, str]:
    to = row.notice.to
    mentor = _name(row.mentor) or word("somebody.mentor")
    mentee = _name(row.mentee) or word("somebody.mentee")
    own = {Recipient.MENTOR: row.mentee, Recipient.MENTEE: row.mentor}
    partner = _name(own.get(to)) or word("somebody.partner")
    whose = "own" if to in own else "other"
    conversation = word(
        f"conversation.{whose}", partner=partner, mentor=mentor, mentee=mentee
    )
    return {
        "mentor": mentor,
        "mentee": mentee,
        "partner": partner,
        "conversation": conversation,
    }


def _time_and_place(row: OutboxRow, notice: Notice, word: Words) -> dict[str, Any]:
    if notice.invite is None:
        return {"day": "", "hours": "", "others": 0, "place": ""}
    site = common_site(row)
    return {
        "day": word.day(notice.invite.start, row.person.zone),
        "hours": word.hours(
            notice.invite.start, notice.invite.minutes, row.person.zone
        ),
        "others": len(notice.invite.alternatives),
        "place": word("place", site=site) if site else word("place_open"),
    }


def common_site(row: OutboxRow) -> str:
    """The site of both, where they share one: then that is where they meet."""
    if row.mentor and row.mentee and row.mentor.site == row.mentee.site:
        return one_line(row.mentor.site)
    return ""


def one_line(text: str) -> str:
    """A name as one line: whatever its source, it may not add lines to a mail or a calendar."""
    return " ".join(text.split())


def _name(party: Party | None) -> str:
    return one_line(party.name) if party else ""


_KINDS = {"": "", "-": "list", ">": "card"}


def _kind(line: str) -> str:
    return _KINDS.get(line.partition(" ")[0], "paragraph")


def _blocks(text: str) -> Iterator[Block]:
    for kind, group in groupby(map(str.strip, text.splitlines()), key=_kind):
        match kind:
            case "paragraph":
                yield Block(kind, (" ".join(group),))
            case "list" | "card":
                lines = tuple(filled for line in group if (filled := line[1:].strip()))
                if lines:
                    yield Block(kind, lines)
