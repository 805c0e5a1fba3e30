"""HR set the privacy notice on the console, and see who has none."""

import re
from html import unescape

import pytest

from schemas.records.access import AccountRole, Grant
from schemas.records.privacy import InformedBy, NoticeWords
from tests.support.lives import MENTEE, MENTOR
from tests.unit.gateway.console.programmes import running
from tests.unit.gateway.factories import House, house

URL = "https://intranet.example/privacy"
PLACES = {
    "/privacy": (None, None),
    "/programmes/demo/privacy": ("demo", None),
    "/programmes/demo/regions/ouest/privacy": ("demo", "ouest"),
}


@pytest.mark.parametrize("path", PLACES)
async def test_a_notice_that_is_typed_is_set(at_home: House, path: str) -> None:
    running(at_home)
    form = {"url": f" {URL} ", "text_en": "Ours.", "text_fr": "Le nôtre."}
    answer = await at_home.browser.post(path, data=form, follow_redirects=True)
    assert (answer.status_code, "It is set." in answer.text) == (200, True)
    (notice,) = at_home.store.privacy_notices.notices
    assert (notice.programme, notice.region) == PLACES[path]
    assert notice.words == NoticeWords(URL, "Ours.", "Le nôtre.")
    (decided,) = at_home.store.access_trail.decided
    assert decided[2] == "set_privacy_notice"


async def test_what_is_wrong_is_said_and_what_was_typed_stays(at_home: House) -> None:
    running(at_home)
    form = {"url": "http://intranet.example", "text_en": "<b>Ours", "text_fr": "N"}
    answer = await at_home.browser.post("/programmes/demo/privacy", data=form)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "does not begin with https://; allowed: https, a host" in page
    assert 'value="http://intranet.example"' in page
    assert "&lt;b&gt;Ours" in answer.text
    assert not at_home.store.privacy_notices.notices
    assert not at_home.store.access_trail.decided


async def test_an_empty_form_takes_it_back(at_home: House) -> None:
    running(at_home)
    await at_home.store.privacy_notices.show(
        "demo", "ouest", NoticeWords(URL), "command"
    )
    path = "/programmes/demo/regions/ouest/privacy"
    answer = await at_home.browser.post(path, data={"url": ""}, follow_redirects=True)
    assert "It is taken back." in answer.text
    assert not at_home.store.privacy_notices.notices


async def test_the_programme_names_regions_without_one(at_home: House) -> None:
    running(at_home)
    await at_home.store.privacy_notices.show(
        "demo", "ouest", NoticeWords(URL), "command"
    )
    page = (await at_home.browser.get("/programmes/demo")).text
    assert "People of comex read no privacy notice" in page
    await at_home.store.privacy_notices.show(None, None, NoticeWords(URL), "command")
    page = (await at_home.browser.get("/programmes/demo")).text
    assert "read no privacy notice" not in page and "of all programmes" in page


async def test_whoever_runs_one_region_sets_its_notice_alone() -> None:
    grant = Grant(role=AccountRole.PROGRAMME_MANAGER, programme="demo", region="ouest")
    async with house(grants=(grant,)) as made:
        running(made)
        answers = {
            path: (await made.browser.post(path, data={"url": URL})).status_code
            for path in PLACES
        }
        region = (await made.browser.get("/programmes/demo/regions/ouest")).text
    assert list(answers.values()) == [403, 403, 303]
    assert 'href="/programmes/demo/regions/ouest/privacy"' in region


async def test_a_notice_says_how_many_people_were_shown_it(at_home: House) -> None:
    running(at_home)
    notices = at_home.store.privacy_notices
    await notices.show(None, None, NoticeWords(URL), "command")
    for who in (MENTOR, MENTEE):
        await notices.note_informed(who, 1, InformedBy.MAIL)
    await notices.note_informed(MENTOR, 1, InformedBy.PAGE)
    page = (await at_home.browser.get("/privacy")).text
    assert "to 2 people in a mail" in page and "1 person answered" in page


async def test_an_unknown_programme_is_not_found(at_home: House) -> None:
    answer = await at_home.browser.post("/programmes/nope/privacy", data={"url": URL})
    assert answer.status_code == 404
    assert not at_home.store.privacy_notices.notices


async def test_every_button_of_a_programme_leads_to_a_page_that_is_there(
    at_home: House,
) -> None:
    """The button of a need once led nowhere."""
    running(at_home)
    page = (await at_home.browser.get("/programmes/demo")).text
    paths = set(re.findall(r'(?:form)?action="([^"]+)"', page))
    assert any(path.endswith("/tick_need") for path in paths)
    for path in paths - {"/sign-out"}:
        answer = await at_home.browser.post(path, data={"need": "notice"})
        assert answer.status_code != 404, path
