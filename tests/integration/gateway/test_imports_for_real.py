"""A large people file through the console into PostgreSQL: followed, stopped, broken off, never half."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from domain.people.people_file import PeopleReader
from gateway.imports import ImportQueue
from schemas.people import PersonRow
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.gated import LINES, Gate, large_file
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.support.world import ORGANISATION, file


@pytest.fixture
async def site(site: Site) -> AsyncIterator[Site]:
    """No file is waited for, so that each shows its page."""
    site.app.state.imports = ImportQueue(
        site.world.store.imports, site.gateway.dispatcher.wake, moment=0
    )
    site.browser.follow_redirects = True
    yield site
    await site.app.state.imports.close()


@pytest.fixture
def gate(site: Site, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(site.world.store, monkeypatch)


async def upload(site: Site) -> httpx.URL:
    answer = await site.browser.post(
        "/people/preview", files={"file": ("people.csv", large_file())}
    )
    return answer.url


async def ended(site: Site, address: httpx.URL) -> str:
    """The page when the work has ended."""
    one = site.app.state.imports.find(address.path.rpartition("/")[2])
    await asyncio.wait_for(asyncio.wait({one.task}), LONGEST_WAIT_SECONDS)
    return (await site.browser.get(address)).text


async def importing(site: Site, gate: Gate) -> httpx.URL:
    """A file that was previewed and confirmed, at the gate."""
    gate.open()
    address = await upload(site)
    await ended(site, address)
    gate.close()
    await site.browser.post(
        "/people/import", data={"upload": address.path.rpartition("/")[2]}
    )
    await asyncio.wait_for(gate.reached.wait(), LONGEST_WAIT_SECONDS)
    return address


async def nobody_new(site: Site, gate: Gate) -> bool:
    """And the next import finds the way free."""
    gate.breaks = False
    gate.open()
    again = await site.world.store.imports.apply(ORGANISATION)
    return (again.added, await site.world.store.people.find_external("NEW0")) == (
        0,
        None,
    )


async def test_a_large_file_is_followed_to_its_preview_and_its_result(
    site: Site, gate: Gate
) -> None:
    address = await upload(site)
    await asyncio.wait_for(gate.reached.wait(), LONGEST_WAIT_SECONDS)
    assert f"5,000 of {LINES:,} lines read." in (await site.browser.get(address)).text
    gate.open()
    assert f"Import {LINES:,} people" in await ended(site, address)
    await site.browser.post(
        "/people/import", data={"upload": address.path.rpartition("/")[2]}
    )
    assert "The file is imported." in await ended(site, address)
    assert await site.world.store.people.find_external(f"NEW{LINES - 1}") is not None


async def test_a_stopped_import_leaves_nothing(site: Site, gate: Gate) -> None:
    address = await importing(site, gate)
    assert (
        "nothing was written" in (await site.browser.post(f"{address.path}/stop")).text
    )
    assert await nobody_new(site, gate)


async def test_a_gateway_that_stops_leaves_nothing(site: Site, gate: Gate) -> None:
    await importing(site, gate)
    await site.app.state.imports.close()
    assert await nobody_new(site, gate)


async def test_a_broken_connection_is_shown_and_the_file_can_be_tried_again(
    site: Site, gate: Gate
) -> None:
    address = await importing(site, gate)
    gate.breaks = True
    gate.open()
    assert "PostgreSQL does not answer. Nothing was written." in await ended(
        site, address
    )
    assert await nobody_new(site, gate)
    await site.browser.post(f"{address.path}/again")
    assert "The file is imported." in await ended(site, address)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "file: empty; the first line reads"),
        (b"external_id,name\nE1,Zo\xe9", "line 2: not UTF-8"),
        (file(), "file: holds nobody"),
    ],
)
async def test_an_unreadable_file_is_reported_as_unreadable(
    site: Site, data: bytes, problem: str
) -> None:
    answer = await site.browser.post(
        "/people/preview", files={"file": ("people.csv", data)}
    )
    assert problem in await ended(site, answer.url)


async def test_other_requests_are_answered_while_lines_are_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, go_on = threading.Event(), threading.Event()
    answered = []

    def batches(_: PeopleReader, __: int) -> Iterator[list[PersonRow]]:
        reading.set()
        answered.append(go_on.wait(10))
        yield []

    monkeypatch.setattr(PeopleReader, "batches", batches)
    address = await upload(site)
    assert await asyncio.to_thread(reading.wait, 30)
    assert (await site.browser.get("/healthz")).status_code == 200
    go_on.set()
    await ended(site, address)
    assert answered == [True]
