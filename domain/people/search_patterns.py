"""How somebody is looked for: patterns for an index that finds three letters in a row."""

import re
import unicodedata

SHORTEST = 3
"""Letters in a row that are found in the midst of a word."""
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPECIAL = re.compile(r"([\\%_])")


def search_patterns(words: str) -> list[str]:
    """Returns a pattern of LIKE for each word, longest first; all of them must fit.

    They are for a name and an address in plain letters, each with a space before it.
    A word whose letters are fewer than three in a row must begin a name, since
    everybody would have to be read to find it elsewhere. One without any letter or
    digit is left out.
    """
    plain = [plain_letters(word).strip() for word in words.split()]
    patterns = [_pattern(word) for word in plain if any(map(str.isalnum, word))]
    return sorted(patterns, key=len, reverse=True)


def plain_letters(words: str) -> str:
    """Returns words without accents and capitals, as `plain_letters` of PostgreSQL does."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", words)).lower()


def _pattern(word: str) -> str:
    runs = "".join(each if each.isalnum() else " " for each in word).split()
    begins = "" if max(map(len, runs)) >= SHORTEST else " "
    return "%" + begins + _SPECIAL.sub(r"\\\1", word) + "%"
