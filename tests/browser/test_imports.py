"""Ops import a large people file: they see how far it is, stop it, or leave and come back."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.integration.gateway.conftest import Site
from tests.integration.gateway.gated import LINES, Gate, large_file


@pytest.fixture
def gate(site: Site, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(site.world.store, monkeypatch)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(large_file())
    return path


async def preview(page: Page, people: Path) -> None:
    await page.goto("/people")
    await page.get_by_label("CSV, UTF-8").set_input_files(people)
    await page.get_by_role("button", name="Preview").click()


pytestmark = pytest.mark.usefixtures("import_worker")


async def test_a_large_file_is_followed_to_its_preview_and_its_result(
    page: Page, gate: Gate, people: Path
) -> None:
    await preview(page, people)
    await expect(
        page.get_by_role("heading", name="The file is being previewed")
    ).to_be_visible()
    await expect(page.get_by_text(f"5,000 of {LINES:,} lines read.")).to_be_visible()
    await expect(page.get_by_role("progressbar")).to_have_attribute("value", "66")
    gate.open()
    confirm = page.get_by_role("button", name=f"Import {LINES:,} people")
    await expect(confirm).to_be_visible()
    gate.close()
    await confirm.click()
    await expect(
        page.get_by_role("heading", name="The file is being imported")
    ).to_be_visible()
    gate.open()
    await expect(page.get_by_role("status")).to_have_text("The file is imported.")
    await expect(page.get_by_text("Name of NEW0", exact=True)).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("status")).to_have_text("The file is imported.")


async def test_stop_leaves_nothing_written(
    page: Page, site: Site, gate: Gate, people: Path
) -> None:
    gate.open()
    await preview(page, people)
    await expect(
        page.get_by_role("button", name=f"Import {LINES:,} people")
    ).to_be_visible()
    gate.close()
    await page.get_by_role("button", name=f"Import {LINES:,} people").click()
    await page.get_by_role("link", name="let it stand still").click()
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_role("status")).to_have_text(
        "The import was stopped; nothing was written."
    )
    await page.reload()
    await expect(page.get_by_role("status")).to_have_text(
        "The import was stopped; nothing was written."
    )
    assert await site.world.store.people.find_external("NEW0") is None


async def test_who_leaves_finds_the_file_again_in_another_tab(
    page: Page, gate: Gate, people: Path
) -> None:
    await preview(page, people)
    await expect(page.get_by_role("progressbar")).to_be_visible()
    other = await page.context.new_page()
    await other.goto("/people")
    await other.get_by_role("link", name="Look at it").click()
    await expect(other.get_by_text(f"5,000 of {LINES:,} lines read.")).to_be_visible()
    await page.close()
    gate.open()
    await expect(
        other.get_by_role("button", name=f"Import {LINES:,} people")
    ).to_be_visible()
