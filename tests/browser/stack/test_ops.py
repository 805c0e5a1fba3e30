"""What ops do on the console: import people, and review matches."""

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.stack.conftest import Live
from tests.browser.stack.organisation import REVIEWED
from tests.support.waiting import until
from tests.support.world import file, line


async def test_a_people_file_is_corrected_after_its_preview_and_imported(
    page: Page, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    boss, mentor = (
        line("V1", "vichy", roles="mentee"),
        line("V2", "vichy", roles="mentor", manager="V1"),
    )
    people.write_bytes(
        file(
            boss, line("V2", "vichy", roles="mentor", manager="V9", zone="Europe/Vichy")
        )
    )
    await page.goto("/people")
    await preview(page, people)
    await expect(page.get_by_role("alert")).to_contain_text(
        "2 problems; nothing was written"
    )
    await expect(page.get_by_role("alert").get_by_role("listitem")).to_contain_text(
        ["line 3", "line 3"]
    )
    people.write_bytes(file(boss, mentor))
    await page.get_by_role("link", name="choose it again").click()
    await preview(page, people)
    await page.get_by_role("button", name="Import 2 people").click()
    await expect(page.get_by_role("status")).to_have_text("The file is imported.")
    await (
        page.get_by_role("navigation", name="Regions")
        .get_by_role("link", name="vichy")
        .click()
    )
    await expect(page.get_by_role("row").filter(has_text="Name of V2")).to_contain_text(
        "mentor"
    )


async def preview(page: Page, people: Path) -> None:
    await page.get_by_label("CSV, UTF-8").set_input_files(people)
    await page.get_by_role("button", name="Preview").click()


async def test_ops_refuse_a_match_have_the_rest_run_again_and_approve_all(
    page: Page, live: Live
) -> None:
    await page.goto(await live.post.address_in("ops.lyon", "/matches"))
    first = page.get_by_role("checkbox").first
    refused = str(await first.get_attribute("aria-label"))
    await first.check()
    await page.get_by_role("button", name="Refuse the ticked ones").click()
    await expect(page.get_by_role("status")).to_contain_text("matched again")

    async def run_again() -> bool:
        await page.reload()
        return await page.get_by_role("heading", name="To review, run 2").is_visible()

    await until(run_again, "a second run to review")
    await expect(page.get_by_role("checkbox", name=refused, exact=True)).to_have_count(
        0
    )
    await page.get_by_role("button", name="Approve all 2").click()
    await expect(page.get_by_role("status")).to_contain_text("All are approved")
    decided = page.locator("section").filter(
        has=page.get_by_role("heading", name="Decided")
    )
    await expect(decided.get_by_role("row").filter(has_text="approved")).to_have_count(
        2
    )

    async def both_agreed() -> bool:
        stages = (await live.region(REVIEWED))["stages"]
        return bool(stages.get("sessions") == 2)

    await until(both_agreed, "two pairs that agreed")
