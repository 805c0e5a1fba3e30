"""The pages of a mentor, a mentee, a delegate and a supervisor, reached from their mails; and what comes of them."""

from collections.abc import Callable

from playwright.async_api import Page, expect

from schemas.links import Question
from schemas.pair import PairState
from schemas.stages import SessionStatus, Stage
from tests.browser.stack.conftest import Live
from tests.support.waiting import until


async def becomes(
    live: Live, pair: str, wanted: Callable[[PairState], object], what: str
) -> None:
    """Wait until the pair's workflow says so of itself."""

    async def seen() -> bool:
        return bool(wanted(await live.state(pair)))

    await until(seen, what)


async def test_a_mentor_volunteers_with_hours_and_charter(
    page: Page, live: Live
) -> None:
    asked = await live.post.question("mentor.lille", Question.VOLUNTEER)
    await page.goto(asked.url)
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Would you like to coach an executive?"
    )
    await page.get_by_label("Wednesday, window 1: from").fill("10:30")
    await page.get_by_label("I have read the charter").check()
    await page.get_by_role("button", name="Yes, I take part").click()
    await expect(page.get_by_role("status")).to_contain_text("You take part.")
    await becomes(
        live,
        asked.link.pair,
        lambda s: s.gate.volunteered and s.gate.charter,
        "a mentor who takes part",
    )
    await page.get_by_role("button", name="Mail me my current links").click()
    await expect(page.get_by_role("status")).to_contain_text("to your address")
    await page.goto((await live.post.question("mentor.lille", Question.MODULES)).url)
    await expect(
        page.get_by_role("listitem").filter(has_text="You take part")
    ).to_contain_text("done")
    await page.goto(f"/people?region={asked.link.pair.split(':')[2]}")
    await expect(
        page.get_by_role("row").filter(has_text="Mentor de Lille")
    ).to_contain_text("10")


async def test_a_mentor_who_asks_for_help_has_the_supervisor_called(
    page: Page, live: Live
) -> None:
    asked = await live.post.question("mentor.lille", Question.HELP)
    await page.goto(asked.url)
    await page.get_by_role("button", name="Yes, please have somebody call me").click()
    await expect(page.get_by_role("status")).to_contain_text("asked to call you")
    called = await live.post.question("coach.lille", Question.CHECK_IN)
    assert (called.link.pair, (await live.state(asked.link.pair)).concern_open) == (
        asked.link.pair,
        True,
    )


async def test_a_supervisor_signs_off_once_the_rehearsal_is_confirmed(
    page: Page, live: Live
) -> None:
    asked = await live.post.question("coach.nice", Question.SIGN_OFF)
    await page.goto(asked.url)
    ready = page.get_by_role("button", name="Oui, Mentor de Nice peut commencer")
    await ready.click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label("Nous avons répété").check()
    await ready.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    state = await live.state(asked.link.pair)
    assert (state.gate.signed_off, state.stage) == (True, Stage.MATCHING)


async def test_a_supervisor_says_after_a_call_that_all_is_well(
    page: Page, live: Live
) -> None:
    asked = await live.post.question("coach.metz", Question.CHECK_IN)
    await page.goto(asked.url)
    await page.get_by_role("button", name="tout va bien").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    await becomes(
        live, asked.link.pair, lambda s: s.checked == asked.link.check, "a check-in"
    )


async def test_a_mentee_agrees_with_the_charter_and_chooses_a_time(
    page: Page, live: Live
) -> None:
    asked = await live.post.question("mentee.brest", Question.AGREE)
    await page.goto(asked.url)
    agree = page.get_by_role("button", name="Oui, et je signe la charte")
    await agree.click()
    await expect(page.get_by_role("alert")).to_contain_text("charte")
    await page.get_by_label("J’ai lu la charte").check()
    await agree.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    await page.goto((await live.post.question("mentee.brest", Question.ANSWER)).url)
    other = page.locator("button[value^='another_time@']").first
    chosen = str(await other.get_attribute("value")).partition("@")[2]
    await other.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    await becomes(
        live,
        asked.link.pair,
        lambda s: agreed_at(s) == chosen,
        "the time that was chosen",
    )


def agreed_at(state: PairState) -> str | None:
    """When the next session is, if both know it."""
    session = state.current
    agreed = (
        session is not None and session.status is SessionStatus.AGREED and session.start
    )
    return session.start.isoformat() if session and session.start and agreed else None


async def test_a_pulse_that_changes_nothing_for_its_pair_stays_in_postgresql(
    page: Page, live: Live
) -> None:
    asked = await live.post.question("mentee.metz", Question.PULSE)
    await page.goto(asked.url)
    await page.get_by_label("4", exact=True).check()
    await page.get_by_label("Une idée que vous aimeriez partager").fill(
        "Je me suis senti écouté"
    )
    await page.get_by_role("button", name="Enregistrer").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    await page.goto(asked.url)
    await expect(page.get_by_label("4", exact=True)).to_have_count(0)
    metz = await live.region("metz")
    assert (metz["answers"], metz["mean_pulse"]) == (0, None)
    state = await live.state(asked.link.pair)
    assert not state.pulses
    assert "écouté" not in state.model_dump_json()


async def test_a_delegate_answers_for_the_mentee_and_sees_nothing_else(
    page: Page, live: Live
) -> None:
    await live.others.answer(await live.post.question("mentee.dijon", Question.AGREE))
    asked = await live.post.question("delegate.dijon", Question.ANSWER)
    await page.goto(asked.url)
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Un rendez\u2011vous pour Mentee de Dijon"
    )
    await expect(page.get_by_role("link")).to_have_count(0)
    await page.get_by_role("button", name="Oui, cela convient").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    await expect(page.get_by_role("link")).to_have_count(0)
    await becomes(live, asked.link.pair, agreed_at, "a time that is agreed")
