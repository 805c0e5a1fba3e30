"""Pages over the real lifecycle's states in PostgreSQL, and decisions at a real workflow."""

import httpx

from domain.pair.advance import advance
from schemas.events import ModuleCompleted, Volunteered
from schemas.links import Question
from tests.integration.gateway.conftest import Listen, Listening, Site
from tests.integration.gateway.states import matched, save, start_of, token
from tests.support.world import file, line


def path(site: Site, question: Question, role: str, who: str, **about: object) -> str:
    return f"/q/{token(site, question, role, who, **about)}"


async def press(site: Site, where: str, **form: str) -> httpx.Response:
    return await site.browser.post(where, data=form, follow_redirects=True)


async def test_a_mentor_volunteers_and_their_windows_are_kept(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await save(site, start_of(site))
    form = {
        "action": "volunteer",
        "charter": "yes",
        "from-1-0": "09:00",
        "to-1-0": "11:00",
    }
    answer = await press(site, path(site, Question.VOLUNTEER, "mentor", "ANNA"), **form)
    await site.gateway.dispatcher.once(site.gateway.now())
    assert "Merci" in answer.text
    assert await pair.query(Listening.received) == [
        ("volunteered", {"windows": True, "charter": True})
    ]
    person = await site.world.store.people.find(site.world.ids["ANNA"])
    assert person and [(w.day, w.start, w.end) for w in person.windows] == [
        (1, 540, 660)
    ]


async def test_a_sign_off_is_decided_by_the_workflow_and_its_refusal_shown(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    state = advance(start_of(site), Volunteered(), site.world.plan.starts_at).state
    await save(
        site, advance(state, ModuleCompleted(module="listening"), state.now).state
    )
    where = path(site, Question.SIGN_OFF, "supervisor", "COACH")
    refused = await press(site, where, ready="yes")
    agreed = await press(site, where, ready="yes", rehearsed="yes")
    assert (refused.status_code, "Répétez d’abord" in refused.text) == (409, True)
    assert (agreed.status_code, await pair.query(Listening.received)) == (
        200,
        [("sign_off", {"rehearsed": True, "by": site.world.ids["COACH"]})],
    )


async def test_a_sign_off_of_a_pair_without_a_run_can_be_tried_again(
    site: Site,
) -> None:
    await save(site, start_of(site))
    answer = await press(
        site,
        path(site, Question.SIGN_OFF, "supervisor", "COACH"),
        ready="yes",
        rehearsed="yes",
    )
    assert answer.status_code == 503


async def test_the_mentee_of_the_match_is_asked_and_nobody_else(site: Site) -> None:
    await save(site, matched(site))
    boss, cfo = site.world.ids["BOSS"], site.world.ids["CFO"]
    asked = await site.browser.get(
        path(site, Question.AGREE, "mentee", "BOSS", mentee=boss)
    )
    other = await site.browser.get(
        path(site, Question.AGREE, "mentee", "CFO", mentee=cfo)
    )
    assert ("Name of ANNA" in asked.text, "Name of ANNA" in other.text) == (True, False)


async def test_the_console_shows_the_real_programme(site: Site) -> None:
    cohort, pair = (
        "/cohorts/cohort:pilot:comex:1",
        f"/pairs/{site.world.pair().workflow_id}",
    )
    pages = [
        "/",
        "/programmes/pilot",
        cohort,
        f"{cohort}/matches",
        pair,
        "/people?region=idf",
        "/refused",
        "/metrics",
    ]
    answers = {page: await site.browser.get(page) for page in pages}
    assert {
        page: answer.status_code for page, answer in answers.items()
    } == dict.fromkeys(pages, 200)
    assert (
        "Name of ANNA" in answers[cohort].text
        and "Name of BRUNO" in answers["/people?region=idf"].text
    )


async def test_people_are_imported_from_the_console(
    site: Site, import_worker: None
) -> None:
    upload = {"file": ("people.csv", file(line("NEW", roles="mentee")))}
    page = (
        await site.browser.post("/people/preview", files=upload, follow_redirects=True)
    ).text
    name = page.partition('name="upload" value="')[2].partition('"')[0]
    await site.browser.post("/people/import", data={"upload": name})
    assert await site.world.store.people.find_external("NEW") is not None
