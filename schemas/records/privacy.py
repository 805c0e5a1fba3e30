"""The organisation's privacy notices, as PostgreSQL keeps them."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from schemas.base import LenientModel
from schemas.ids import Code


class NoticeWords(NamedTuple):
    """What a privacy notice says: an address, a text in both languages, or both."""

    url: str = ""
    """Where the whole notice is; empty: nowhere."""
    text_en: str = ""
    text_fr: str = ""


class PrivacyNotice(LenientModel):
    """What people of a region read about their personal data, by their organisation."""

    id: int
    programme: Code | None = None
    """None: all programmes."""
    region: Code | None = None
    """None: all regions; people are of the region of the people file."""
    url: str = ""
    text_en: str = ""
    text_fr: str = ""
    set_at: datetime
    """Wall time."""
    set_by: str
    """An account, or `command`."""

    @property
    def words(self) -> NoticeWords:
        return NoticeWords(self.url, self.text_en, self.text_fr)

    def text(self, locale: str) -> str:
        """Returns the text in a language; empty where the notice is an address alone."""
        return self.text_fr if locale == "fr" else self.text_en


class Informed(NamedTuple):
    """Somebody who was shown a privacy notice in whole."""

    person: str
    notice: int


class InformedBy(StrEnum):
    """How somebody was shown it."""

    MAIL = "mail"
    PAGE = "page"
