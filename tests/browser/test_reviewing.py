"""Ops review matches in a browser: every decision is a button, with or without scripts."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from schemas.cohort import MatchDecision
from schemas.matches.matching import MatchReason, RuleGain, UnmatchedPerson
from tests.integration.gateway.conftest import Listen, Listening, Site
from tests.support.accounts import COOKIE
from tests.support.world import COMEX

PATH = f"/cohorts/{COMEX.workflow_id}/matches"
WHY = (
    MatchReason(rule="topics", value=1, items=("ai_tools", "social_media")),
    MatchReason(rule="common_hours", value=6),
    MatchReason(rule="levels_apart", value=4),
)


@pytest.fixture
async def reviewed(site: Site) -> Site:
    """Two runs: BRUNO had the BOSS before; nothing is decided but a ban."""
    world = site.world
    for mentor in ("ANNA", "BRUNO"):
        await world.ready(mentor)
    left = [
        UnmatchedPerson(
            person=world.ids["CFO"],
            side="mentee",
            reasons=(MatchReason(rule="too_few_levels", value=2),),
        )
    ]
    gains = [RuleGain(rule="too_few_levels", more_people=1)]
    await world.store.matches.save_run(
        COMEX, [world.proposal("BRUNO", "BOSS", score=0.61)], left, gains
    )
    proposals = [
        world.proposal("ANNA", "BOSS", score=0.83),
        world.proposal("BRUNO", "CFO", score=0.64),
    ]
    await world.store.matches.save_run(
        COMEX, [p.model_copy(update={"reasons": WHY}) for p in proposals], [], gains
    )
    return site


@pytest.fixture
async def plain(chromium: Browser, site: Site) -> AsyncIterator[Page]:
    """A desktop that runs no script."""
    context = await chromium.new_context(
        viewport={"width": 1280, "height": 900},
        base_url=site.gateway.options.public_url,
        java_script_enabled=False,
    )
    cookie = site.browser.cookies[COOKIE]
    await context.add_cookies(
        [{"name": COOKIE, "value": cookie, "url": site.gateway.options.public_url}]
    )
    yield await context.new_page()
    await context.close()


async def test_a_match_is_approved_pinned_and_swapped_without_scripts(
    plain: Page, reviewed: Site, listen: Listen
) -> None:
    cohort = await listen(COMEX.workflow_id)
    ids = {
        m.mentee: m.id for m in (await reviewed.world.store.reviews.find(COMEX)).matches
    }
    await plain.goto(PATH)
    await plain.get_by_role(
        "button", name="Approve Name of ANNA and Name of BOSS"
    ).click()
    await expect(plain.get_by_role("status")).to_contain_text(
        "Approved; both sides are asked to agree."
    )
    await plain.get_by_role("button", name="Pin Name of BRUNO and Name of CFO").click()
    await expect(plain.get_by_role("status")).to_contain_text("Pinned")
    for box in await plain.get_by_role("checkbox").all():
        await box.check()
    await plain.get_by_role("button", name="Swap the mentees").click()
    await expect(plain.get_by_role("status")).to_contain_text("Exchanged")
    seen = {"run": 2, "revision": 0, "by": await reviewed.actor()}
    boss, cfo = (reviewed.world.ids[name] for name in ("BOSS", "CFO"))
    assert [payload for _, payload in await cohort.query(Listening.received)] == [
        {"approve": [ids[boss]], **seen},
        {"pin": [{"mentor": reviewed.world.ids["BRUNO"], "mentee": cfo}], **seen},
        {"swap": [{"one": ids[boss], "other": ids[cfo]}], **seen},
    ]


async def test_two_people_are_chosen_and_kept_apart(
    plain: Page, reviewed: Site, listen: Listen
) -> None:
    cohort = await listen(COMEX.workflow_id)
    await plain.goto(PATH)
    await plain.get_by_role("button", name="Keep these two apart").click()
    await expect(plain.get_by_role("alert")).to_contain_text(
        "Choose a mentor and a mentee."
    )
    await plain.get_by_label("Mentor").select_option(label="Name of ANNA")
    await plain.get_by_label("Mentee").select_option(label="Name of CFO")
    await plain.get_by_role("button", name="Keep these two apart").click()
    await expect(plain.get_by_role("status")).to_contain_text("kept apart")
    ((_, payload),) = await cohort.query(Listening.received)
    assert payload["ban"] == [
        {"mentor": reviewed.world.ids["ANNA"], "mentee": reviewed.world.ids["CFO"]}
    ]


async def test_pressing_enter_on_a_tick_decides_nothing(
    page: Page, reviewed: Site, listen: Listen
) -> None:
    cohort = await listen(COMEX.workflow_id)
    await page.goto(PATH)
    async with page.expect_navigation():
        await page.get_by_role("checkbox").first.press("Enter")
    assert await cohort.query(Listening.received) == []


async def test_the_review_shows_what_changed_and_fits_a_phone(
    page: Page, reviewed: Site
) -> None:
    ban = MatchDecision.model_validate(
        {
            "ban": [
                {
                    "mentor": reviewed.world.ids["ANNA"],
                    "mentee": reviewed.world.ids["CFO"],
                }
            ],
            "by": "console",
        }
    )
    await reviewed.world.store.reviews.decide(COMEX, ban)
    await page.goto(PATH)
    changed = page.locator("section").filter(has_text="What changed since run 1")
    await expect(
        changed.get_by_role("row").filter(has_text="Name of BOSS")
    ).to_contain_text("Name of ANNA (83)")
    await expect(
        page.get_by_role("button", name="Take it back: Name of ANNA and Name of CFO")
    ).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
