"""The pages of a mentor, a mentee, a delegate and a supervisor, used as they use them."""

from datetime import UTC, datetime

from playwright.async_api import Page, expect

from domain.calls import LONGEST_DELAY
from schemas.events import Volunteered
from schemas.links import Question
from schemas.notices import Template
from schemas.records.access import AccountRole, Grant
from tests.integration.gateway.conftest import Listen, Listening, Site
from tests.integration.gateway.states import (
    held,
    matched,
    played,
    proposed,
    save,
    start_of,
    token,
)


async def go(
    page: Page, site: Site, question: Question, role: str, who: str, **about: object
) -> None:
    await page.goto(f"/q/{token(site, question, role, who, **about)}")


async def test_a_mentor_takes_part_on_a_phone(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await save(site, start_of(site))
    await go(page, site, Question.VOLUNTEER, "mentor", "ANNA")
    await page.get_by_label("lundi, plage 1 : de").fill("09:00")
    await page.get_by_label("lundi, plage 1 : à").fill("12:00")
    await page.get_by_label("J’ai lu la charte").check()
    await page.get_by_role("button", name="Oui, je participe").click()
    await expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    assert await pair.execute_update(Listening.until, 1) == [
        ("volunteered", {"windows": True, "charter": True})
    ]


async def test_a_mentor_who_forgets_the_charter_gets_a_focused_alert(
    page: Page, site: Site
) -> None:
    await save(site, start_of(site))
    await go(page, site, Question.VOLUNTEER, "mentor", "ANNA")
    await page.get_by_role("button", name="Oui, je participe").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_role("alert")).to_contain_text("charte")


async def test_going_back_after_an_answer_sends_nothing_twice(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await save(site, start_of(site))
    await go(page, site, Question.VOLUNTEER, "mentor", "ANNA")
    await page.get_by_role("button", name="Non, merci").click()
    await expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    await page.reload()
    await page.go_back()
    await page.get_by_role("button", name="Non, merci").click()
    await expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    await pair.execute_update(Listening.until, 1)
    assert await site.world.store.inbox.counts() == {"delivered": 1}


async def test_a_mentee_agrees_and_signs_the_charter(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await save(site, matched(site))
    boss = site.world.ids["BOSS"]
    await go(page, site, Question.AGREE, "mentee", "BOSS", mentee=boss)
    await page.get_by_label("J’ai lu la charte").check()
    await page.get_by_role("button", name="Oui, et je signe").click()
    signals_received = await pair.execute_update(Listening.until, 1)
    assert signals_received == [
        ("agreed", {"side": "mentee", "mentee": boss, "charter": True})
    ]


async def test_a_mentee_chooses_another_of_the_offered_times(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    state = proposed(site)
    await save(site, state)
    await go(page, site, Question.ANSWER, "mentee", "BOSS", session=1)
    await page.locator("button[value^='another_time@']").click()
    ((_, answer),) = await pair.execute_update(Listening.until, 1)
    assert state.current
    assert (answer["answer"], answer["start"]) == (
        "another_time",
        state.current.alternatives[0].isoformat(),
    )


async def test_a_delegate_answers_and_sees_the_agenda_alone(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await save(site, proposed(site))
    await go(page, site, Question.ANSWER, "delegate", "ASSISTANT", session=1)
    await expect(page.get_by_role("link")).to_have_count(0)
    await page.get_by_role("button", name="Oui, cela convient").click()
    await expect(page.get_by_role("link")).to_have_count(0)
    ((_, answer),) = await pair.execute_update(Listening.until, 1)
    assert (answer["answer"], answer["side"]) == ("yes", "mentee")


async def test_a_supervisor_signs_off_once_the_rehearsal_is_confirmed(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await save(site, played(start_of(site), Volunteered(windows=True, charter=True)))
    await go(page, site, Question.SIGN_OFF, "supervisor", "COACH")
    await page.get_by_role("button", name="peut commencer").click()
    await expect(page.get_by_role("alert")).to_contain_text("Répétez d’abord")
    await page.get_by_label("Nous avons répété").check()
    await page.get_by_role("button", name="peut commencer").click()
    await expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    assert await pair.query(Listening.received) == [
        ("sign_off", {"rehearsed": True, "by": site.world.ids["COACH"]})
    ]


async def test_a_pulse_is_given_with_the_keyboard(page: Page, site: Site) -> None:
    await save(site, held(site))
    contact = Grant(role=AccountRole.TRUSTED_CONTACT)
    await site.world.store.accounts.add("maud", "Maud Grave", [contact])
    await go(page, site, Question.PULSE, "mentee", "BOSS", session=1)
    await page.get_by_label("3", exact=True).focus()
    await page.keyboard.press("ArrowRight")
    await page.get_by_label("Un commentaire confidentiel").fill("entre nous")
    await page.get_by_role("button", name="Enregistrer").click()
    await expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    given = await site.world.store.answers.pulses_given(
        site.world.pair().workflow_id, site.world.ids["BOSS"]
    )
    assert given == (1,)


async def test_a_mentor_has_the_link_for_help_mailed_from_any_page(
    page: Page, site: Site
) -> None:
    await save(site, proposed(site))
    await go(page, site, Question.ANSWER, "mentor", "ANNA", session=1)
    await expect(page.locator(".help")).to_contain_text("J’ai besoin d’aide")
    await page.get_by_role("button", name="Recevoir mes liens").click()
    await expect(page.get_by_role("status")).to_contain_text("à votre adresse")
    rows = await site.world.store.outbox.lease_due("mail", 50, 60)
    mailed = [r for r in rows if r.notice.template is Template.CURRENT_LINKS]
    assert {row.person.external_id for row in mailed} == {"ANNA"}


async def test_a_mentor_asks_for_help(page: Page, site: Site, listen: Listen) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await save(site, proposed(site))
    await go(page, site, Question.HELP, "mentor", "ANNA")
    await page.get_by_role("button", name="Oui, que quelqu’un m’appelle").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await site.gateway.dispatcher.once(
        datetime.now(UTC) + LONGEST_DELAY
    )  # the pair hears of it within the hour
    ((name, payload),) = await pair.execute_update(Listening.until, 1)
    assert (name, set(payload)) == ("concern_raised", {"concern"})


async def test_somebody_reads_what_is_held_about_them_and_keeps_it_as_a_file(
    page: Page, site: Site
) -> None:
    await save(site, held(site))
    boss = await site.world.store.people.find(site.world.ids["BOSS"])
    assert boss
    await page.goto(site.gateway.links.my_data_url(boss))
    await expect(page.get_by_text("boss@example.org")).to_have_count(0)
    await page.get_by_role("button", name="Afficher ici").click()
    await expect(page.get_by_role("cell", name="boss@example.org")).to_be_visible()
    wide = await page.evaluate(
        "document.documentElement.scrollWidth > window.innerWidth"
    )
    assert not wide
    async with page.expect_download() as given:
        await page.get_by_role("button", name="JSON").click()
    assert (await given.value).suggested_filename == "my-data.json"


async def test_no_page_is_wider_than_a_phone_and_every_field_has_a_name(
    page: Page, site: Site
) -> None:
    await save(site, start_of(site))
    await go(page, site, Question.VOLUNTEER, "mentor", "ANNA")
    wide = await page.evaluate(
        "document.documentElement.scrollWidth > window.innerWidth"
    )
    nameless = await page.evaluate(
        "[...document.querySelectorAll('input, textarea')].filter(f => !f.labels?.length && !f.ariaLabel).length"
    )
    assert (wide, nameless) == (False, 0)
