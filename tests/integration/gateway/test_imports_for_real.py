"""A large people file through the console into PostgreSQL: followed, stopped, broken off, never half."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.people.files import PeopleFiles
from domain.people.people_file import PeopleReader
from gateway.app import build_app
from gateway.imports import PeopleImportRequests
from schemas.people import PersonRow, ReportImportProgress
from schemas.records.people_files import ImportStage, PeopleFile
from tests.integration.gateway.conftest import Site, import_worker_of
from tests.integration.gateway.gated import LINES, Gate, large_file
from tests.support.accounts import COOKIE
from tests.support.waiting import LONGEST_WAIT_SECONDS, until
from tests.support.world import ORGANISATION, file


@pytest.fixture
async def site(site: Site) -> Site:
    """No file is waited for, so that each shows its page."""
    site.app.state.imports = PeopleImportRequests(
        site.world.store.people_files, site.gateway.workflows, moment=0
    )
    site.browser.follow_redirects = True
    return site


@pytest.fixture
def gate(site: Site, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(site.world.store, monkeypatch)


@pytest.fixture
async def other_gateway(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of the same account, before another gateway over the same database."""
    app = build_app(site.world.store, site.gateway.workflows, site.gateway.options)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", follow_redirects=True
    ) as browser:
        browser.cookies.set(COOKIE, site.browser.cookies[COOKIE])
        yield browser


async def upload(site: Site) -> httpx.URL:
    answer = await site.browser.post(
        "/people/preview", files={"file": ("people.csv", large_file())}
    )
    return answer.url


def name_in(address: httpx.URL) -> str:
    return address.path.rpartition("/")[2]


async def page_once(
    site: Site, address: httpx.URL, holds: Callable[[PeopleFile], bool]
) -> str:
    """The page once this holds for the file."""

    async def reached() -> bool:
        found = await site.world.store.people_files.find(name_in(address))
        return found is None or holds(found)

    await until(reached)
    return (await site.browser.get(address)).text


async def ended(site: Site, address: httpx.URL) -> str:
    """The page when the work has ended."""
    return await page_once(site, address, lambda found: not found.under_way)


async def importing(site: Site, gate: Gate) -> httpx.URL:
    """A file that was previewed and confirmed, at the gate."""
    gate.open()
    address = await upload(site)
    await ended(site, address)
    gate.close()
    await site.browser.post("/people/import", data={"upload": name_in(address)})
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


@pytest.mark.usefixtures("import_worker")
async def test_a_large_file_is_followed_to_its_preview_and_its_result(
    site: Site, gate: Gate
) -> None:
    address = await upload(site)
    read = await page_once(site, address, lambda found: found.read == 5_000)
    assert f"5,000 of {LINES:,} lines read." in read
    gate.open()
    assert f"Import {LINES:,} people" in await ended(site, address)
    await site.browser.post("/people/import", data={"upload": name_in(address)})
    assert "The file is imported." in await ended(site, address)
    assert await site.world.store.people.find_external(f"NEW{LINES - 1}") is not None


@pytest.mark.usefixtures("import_worker")
async def test_a_stopped_import_leaves_nothing(site: Site, gate: Gate) -> None:
    address = await importing(site, gate)
    assert (
        "nothing was written" in (await site.browser.post(f"{address.path}/stop")).text
    )
    assert await nobody_new(site, gate)


@pytest.mark.usefixtures("import_worker")
async def test_what_one_gateway_takes_another_one_shows_confirms_and_stops(
    site: Site, gate: Gate, other_gateway: httpx.AsyncClient
) -> None:
    address = await upload(site)
    await page_once(site, address, lambda found: found.read == 5_000)
    assert "lines read." in (await other_gateway.get(address.path)).text
    assert address.path in (await other_gateway.get("/people")).text
    gate.open()
    await ended(site, address)
    assert f"Import {LINES:,} people" in (await other_gateway.get(address.path)).text
    gate.close()
    await other_gateway.post("/people/import", data={"upload": name_in(address)})
    await asyncio.wait_for(gate.reached.wait(), LONGEST_WAIT_SECONDS)
    await other_gateway.post(f"{address.path}/stop")
    assert "nothing was written" in (await site.browser.get(address)).text


async def test_a_preview_outlives_the_worker_that_began_it(
    site: Site, gate: Gate
) -> None:
    store, client = site.world.store, site.client
    async with import_worker_of(store, client):
        address = await upload(site)
        await asyncio.wait_for(gate.reached.wait(), LONGEST_WAIT_SECONDS)
    gate.open()
    async with import_worker_of(store, client):
        assert f"Import {LINES:,} people" in await ended(site, address)


@pytest.mark.usefixtures("import_worker")
async def test_an_import_over_a_broken_connection_is_tried_again_by_itself(
    site: Site, gate: Gate
) -> None:
    address = await importing(site, gate)
    gate.breaks = True
    gate.open()
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        await gate.broke.wait()
    gate.breaks = False
    assert "The file is imported." in await ended(site, address)
    assert (await site.world.store.imports.apply(large_file())).unchanged == LINES


@pytest.mark.usefixtures("import_worker")
async def test_an_import_whose_worker_is_lost_after_the_commit_is_not_done_again(
    site: Site, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_on, done = PeopleFiles.work_on, list[ImportStage]()

    async def lost(
        files: PeopleFiles, name: str, progress: ReportImportProgress
    ) -> None:
        await work_on(files, name, progress)
        found = await files.find(name)
        assert found is not None
        done.append(found.stage)
        raise DatabaseUnavailable("lost")

    gate.open()
    monkeypatch.setattr(PeopleFiles, "work_on", lost)
    address = await upload(site)
    await ended(site, address)
    await site.browser.post("/people/import", data={"upload": name_in(address)})
    assert "The file is imported." in await ended(site, address)
    handle = site.client.get_workflow_handle(f"people_import:{name_in(address)}")
    assert await handle.result() == "imported"
    assert done == [ImportStage.PREVIEWED, ImportStage.IMPORTED]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "file: empty; the first line reads"),
        (b"external_id,name\nE1,Zo\xe9", "line 2: not UTF-8"),
        (file(), "file: holds nobody"),
    ],
)
@pytest.mark.usefixtures("import_worker")
async def test_an_unreadable_file_is_reported_as_unreadable(
    site: Site, data: bytes, problem: str
) -> None:
    answer = await site.browser.post(
        "/people/preview", files={"file": ("people.csv", data)}
    )
    assert problem in await ended(site, answer.url)


@pytest.mark.usefixtures("import_worker")
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
