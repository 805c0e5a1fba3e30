"""Ops in a browser: a people file imported, matches approved."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.integration.gateway.conftest import Listen, Listening, Site
from tests.support.world import COMEX, file, line


@pytest.mark.usefixtures("import_worker")
async def test_a_people_file_is_imported_after_its_preview(
    page: Page, site: Site, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_bytes(
        file(line("NEW1", roles="mentee"), line("NEW2", "est", roles="mentor"))
    )
    await page.goto("/people")
    await page.get_by_label("CSV, UTF-8").set_input_files(people)
    await page.get_by_role("button", name="Preview").click()
    await page.get_by_role("button", name="Import 2 people").click()
    await expect(page.get_by_role("status")).to_have_text("The file is imported.")
    await expect(page.get_by_text("Name of NEW2")).to_be_visible()


@pytest.mark.usefixtures("import_worker")
async def test_a_file_that_is_wrong_shows_each_line_and_imports_nothing(
    page: Page, site: Site, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_bytes(
        file(line("NEW1", roles="mentee"), line("NEW2", email="not an address"))
    )
    await page.goto("/people")
    await page.get_by_label("CSV, UTF-8").set_input_files(people)
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("alert")).to_contain_text("line 3, email")
    assert await site.world.store.people.find_external("NEW1") is None


async def review(site: Site) -> None:
    """Two matches are proposed in comex."""
    await site.world.ready("ANNA")
    await site.world.ready("BRUNO")
    proposals = [
        site.world.proposal("ANNA", "BOSS"),
        site.world.proposal("BRUNO", "CFO"),
    ]
    await site.world.store.matches.save_run(COMEX, proposals, [])


async def test_all_matches_are_approved_with_one_press(
    page: Page, site: Site, listen: Listen
) -> None:
    cohort = await listen(COMEX.workflow_id)
    await review(site)
    await page.goto(f"/cohorts/{COMEX.workflow_id}")
    await page.get_by_role("link", name="Matches").click()
    await page.get_by_role("button", name="Approve all 2").click()
    await expect(page.get_by_role("status")).to_contain_text("All are approved")
    ((_, decision),) = await cohort.query(Listening.received)
    assert decision == {"all": True, "run": 1, "revision": 0, "by": await site.actor()}


async def test_one_pair_is_refused_and_the_rest_run_again(
    page: Page, site: Site, listen: Listen
) -> None:
    cohort = await listen(COMEX.workflow_id)
    await review(site)
    await page.goto(f"/cohorts/{COMEX.workflow_id}/matches")
    tick = page.get_by_role("checkbox", name="Name of BRUNO and Name of CFO")
    chosen = await tick.get_attribute("value")
    await tick.check()
    await page.get_by_role("button", name="Refuse the ticked ones").click()
    await expect(page.get_by_role("status")).to_contain_text("matched again")
    ((_, decision),) = await cohort.query(Listening.received)
    assert (decision["refuse"], decision.get("approve", [])) == ([chosen], [])
