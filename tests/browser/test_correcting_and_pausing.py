"""Ops in a browser: a refused message corrected and sent again, and pauses."""

from datetime import UTC, datetime

from playwright.async_api import Page, expect

from tests.integration.gateway.conftest import Listen, Listening, Site
from tests.support.world import COMEX


async def test_a_refused_message_is_corrected_and_sent_again(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await site.world.store.refused_messages.add(
        pair.id, "helt", "unknown signal", datetime.now(UTC)
    )
    await page.goto("/refused")
    await page.get_by_role("link", name="Correct and send again").click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("held")
    await page.get_by_label("JSON").fill('{"session": 0}')
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text(
        "session: out of range; allowed: from 1 to 999"
    )
    await page.get_by_label("JSON").fill('{"session": 2}')
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status")).to_contain_text("It is sent again")
    assert await pair.query(Listening.received) == [("held", {"session": 2})]
    await page.get_by_role("link", name="sent again").click()
    await expect(page.get_by_role("row").filter(has_text="helt")).to_contain_text(
        "by Olga Roy"
    )


async def test_a_pair_is_paused_with_a_reason_and_a_refusal_is_shown(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await site.world.matched()
    await page.goto(f"/pairs/{pair.id}")
    await page.get_by_text("Pause this pair").first.click()
    await expect(page.get_by_text("nothing comes all at once")).to_be_visible()
    await page.get_by_label("Reason").select_option("holidays")
    await page.get_by_role("button", name="Pause this pair").click()
    await expect(page.get_by_role("status")).to_contain_text("Paused")
    assert await pair.query(Listening.received) == [
        ("pause", {"reason": "holidays", "by": await site.actor()})
    ]


async def test_what_is_paused_goes_on_with_one_press(
    page: Page, site: Site, listen: Listen
) -> None:
    cohort = await listen(COMEX.workflow_id)
    await site.world.store.pauses.set(cohort.id, paused=True, reason="crisis")
    await page.goto(f"/cohorts/{cohort.id}")
    await expect(page.get_by_text("this wave, since")).to_contain_text(
        "something urgent elsewhere"
    )
    await page.get_by_role("button", name="Go on with this wave").click()
    await expect(page.get_by_role("alert")).to_contain_text(
        "resume: not paused; allowed: pause"
    )


async def test_a_person_on_leave_is_paused_with_all_their_pairs(
    page: Page, site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await site.world.matched()
    await page.goto(f"/people/{site.world.ids['BOSS']}")
    await page.get_by_role("button", name="Pause all their pairs").click()
    await expect(page.get_by_text("Every pair of theirs stands still")).to_be_visible()
    assert await pair.execute_update(Listening.until, 1) == [("directives_changed", {})]
    await page.get_by_role("button", name="They are back: go on").click()
    await expect(
        page.get_by_role("button", name="Pause all their pairs")
    ).to_be_visible()
    assert len(await pair.execute_update(Listening.until, 2)) == 2


async def test_lists_do_not_make_a_phone_scroll_sideways(
    page: Page, site: Site
) -> None:
    await site.world.store.refused_messages.add(
        site.world.pair().workflow_id, "helt", "unknown signal", datetime.now(UTC)
    )
    for path in (
        "/refused",
        f"/refused/{(await site.world.store.refused_messages.listing())[0].id}",
    ):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
