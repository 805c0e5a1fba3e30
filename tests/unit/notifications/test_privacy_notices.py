"""The organisation's privacy notice in mails: in whole in the first, at the foot of the others."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest

from schemas.notices import Recipient, Template
from schemas.records.outbox import OutboxRow
from schemas.records.privacy import PrivacyNotice
from tests.support.notices import NOW, fast, person, row
from tests.support.notices import notice as notice_of
from tests.unit.notifications.rounds import Rounds, rounds

URL = "https://intranet.example/privacy?region=comex&lang=en"
TEXTS = {
    "text_en": "Firm <Ltd> uses your hours & name for a year.",
    "text_fr": "Firm utilise vos heures et votre nom un an.",
}
LEAD = {"en": "what your rights are", "fr": "quels sont vos droits"}
FOOT = {
    "en": "Privacy notice of your organisation:",
    "fr": "Notice d’information de votre organisation",
}


def notice(**fields: Any) -> PrivacyNotice:
    return PrivacyNotice(**{"id": 1, "set_at": NOW, "set_by": "command", **fields})


def told(*rows: OutboxRow, **fields: Any) -> Rounds:
    """Rounds of delivery with a notice for everybody."""
    found = rounds(*rows)
    found.privacy.notices.append(notice(**fields))
    return found


def to(locale: str, number: int, **changes: Any) -> OutboxRow:
    """Two mails to one person: the second becomes due a minute later."""
    due = NOW + timedelta(minutes=number)
    who = person(locale=locale)
    return row(**{"id": str(number), "person": who, "due": due, **changes})


def parts(found: Rounds, number: int) -> tuple[str, str]:
    """The plain text, without line breaks, and the HTML of a mail."""
    message = message_from_bytes(found.sender.mails[number].data, policy=modern)
    assert isinstance(message, EmailMessage)
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None and html is not None
    return " ".join(plain.get_content().split()), html.get_content()


async def both_sent(found: Rounds) -> None:
    await found.round()
    found.clock.now += timedelta(minutes=5)
    await found.round()
    assert len(found.sender.mails) == 2


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_the_first_mail_says_it_in_a_sentence_and_later_ones_at_the_foot(
    locale: str,
) -> None:
    found = told(to(locale, 0), to(locale, 1), url=URL)
    await both_sent(found)
    for part in parts(found, 0):
        assert LEAD[locale] in part and FOOT[locale] not in part
    for part in parts(found, 1):
        assert LEAD[locale] not in part and FOOT[locale] in part
    for number in (0, 1):
        plain, html = parts(found, number)
        assert f" {URL} " in plain
        assert f'href="{URL.replace("&", "&amp;")}"' in html


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_a_notice_without_an_address_stands_in_every_mail(locale: str) -> None:
    found = told(to(locale, 0), to(locale, 1), **TEXTS)
    await both_sent(found)
    text = TEXTS[f"text_{locale}"]
    for number in (0, 1):
        plain, html = parts(found, number)
        assert text in plain
        assert (
            text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in html
        )


async def test_a_text_with_an_address_stands_in_the_first_mail_alone() -> None:
    found = told(to("en", 0), to("en", 1), url=URL, **TEXTS)
    await both_sent(found)
    assert [TEXTS["text_en"] in parts(found, n)[0] for n in (0, 1)] == [True, False]
    assert "says more:" in parts(found, 0)[0]


async def test_another_version_is_said_in_whole_again() -> None:
    found = told(to("en", 0), to("en", 1), url=URL)
    await found.round()
    found.privacy.notices[:] = [notice(id=2, url="https://intranet.example/new")]
    found.clock.now += timedelta(minutes=5)
    await found.round()
    assert LEAD["en"] in parts(found, 1)[0]
    assert "/new" in parts(found, 1)[0]


async def test_a_mail_that_was_not_sent_has_informed_nobody() -> None:
    found = told(to("en", 0), url=URL)
    found.sender.error = OSError()
    await found.round()
    assert found.privacy.known == set()


async def test_a_mail_to_a_former_address_informs_nobody_and_has_the_foot() -> None:
    former = row(Template.ADDRESS_CHANGED, Recipient.FORMER_ADDRESS)
    found = told(former, url=URL)
    await found.round()
    assert FOOT["en"] in parts(found, 0)[0]
    assert found.privacy.known == set()


async def test_of_several_mails_at_once_one_says_it() -> None:
    template = Template.SESSION_PROPOSED  # has a mail of its own
    found = told(to("en", 0), to("en", 0, id="2", notice=notice_of(template)), url=URL)
    await found.round()
    said = [LEAD["en"] in parts(found, number)[0] for number in (0, 1)]
    assert sorted(said) == [False, True]


async def test_a_rehearsal_shows_both_and_informs_nobody() -> None:
    """Its mails go to the catcher; the people are those of the programmes in earnest."""
    clock = fast(2)
    found = told(to("en", 0, clock=clock), to("en", 1, clock=clock), url=URL)
    await both_sent(found)
    assert LEAD["en"] in parts(found, 0)[0] and FOOT["en"] in parts(found, 1)[0]
    assert found.privacy.known == set()


async def test_people_read_that_of_their_own_region() -> None:
    found = rounds(to("en", 0, person=person(region="idf")))
    found.privacy.notices += [
        notice(id=1, programme="mentorat-2027", region="comex", url=f"{URL}1"),
        notice(id=2, programme="mentorat-2027", region="idf", url=f"{URL}2"),
    ]
    await found.round()
    plain, _ = parts(found, 0)
    assert f"{URL}2" in plain and f"{URL}1" not in plain


async def test_without_a_notice_no_mail_speaks_of_one() -> None:
    found = rounds(to("en", 0))
    await found.round()
    for part in parts(found, 0):
        assert "personal data" not in part and "rivacy" not in part
