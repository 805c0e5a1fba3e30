"""What a privacy notice may hold. It goes to everybody, so a wrong address is refused."""

import re
from urllib.parse import urlsplit

from schemas.records.privacy import NoticeWords
from schemas.wording.hidden_characters import find_hidden

LONGEST_URL_CHARACTERS = 500
"""What mail programs and browsers carry whole, and somebody can still copy."""
LONGEST_TEXT_CHARACTERS = 600
"""Some four sentences: it stands in mails and above a question. The rest is at the address."""
URL_ALLOWED = (
    "https, a host, no user or password, at most"
    f" {LONGEST_URL_CHARACTERS} letters, digits and signs of ASCII, as a browser's"
    " address bar copies it; such as https://intranet.example/privacy"
)
_URL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?)*"
)


class PrivacyNoticeRefused(ValueError):
    """A privacy notice that may not be set; the message says what is allowed."""


def read_notice(url: str, text_en: str, text_fr: str) -> NoticeWords:
    """Read what somebody typed.

    Raises:
        PrivacyNoticeRefused: something is wrong with it.
    """
    words = NoticeWords(
        url.strip(),
        _text("the English text", text_en),
        _text("the French text", text_fr),
    )
    if not any(words):
        raise PrivacyNoticeRefused(
            "nothing was given; allowed: an address, a text in both languages, or both"
        )
    if bool(words.text_en) is not bool(words.text_fr):
        raise PrivacyNoticeRefused(
            "the text is there in one language; allowed: in English and French, or none"
            " with an address, since people read mails in either"
        )
    if words.url:
        _check_url(words.url)
    return words


def _text(name: str, typed: str) -> str:
    """Returns a text of one paragraph."""
    text = " ".join(typed.split())
    if len(text) > LONGEST_TEXT_CHARACTERS:
        raise PrivacyNoticeRefused(
            f"{name} has {len(text)} characters; allowed: {LONGEST_TEXT_CHARACTERS}."
            " Put the rest where the address leads"
        )
    if (hidden := find_hidden(text)) is not None:
        raise PrivacyNoticeRefused(f"{name}: {hidden}")
    if "://" in text:
        raise PrivacyNoticeRefused(
            f"{name} holds an address; give that in the field for the address, where it"
            " is checked"
        )
    return text


def _check_url(url: str) -> None:
    if len(url) > LONGEST_URL_CHARACTERS:
        raise _wrong(f"the address has {len(url)} characters")
    if (hidden := find_hidden(url)) is not None:
        raise PrivacyNoticeRefused(f"the address: {hidden}")
    if not _URL.fullmatch(url):
        raise _wrong("the address holds a character that none may hold")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _wrong("the address is none") from None
    if parts.scheme != "https":
        raise _wrong("the address does not begin with https://")
    if "@" in parts.netloc:
        raise _wrong("the address holds a user or a password")
    if not _HOST.fullmatch(parts.hostname or ""):
        raise _wrong("the address names no host")


def _wrong(what: str) -> PrivacyNoticeRefused:
    return PrivacyNoticeRefused(f"{what}; allowed: {URL_ALLOWED}")
