"""The organisation's privacy notice on participants' pages."""

import pytest

from schemas.links import Question
from schemas.people import Person
from schemas.records.privacy import InformedBy, NoticeWords
from schemas.time.clock import Clock
from tests.support.lives import MENTEE, MENTOR
from tests.unit.gateway.factories import House, matched
from tests.unit.gateway.pages.pressing import GATE_OPEN, fresh, press

URL = "https://intranet.example/privacy"
WORDS = NoticeWords(URL, "We use <your> hours.", "Nous utilisons <vos> heures.")
ABOVE = {"en": "About your personal data", "fr": "Vos données personnelles"}
FOOT = {
    "en": "Privacy notice of your organisation</a>",
    "fr": "sur vos données personnelles</a>",
}


def speaks(house: House, locale: str, person: str = MENTOR) -> Person:
    found = house.store.people.persons[person].model_copy(update={"locale": locale})
    house.store.people.persons[person] = found
    return found


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_the_first_page_has_the_notice_above_the_question_and_at_its_foot(
    at_home: House, locale: str
) -> None:
    at_home.put(fresh())
    speaks(at_home, locale)
    await at_home.store.privacy_notices.show("demo", "comex", WORDS, "command")
    page = (await at_home.browser.get(at_home.link(Question.VOLUNTEER))).text
    assert ABOVE[locale] in page and FOOT[locale] in page
    assert page.index(ABOVE[locale]) < page.index("<form")
    assert f'href="{URL}" rel="noopener noreferrer"' in page
    text = WORDS.text_fr if locale == "fr" else WORDS.text_en
    assert text.replace("<", "&lt;").replace(">", "&gt;") in page


def in_earnest(house: House) -> None:
    """The pair is none of a rehearsal, as a house's own clock has it."""
    house.put(fresh())
    now = fresh().now
    house.store.programmes.one_clock = Clock(programme_epoch=now, wall_epoch=now)


async def test_after_an_answer_it_is_a_link_at_the_foot(at_home: House) -> None:
    in_earnest(at_home)
    await at_home.store.privacy_notices.show(None, None, WORDS, "command")
    path = at_home.link(Question.VOLUNTEER)
    assert (await press(at_home, path, **GATE_OPEN)).status_code == 303
    page = (await at_home.browser.get(path)).text
    assert ABOVE["en"] not in page and FOOT["en"] in page


async def test_opening_a_page_informs_nobody(at_home: House) -> None:
    """A mail scanner opens links too."""
    at_home.put(fresh())
    await at_home.store.privacy_notices.show(None, None, WORDS, "command")
    for _ in range(2):
        page = await at_home.browser.get(at_home.link(Question.VOLUNTEER))
        assert ABOVE["en"] in page.text
    assert at_home.store.privacy_notices.known == set()
    await press(at_home, at_home.link(Question.VOLUNTEER), action="volunteer")
    assert at_home.store.privacy_notices.known == set(), "the form was not complete"


async def test_an_answer_in_a_rehearsal_informs_nobody(at_home: House) -> None:
    at_home.put(fresh())
    await at_home.store.privacy_notices.show(None, None, WORDS, "command")
    answer = await press(at_home, at_home.link(Question.VOLUNTEER), **GATE_OPEN)
    assert answer.status_code == 303
    assert at_home.store.privacy_notices.known == set()


async def test_who_answered_under_which_notice_is_kept(at_home: House) -> None:
    in_earnest(at_home)
    await at_home.store.privacy_notices.show(None, None, WORDS, "command")
    await press(at_home, at_home.link(Question.VOLUNTEER), **GATE_OPEN)
    (known,) = at_home.store.privacy_notices.known
    assert known == ((MENTOR, 1), InformedBy.PAGE)


async def test_a_closed_page_has_it_at_the_foot_alone(at_home: House) -> None:
    at_home.put(fresh())
    await at_home.store.privacy_notices.show(None, None, WORDS, "command")
    path = at_home.link(Question.HELD, session=1)
    page = (await at_home.browser.get(path)).text
    assert ABOVE["en"] not in page and FOOT["en"] in page


async def test_a_text_without_an_address_can_be_opened_at_the_foot(
    at_home: House,
) -> None:
    at_home.put(matched())
    words = WORDS._replace(url="")
    await at_home.store.privacy_notices.show(None, None, words, "command")
    link = at_home.link(Question.AGREE, "mentee", MENTEE, mentee=MENTEE)
    page = (await at_home.browser.get(link)).text
    assert page.count("We use &lt;your&gt; hours.") == 2
    assert "<summary>Privacy notice of your organisation</summary>" in page


async def test_without_a_notice_no_page_speaks_of_one(at_home: House) -> None:
    at_home.put(fresh())
    page = (await at_home.browser.get(at_home.link(Question.VOLUNTEER))).text
    assert "rivacy" not in page and ABOVE["en"] not in page
