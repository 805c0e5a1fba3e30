"""What cannot be seen in a text is found, with its place and its name."""

import sys
from unicodedata import category

import pytest

from schemas.wording.hidden_characters import (
    HiddenCharacter,
    code_point,
    find_hidden,
    without_hidden,
)

VISIBLE = [
    "",
    "Siobhán O'Brien",
    "Zoe\u0308 with a combining mark",
    "مَمود علي",
    "李小龍",
    "\u8fbb\U000e0100 with a variant of its letter",
    "🦊 Léa",
    "❤\ufe0f",
    "👩\u200d💻",
    "👩🏽\u200d🚀 with a skin colour",
    "🏳\ufe0f\u200d🌈",
    "🧑\u200d❤\ufe0f\u200d🧑",
    "Jane\u00a0Nbsp",
]
HIDDEN = [
    ("Jade\tEvil", 5, "U+0009 (tab)"),
    ("Ja\0de", 3, "U+0000 (NUL)"),
    ("Jade\x1b[2J", 5, "U+001B (escape)"),
    ("Jade\x85", 5, "U+0085 (control character)"),
    ("Zoë\u200b Zero", 4, "U+200B (zero width space)"),
    ("\u200fمحمد\u200f", 1, "U+200F (right-to-left mark)"),
    ("Jade\u202eliv", 5, "U+202E (right-to-left override)"),
    ("Jade\u2066x", 5, "U+2066 (left-to-right isolate)"),
    ("Ja\u00adde", 3, "U+00AD (soft hyphen)"),
    ("\ufeffJade", 1, "U+FEFF (zero width no-break space)"),
    ("Ja\u2060de", 3, "U+2060 (word joiner)"),
    ("Ja\u200dde", 3, "U+200D (zero width joiner)"),
    ("👩\u200dJade", 2, "U+200D (zero width joiner)"),
    ("Jade\ufe0f\u200d👩", 6, "U+200D (zero width joiner)"),
    ("👩\u200d", 2, "U+200D (zero width joiner)"),
    ("👩\u200d\u200d👩", 2, "U+200D (zero width joiner)"),
    ("Ja\U000e0061de", 3, "U+E0061 (tag latin small letter a)"),
    ("Ja\u3164de", 3, "U+3164 (hangul filler)"),
    ("Ja\u2800de", 3, "U+2800 (braille pattern blank)"),
    ("Ja\u034fde", 3, "U+034F (combining grapheme joiner)"),
    ("Ja\ue000de", 3, "U+E000 (character of private use)"),
    ("Ja\ud83dde", 3, "U+D83D (half of a character)"),
    ("Ja\ufffede", 3, "U+FFFE (no character at all)"),
]


@pytest.mark.parametrize("text", VISIBLE)
def test_a_name_of_any_script_and_an_emoji_are_visible(text: str) -> None:
    assert find_hidden(text) is None


@pytest.mark.parametrize(
    ("text", "place", "named"), HIDDEN, ids=[c for *_, c in HIDDEN]
)
def test_a_hidden_character_is_found_with_place_and_name(
    text: str, place: int, named: str
) -> None:
    found = find_hidden(text)
    assert found is not None
    assert (found.place, code_point(found.character)) == (place, named)


def test_every_format_character_is_hidden() -> None:
    shown = [
        code
        for code in range(sys.maxunicode + 1)
        if category(chr(code)) == "Cf" and find_hidden(f"a{chr(code)}b") is None
    ]
    assert shown == []


def test_the_words_quote_nothing_around_it() -> None:
    assert str(HiddenCharacter(4, "\u200b")) == (
        "character 4 is U+200B (zero width space), which cannot be seen;"
        " delete it, or type the text instead of copying it"
    )


def test_a_text_of_several_lines_loses_only_what_is_hidden() -> None:
    text = "One\u202e idea\x1b[2J,\n\ttwo 👩\u200d💻\u200b"
    assert without_hidden(text) == "One idea[2J,\n\ttwo 👩\u200d💻"
