"""Sections laid out as one mail: the same words once as plain text and once as HTML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from jinja2 import Environment

from activities.notifications.render import Action, Block, Section, one_line
from activities.notifications.words import Words, words
from schemas.notices import Recipient
from schemas.outbox import OutboxRow

WIDTH = 76


@dataclass(frozen=True)
class Content:
    """What a person reads."""

    subject: str
    text: str
    html: str


def compose(
    env: Environment, rows: Sequence[OutboxRow], sections: Sequence[Section]
) -> Content:
    """One mail of one or several notices to the same person; the first one gives it its subject."""
    first = rows[0]
    word = words(first.person.locale)
    subject = sections[0].subject
    if len(sections) > 1:
        subject = word("digest", subject=subject, more=len(sections) - 1)
    if first.clock.pace != 1.0:
        subject = f"{word('rehearsal')} {subject}"
    values: dict[str, object] = {
        "locale": word.locale,
        "subject": subject,
        "greeting": word("greeting", name=one_line(first.person.name)),
        "opening": word("digest_opening") if len(sections) > 1 else "",
        "sections": sections,
        "helps": _once(s.help for s in sections),
        "signature": word("signature"),
        "team": word("team"),
        "why": _why(first, word),
        "from_name": word("from"),
    }
    return Content(
        subject,
        _text(values, sections, word),
        env.get_template("layout.html.j2").render(values),
    )


def _why(row: OutboxRow, word: Words) -> str:
    """Why this person gets it; a manager has no part in the programme."""
    if row.notice.to is Recipient.MANAGER and row.mentor:
        return word("why_manager", mentor=one_line(row.mentor.name))
    return word("why", programme=row.programme)


def _once(actions: Iterator[Action | None]) -> list[Action]:
    """A digest about several notices of one pair asks for help once."""
    return list({action.url: action for action in actions if action}.values())


def _text(values: dict[str, object], sections: Sequence[Section], word: Words) -> str:
    lines = [str(values["greeting"]), ""]
    if values["opening"]:
        lines += [*_fill(str(values["opening"])), ""]
    for number, section in enumerate(sections, start=1):
        if len(sections) > 1:
            lines += [*_fill(f"{number}. {section.subject}"), ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
        for action in section.actions:
            lines += _action(action)
    lines += [str(values["signature"]), str(values["team"]), ""]
    lines += ["-" * 40, *_fill(str(values["why"])), ""]
    for action in _once(s.help for s in sections):
        lines += _action(action)
    return "\n".join(lines).rstrip() + "\n"


def _action(action: Action) -> list[str]:
    """The address has a line of its own, whatever its length, so that every mail program finds it whole."""
    return [*_fill(action.label), action.url, ""]


def _block(block: Block) -> list[str]:
    match block.kind:
        case "list":
            return [line for entry in block.lines for line in _fill(entry, "- ", "  ")]
        case "card":
            return [
                line for entry in block.lines for line in _fill(entry, "    ", "    ")
            ]
        case _:
            return _fill(block.lines[0])


def _fill(text: str, first: str = "", then: str = "") -> list[str]:
    return wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
    )
