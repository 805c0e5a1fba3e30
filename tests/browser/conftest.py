"""A real browser before a real gateway: PostgreSQL, Temporal and HTTP; pairs are played by a workflow that listens."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from playwright.async_api import (
    Browser,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from binome.stack.ports import free_port
from tests.integration.gateway.conftest import (
    Site,
    import_worker,
    listen,
    listeners,
    open_site,
)
from tests.support.accounts import COOKIE
from tests.support.waiting import LONGEST_WAIT_SECONDS

__all__ = ["import_worker", "listen", "listeners"]

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first draws no windows for itself, and is done with the same pages in a third of the time."""
EXPECT_MILLISECONDS = 90_000
MISSING = (
    "no Chromium found; get one with: apt-get install chromium-headless-shell"
    " (or name yours in BINOME_CHROMIUM)"
)
PHONE = ViewportSize(width=390, height=844)


expect.set_options(timeout=EXPECT_MILLISECONDS)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Skips without a browser, but fails on CI, where one must be there."""
    if named := os.environ.get("BINOME_CHROMIUM"):
        return named
    for name in CHROMIUMS:
        if path := shutil.which(name):
            return path
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@pytest.fixture(scope="session")
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        yield browser
        await browser.close()


@pytest.fixture
async def site(
    store: Store, temporal_server: WorkflowEnvironment, listeners: None
) -> AsyncIterator[Site]:
    """The gateway served on a free port of this machine; its dispatcher runs."""
    port = free_port()
    async with open_site(
        store, temporal_server.client, f"http://127.0.0.1:{port}"
    ) as opened:
        server = uvicorn.Server(
            uvicorn.Config(opened.app, host="127.0.0.1", port=port, log_level="error")
        )
        serving = asyncio.create_task(server.serve())
        await _answers(port)
        yield opened
        server.should_exit = True
        await serving


async def _answers(port: int) -> None:
    """Until the port takes connections."""
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.01)


@pytest.fixture
async def page(chromium: Browser, site: Site) -> AsyncIterator[Page]:
    """A phone. Anything that the browser complains about fails the test: a blocked style, a missing file, a script."""
    complaints: list[str] = []
    context = await chromium.new_context(
        viewport=PHONE, base_url=site.gateway.options.public_url
    )
    cookie = site.browser.cookies[COOKIE]
    await context.add_cookies(
        [{"name": COOKIE, "value": cookie, "url": site.gateway.options.public_url}]
    )
    opened = await context.new_page()
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type == "error" else None
        ),
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    await context.close()
    # A form that is shown again answers 422 or 409 on purpose, and the browser notes that too.
    assert [c for c in complaints if "status of 4" not in c] == []
