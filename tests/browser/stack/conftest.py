"""A real browser before a whole one-machine stack: nothing is stood in for, only the participants are played."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page
from temporalio.client import Client

from activities.persistence.store import Store
from schemas.ids import TASK_QUEUE, programme_workflow_id
from schemas.pair import PairState
from tests.browser.stack.organisation import REHEARSAL, document, people
from tests.browser.stack.others import Others
from tests.browser.stack.post import Post
from tests.support.accounts import COOKIE, signed_in
from tests.support.commands import call_binome
from tests.support.stack import links_of_stack, stack_in
from tests.support.waiting import LONGEST_WAIT_SECONDS
from workers.client import connect
from workers.payload_keys import NO_KEYS
from workers.settings import EXAMPLES


@dataclass(frozen=True)
class Live:
    """A running stack, and the ways to it."""

    gateway: str
    ui: str
    client: Client
    http: httpx.AsyncClient
    post: Post
    others: Others
    cookie: str
    """What the cookie of an administrator's session holds."""

    async def state(self, pair: str) -> PairState:
        """What the pair's workflow says of itself."""
        state: PairState = await self.client.get_workflow_handle(pair).query(
            "state", result_type=PairState
        )
        return state

    async def region(self, region: str) -> dict[str, Any]:
        """What the programme's status tells of a region, from PostgreSQL."""
        status = (await self.http.get(f"/api/programmes/{REHEARSAL}/status")).json()
        found: dict[str, Any] = next(
            r for r in status["regions"] if r["region"] == region
        )
        return found


@pytest.fixture(scope="package")
async def live(chromium_path: str, open_folder: Path) -> AsyncIterator[Live]:
    """One stack for all; its rehearsal begins with it, and goes on while other tests look elsewhere."""
    folder = open_folder / "browser-stack"
    async with stack_in(folder) as stack:
        await _import_people(folder)
        known = stack.addresses()
        post = Post(
            folder / "mails",
            links_of_stack(folder, known["gateway"]),
        )
        client = await connect(
            NO_KEYS, target_host=known["temporal"], namespace=known["namespace"]
        )
        token = known["console_token"]
        async with httpx.AsyncClient(
            base_url=known["gateway"],
            timeout=LONGEST_WAIT_SECONDS,
            trust_env=False,
            headers={"authorization": f"Bearer {token}"},
        ) as http:
            live = Live(
                known["gateway"],
                known["ui"],
                client,
                http,
                post,
                Others(post, http),
                await _session(known["database_url"]),
            )
            await _start(client)
            playing = asyncio.create_task(live.others.play())
            yield live
            playing.cancel()
            with suppress(asyncio.CancelledError):
                await playing


async def _session(database_url: str) -> str:
    store = await Store.open(database_url, size=1)
    try:
        return await signed_in(store)
    finally:
        await store.close()


async def _import_people(folder: Path) -> None:
    ours = folder / "rehearsal.csv"
    ours.write_bytes(people())
    for file in (EXAMPLES / "people.csv", ours):
        code, out, err = await call_binome("import", str(file), f"--data={folder}")
        assert code == 0, out + err


async def _start(client: Client) -> None:
    workflow_id = programme_workflow_id(REHEARSAL)
    await client.start_workflow(
        "ProgrammeWorkflow", document(), id=workflow_id, task_queue=TASK_QUEUE
    )


@pytest.fixture
async def page(chromium: Browser, live: Live) -> AsyncIterator[Page]:
    """A desktop. What the browser complains about on our own pages fails the test."""
    context = await chromium.new_context(
        viewport={"width": 1280, "height": 800}, base_url=live.gateway
    )
    await context.add_cookies(
        [{"name": COOKIE, "value": live.cookie, "url": live.gateway}]
    )
    opened, complaints = await context.new_page(), list[str]()
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text) if _is_ours(opened, message, live) else None
        ),
    )
    yield opened
    await context.close()
    assert complaints == []


def _is_ours(page: Page, message: ConsoleMessage, live: Live) -> bool:
    """A form that is shown again answers 422 or 409 on purpose, and the browser notes that too."""
    return (
        message.type == "error"
        and page.url.startswith(f"{live.gateway}/")
        and "status of 4" not in message.text
    )
