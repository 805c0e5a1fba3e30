"""What a privacy notice may hold."""

import pytest

from domain.privacy.notice_words import (
    LONGEST_TEXT_CHARACTERS,
    PrivacyNoticeRefused,
    read_notice,
)
from schemas.records.privacy import NoticeWords

GOOD = "https://intranet.example/privacy"


@pytest.mark.parametrize(
    "url",
    [
        GOOD,
        "https://intranet.example:8443/a/b?lang=fr&v=2#rights",
        "https://intranet/rgpd",
        "https://xn--bt-mka.example/donn%C3%A9es",
        f"  {GOOD}\n",
        "https://192.0.2.7/notice",
    ],
)
def test_an_address_is_taken(url: str) -> None:
    assert read_notice(url, "", "").url == url.strip()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://intranet.example/privacy", "does not begin with https://"),
        ("HTTPS//intranet.example", "does not begin with https://"),
        ("javascript:alert(1)", "does not begin with https://"),
        ("data:text/html,hello", "does not begin with https://"),
        ("//intranet.example/privacy", "does not begin with https://"),
        ("intranet.example/privacy", "does not begin with https://"),
        ("https://olga:secret@intranet.example/", "a user or a password"),
        ("https://olga@intranet.example/", "a user or a password"),
        ("https://", "names no host"),
        ("https:///privacy", "names no host"),
        ("https://-a.example/", "names no host"),
        ("https://a..example/", "names no host"),
        ("https://intranet.example:99999/", "the address is none"),
        ("https://[::1/", "the address is none"),
        ("https://intranet.example/a b", "a character that none may hold"),
        ('https://intranet.example/"><b>', "a character that none may hold"),
        ("https://intranet.example\\@evil.example/", "a character that none may hold"),
        ("https://données.example/", "a character that none may hold"),
        ("https://intranet.example/\u202eycavirp", "U+202E"),
        ("https://intranet.example/a\u200bb", "U+200B"),
        ("https://intranet.example/a\r\nBcc: x", "U+000D"),
        (f"https://intranet.example/{'a' * 500}", "525 characters"),
    ],
)
def test_an_address_is_refused_in_words_that_say_what_is_allowed(
    url: str, why: str
) -> None:
    with pytest.raises(PrivacyNoticeRefused) as refused:
        read_notice(url, "", "")
    text = str(refused.value)
    assert why in text
    assert "allowed: https" in text or "cannot be seen" in text
    assert "secret" not in text and "evil" not in text


def test_texts_become_one_paragraph_each() -> None:
    words = read_notice("", " We use\nyour hours. ", "Nous utilisons vos heures.")
    assert words == NoticeWords("", "We use your hours.", "Nous utilisons vos heures.")


@pytest.mark.parametrize(
    ("text_en", "text_fr", "why"),
    [
        ("", "", "nothing was given"),
        ("In English.", "", "in one language"),
        ("", "En français.", "in one language"),
        ("x" * (LONGEST_TEXT_CHARACTERS + 1), "y", "601 characters; allowed: 600"),
        ("a\u200bb", "c", "the English text: character 2 is U+200B"),
        ("a", "b\u202ec", "the French text: character 2 is U+202E"),
        ("see http://evil.example", "a", "the English text holds an address"),
    ],
)
def test_a_text_is_refused_in_words(text_en: str, text_fr: str, why: str) -> None:
    with pytest.raises(PrivacyNoticeRefused, match=why.replace("+", r"\+")):
        read_notice("", text_en, text_fr)
