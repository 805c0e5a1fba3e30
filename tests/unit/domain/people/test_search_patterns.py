"""Patterns by which people are looked for."""

import pytest

from domain.people.search_patterns import search_patterns


@pytest.mark.parametrize(
    ("words", "patterns"),
    [
        ("Élodie", ["%elodie%"]),
        ("Lefèvre e.martin@", ["%e.martin@%", "%lefevre%"]),
        ("li", ["% li%"]),
        ("d'Or", ["% d'or%"]),
        ("o_brien", [r"%o\_brien%"]),
        ("100%", [r"%100\%%"]),
        ("a\\b", [r"% a\\b%"]),
        ("ﬁn", ["%fin%"]),
        ("% ´ - _", []),
        ("", []),
    ],
)
def test_a_word_is_a_pattern_in_plain_letters(words: str, patterns: list[str]) -> None:
    assert search_patterns(words) == patterns
