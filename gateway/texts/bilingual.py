"""A text in the languages that people of a programme read."""

from typing import NamedTuple

Locale = str
"""A language of texts: en or fr."""


class BilingualText(NamedTuple):
    """One text in both languages, with names in braces to be filled in."""

    en: str
    fr: str

    def in_locale(self, locale: Locale) -> str:
        return self.fr if locale == "fr" else self.en
