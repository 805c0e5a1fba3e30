"""The Temporal Web UI's own form: how ops check a programme, are refused, and start it."""

import asyncio
import json
import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.stack.conftest import Live


async def open_form(page: Page) -> dict[str, Any]:
    """The form behind the console's start link, and the document that it is filled with."""
    await page.goto("/")
    await page.get_by_role("link", name="Start a programme").click()
    await expect(document(page)).to_contain_text('"check_only": true')
    found: dict[str, Any] = json.loads(await document(page).inner_text())
    return found


def document(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Data")


async def start(page: Page, workflow_id: str, typed: dict[str, Any]) -> None:
    """Type id and document, start, and go to the run's page."""
    await page.get_by_role("textbox", name="Workflow ID").fill(workflow_id)
    await document(page).click()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insert_text(json.dumps(typed, indent=1))
    await page.get_by_role("button", name="Start Workflow").click()
    await page.get_by_role("link", name="Workflow started successfully").click()
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_contain_text(re.compile(f"{workflow_id}|429"))
    if (
        "429" in await heading.inner_text()
    ):  # the dev server limits how much it is asked; a person reloads the page
        await asyncio.sleep(2)
        await page.reload()
    await expect(heading).to_contain_text(workflow_id)


def result(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Result")


async def test_the_start_link_opens_the_form_filled_in(page: Page, live: Live) -> None:
    filled = await open_form(page)
    assert page.url.startswith(live.ui)
    for name, value in (
        ("Workflow ID", "example"),
        ("Task Queue", "binome"),
        ("Workflow Type", "ProgrammeWorkflow"),
    ):
        await expect(page.get_by_role("textbox", name=name)).to_have_value(value)
    assert (filled["check_only"], filled["regions"][0]["region"]) == (True, "comex")


async def test_a_check_answers_with_the_dated_plan(page: Page, live: Live) -> None:
    typed = await open_form(page)
    await start(page, "a-check", {**typed, "programme": "planned", "check_only": True})
    for words in (
        '"ok": true',
        '"region": "comex"',
        '"opens": "2027-01-11"',
        '"mentees": 10',
    ):
        await expect(result(page)).to_contain_text(words)
    assert (await live.http.get("/api/programmes/planned/status")).status_code == 404


async def test_a_wrong_document_is_refused_in_our_words(page: Page, live: Live) -> None:
    typed = await open_form(page)
    del typed["check_only"]
    await start(
        page,
        "a-mistake",
        {**typed, "programme": "mistaken", "sessions": {"lenght": "1 hour"}},
    )
    await expect(result(page)).to_contain_text(
        "sessions.lenght: unknown; did you mean length? Nothing was sent."
    )
    await expect(result(page)).to_contain_text("Choose *Start Workflow Like This One*")


async def test_a_programme_started_there_appears_on_the_console(
    page: Page, live: Live
) -> None:
    typed = await open_form(page)
    del typed["check_only"], typed["rehearsal"]
    await start(page, "whatever-id-was-typed", {**typed, "programme": "mentorat-2027"})
    await expect(result(page)).to_contain_text(
        f"{live.gateway}/programmes/mentorat-2027"
    )
    await page.goto("/")
    await page.get_by_role("link", name="mentorat-2027").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("mentorat-2027")
    await page.get_by_role("link", name="Workflow in the Temporal Web UI").click()
    await expect(page.get_by_role("status").filter(has_text="Running")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(
        "programme:mentorat-2027"
    )
