"""Characters that nobody can see in a name, such as a right-to-left mark.

With one, two names look alike and differ, or a name turns the text around it. They come
in by copying from web pages and other programs, so a person can mend them only if they
are named.
"""

import re
from typing import NamedTuple
from unicodedata import category, name

_EMOJI = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_JOINED_EMOJI = re.compile(
    f"(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
)
"""A zero width joiner in one picture of several, such as a family."""
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0"
"""Letters, marks and signs by category, which are drawn as nothing all the same."""
_FILLER = re.compile(f"[{_FILLERS}]")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Controls, format characters, private use, halves of surrogate pairs, line ends."""
_NAMES = {
    "\x00": "NUL",
    "\t": "tab",
    "\n": "line break",
    "\r": "line break",
    "\x1b": "escape",
    "\x7f": "delete",
}
_NAMES_BY_CATEGORY = {
    "Cc": "control character",
    "Cn": "no character at all",
    "Co": "character of private use",
    "Cs": "half of a character",
}


class HiddenCharacter(NamedTuple):
    """The first hidden character of a text; `place` counts characters from 1."""

    place: int
    character: str

    def __str__(self) -> str:
        """Returns what is wrong and how to mend it; nothing of the text around it."""
        return (
            f"character {self.place} is {code_point(self.character)}, which cannot be"
            " seen; delete it, or type the text instead of copying it"
        )


def find_hidden(text: str) -> HiddenCharacter | None:
    """Returns the first character that cannot be seen; None: all of them can."""
    if text.isprintable() and not _FILLER.search(text):
        return None
    joiners = {found.start() for found in _JOINED_EMOJI.finditer(text)}
    for index, character in enumerate(text):
        if _is_hidden(character) and index not in joiners:
            return HiddenCharacter(index + 1, character)
    return None


def without_hidden(text: str) -> str:
    """Returns a text of several lines without what cannot be seen; tabs stay, too."""
    joiners = {found.start() for found in _JOINED_EMOJI.finditer(text)}
    return "".join(
        character
        for index, character in enumerate(text)
        if character in "\n\t" or index in joiners or not _is_hidden(character)
    )


def code_point(character: str) -> str:
    """Returns such as `U+200B (zero width space)`."""
    named = _NAMES.get(character) or name(character, "").lower()
    named = named or _NAMES_BY_CATEGORY.get(category(character), "")
    return f"U+{ord(character):04X} ({named})"


def _is_hidden(character: str) -> bool:
    kind = category(character)
    return (
        kind in _HIDDEN_CATEGORIES
        or (kind == "Cn" and _is_noncharacter(ord(character)))
        or _FILLER.match(character) is not None
    )


def _is_noncharacter(code: int) -> bool:
    """Whether it never will be a character; others may be one in a newer Unicode."""
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
