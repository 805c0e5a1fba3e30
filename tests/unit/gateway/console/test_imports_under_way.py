"""A people file that takes longer than a moment: a page tells how far it is, and lets somebody stop it."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from activities.persistence.database import DatabaseUnavailable
from gateway.imports import MOST, Imports
from schemas.people import ImportPreview, ImportStep, ReportImportProgress
from tests.unit.gateway.factories import House, house

REFRESH = '<meta http-equiv="refresh" content="1">'


class Slow:
    """Reads until it is let go on; what it tells is set by the test."""

    def __init__(self, *steps: tuple[ImportStep, int, int]) -> None:
        self.steps = steps or ((ImportStep.READ, 45_000, 100_000),)
        self.go_on = asyncio.Event()
        self.failure: Exception | None = None
        self.begun = 0

    async def __call__(self, progress: ReportImportProgress | None) -> None:
        assert progress is not None
        self.begun += 1
        for step in self.steps:
            progress(*step)
        await self.go_on.wait()
        if self.failure:
            raise self.failure


@pytest.fixture
async def slow_home() -> AsyncIterator[House]:
    """No file is waited for, so that each shows its page."""
    async with house() as made:
        made.app.state.imports = Imports(
            made.store.imports, made.gateway.dispatcher.wake, moment=0
        )
        made.browser.follow_redirects = True
        yield made
        await made.app.state.imports.close()


async def upload(house: House, data: bytes = b"rows") -> httpx.Response:
    answer = await house.browser.post(
        "/people/preview", files={"file": ("people.csv", data)}
    )
    await asyncio.sleep(0)  # let it begin
    return answer


async def settled(house: House, address: httpx.URL) -> httpx.Response:
    """The page when the work has ended."""
    await asyncio.wait_for(
        asyncio.wait({house.app.state.imports.find(name_in(address)).task}), 10
    )
    return await house.browser.get(address)


def name_in(address: httpx.URL) -> str:
    return address.path.rpartition("/")[2]


async def confirmed(house: House, slow: Slow) -> httpx.Response:
    """A file that was previewed at once, being imported."""
    preview = await settled(house, (await upload(house)).url)
    house.store.imports.reading = slow
    return await house.browser.post(
        "/people/import", data={"upload": name_in(preview.url)}
    )


async def test_a_page_says_how_far_it_is_and_goes_on_to_the_preview(
    slow_home: House,
) -> None:
    slow_home.store.imports.reading = slow = Slow()
    address = (await upload(slow_home)).url
    page = (await slow_home.browser.get(address)).text
    assert (
        REFRESH in page
        and "45,000 of 100,000 lines read." in page
        and '<progress id="far" max="100" value="36">' in page
    )
    slow.go_on.set()
    assert "Import 2 people" in (await settled(slow_home, address)).text


async def test_a_page_may_stand_still(slow_home: House) -> None:
    slow_home.store.imports.reading = Slow()
    page = await slow_home.browser.get(
        (await upload(slow_home)).url, params={"still": "true"}
    )
    assert (REFRESH in page.text, "45,000 of 100,000" in page.text) == (False, True)


async def test_an_import_goes_on_to_the_people(slow_home: House) -> None:
    slow = Slow((ImportStep.COMPARED, 9, 9))
    page = await confirmed(slow_home, slow)
    assert "The file is being imported" in page.text and REFRESH in page.text
    slow.go_on.set()
    assert "The file is imported." in (await settled(slow_home, page.url)).text


async def test_a_double_click_imports_once(slow_home: House) -> None:
    slow = Slow()
    page = await confirmed(slow_home, slow)
    again = await slow_home.browser.post(
        "/people/import", data={"upload": name_in(page.url)}
    )
    slow.go_on.set()
    await settled(slow_home, page.url)
    assert (again.url, slow.begun, slow_home.store.imports.imported) == (
        page.url,
        1,
        [b"rows"],
    )


async def test_a_file_that_comes_twice_is_previewed_once(slow_home: House) -> None:
    slow_home.store.imports.reading = slow = Slow()
    assert (await upload(slow_home)).url == (await upload(slow_home)).url
    assert slow.begun == 1


@pytest.mark.parametrize(
    "step", [ImportStep.READ, ImportStep.CHECKED, ImportStep.COMPARED]
)
async def test_stop_writes_nothing_and_says_so(
    slow_home: House, step: ImportStep
) -> None:
    page = await confirmed(slow_home, Slow((step, 9, 9)))
    await slow_home.browser.get(page.url)
    stopped = await slow_home.browser.post(f"{page.url.path}/stop")
    assert (
        "The import was stopped; nothing was written." in stopped.text,
        slow_home.store.imports.imported,
    ) == (True, [])


async def test_what_has_not_begun_can_be_stopped(slow_home: House) -> None:
    slow_home.store.imports.reading = Slow()
    await upload(slow_home, b"first")
    second = await upload(slow_home, b"second")
    assert "It waits for its turn" in second.text
    assert (
        "nothing was written"
        in (await slow_home.browser.post(f"{second.url.path}/stop")).text
    )


async def test_what_is_being_kept_cannot_be_stopped(
    slow_home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.imports.END_SECONDS", 0)
    page = await confirmed(slow_home, slow := Slow((ImportStep.WRITTEN, 9, 9)))
    await asyncio.sleep(0)
    late = await slow_home.browser.post(f"{page.url.path}/stop")
    assert (
        "this can no longer be stopped" in late.text,
        "Stop</button>" in late.text,
    ) == (True, False)
    slow.go_on.set()
    assert (
        "imported before it could be stopped"
        in (await settled(slow_home, late.url)).text
    )


async def test_postgresql_away_is_said_and_tried_again(slow_home: House) -> None:
    page = await confirmed(slow_home, slow := Slow())
    slow.failure = DatabaseUnavailable("gone")
    slow.go_on.set()
    failed = (await settled(slow_home, page.url)).text
    assert "PostgreSQL does not answer. Nothing was written." in failed
    slow.failure = None
    await slow_home.browser.post(f"{page.url.path}/again")
    await settled(slow_home, page.url)
    assert slow_home.store.imports.imported == [b"rows"]


async def test_what_failed_stands_with_the_people_until_somebody_leaves_it(
    slow_home: House,
) -> None:
    page = await confirmed(slow_home, slow := Slow())
    slow.failure = DatabaseUnavailable("gone")
    slow.go_on.set()
    await settled(slow_home, page.url)
    assert (
        "The import of a file failed." in (await slow_home.browser.get("/people")).text
    )
    left = await slow_home.browser.post(f"{page.url.path}/stop")
    assert (left.url.path, "failed" in left.text) == ("/people", False)


async def test_a_failure_while_it_is_kept_leaves_open_whether_it_was(
    slow_home: House,
) -> None:
    page = await confirmed(slow_home, slow := Slow((ImportStep.WRITTEN, 9, 9)))
    slow.failure = DatabaseUnavailable("gone")
    slow.go_on.set()
    failed = (await settled(slow_home, page.url)).text
    assert ("all of it or nothing" in failed, "Nothing was written" in failed) == (
        True,
        False,
    )


async def test_what_nobody_expected_is_logged_without_what_it_says(
    slow_home: House, capsys: pytest.CaptureFixture[str]
) -> None:
    slow_home.store.imports.reading = slow = Slow()
    slow.failure = ValueError("Ana Ruiz")
    slow.go_on.set()
    failed = (await settled(slow_home, (await upload(slow_home)).url)).text
    logged = capsys.readouterr().out
    assert (
        "log says where" in failed,
        "ValueError" in logged,
        "Ana" in failed + logged,
    ) == (True, True, False)


async def test_one_file_is_read_at_a_time(slow_home: House) -> None:
    slow_home.store.imports.reading = slow = Slow()
    for data in (b"first", b"second", b"third"):
        await upload(slow_home, data)
    assert slow.begun == 1


async def test_more_files_than_are_kept_are_refused_with_the_ones_that_run(
    slow_home: House,
) -> None:
    slow_home.store.imports.reading = slow = Slow()
    pages = [await upload(slow_home, b"%d" % n) for n in range(MOST)]
    refused = await upload(slow_home, b"one more")
    assert (refused.status_code, "choose your file again" in refused.text) == (
        409,
        True,
    )
    assert re.findall(r"/people/imports/\w+", refused.text) == [
        page.url.path for page in pages
    ]
    slow.go_on.set()
    await settled(slow_home, pages[0].url)
    assert (await upload(slow_home, b"one more")).status_code == 200


async def test_room_is_made_where_nobody_may_still_confirm(slow_home: House) -> None:
    pages = [
        await settled(slow_home, (await upload(slow_home, b"%d" % n)).url)
        for n in range(MOST)
    ]
    await slow_home.browser.post(
        "/people/import", data={"upload": name_in(pages[2].url)}
    )
    await settled(slow_home, pages[2].url)
    await upload(slow_home, b"one more")
    there = [(await slow_home.browser.get(page.url)).status_code for page in pages]
    assert there == [200, 200, 404, 200]


async def test_the_people_page_leads_back_to_what_is_under_way(
    slow_home: House,
) -> None:
    slow_home.store.imports.reading = slow = Slow()
    page = await upload(slow_home)
    people = (await slow_home.browser.get("/people")).text
    assert (
        "A file is being previewed. 45,000 of 100,000 lines read." in people
        and page.url.path in people
    )
    slow.go_on.set()
    await settled(slow_home, page.url)
    assert (
        "waits for somebody to confirm it"
        in (await slow_home.browser.get("/people")).text
    )


async def test_a_result_goes_after_a_while(slow_home: House) -> None:
    slow_home.app.state.imports = Imports(
        slow_home.store.imports, slow_home.gateway.dispatcher.wake, keep=0
    )
    address = (await upload(slow_home)).url
    await asyncio.sleep(0)
    gone = await slow_home.browser.get(address)
    assert (
        gone.status_code == 404
        and "imported as a whole, or nothing of it was" in gone.text
    )


async def test_a_preview_that_waited_for_its_confirmation_does_not_go_while_it_is_imported(
    slow_home: House,
) -> None:
    page = await confirmed(slow_home, Slow())
    assert slow_home.app.state.imports.find(name_in(page.url)).expiry.cancelled()


async def test_a_gateway_that_stops_lets_nothing_half_done(slow_home: House) -> None:
    page = await confirmed(slow_home, Slow())
    await slow_home.browser.get(page.url)
    await slow_home.app.state.imports.close()
    assert (
        "nothing was written" in (await slow_home.browser.get(page.url)).text,
        slow_home.store.imports.imported,
    ) == (
        True,
        [],
    )


async def test_a_gateway_that_stops_waits_for_what_is_being_kept(
    slow_home: House,
) -> None:
    page = await confirmed(slow_home, slow := Slow((ImportStep.WRITTEN, 9, 9)))
    await slow_home.browser.get(page.url)
    closing = asyncio.create_task(slow_home.app.state.imports.close())
    await asyncio.sleep(0)
    slow.go_on.set()
    await closing
    assert slow_home.store.imports.imported == [b"rows"]


async def test_an_import_that_is_refused_is_a_preview_again(slow_home: House) -> None:
    page = await confirmed(slow_home, slow := Slow())
    slow_home.store.imports.found = ImportPreview(
        absent=30, present=40, leaving=True, refused="30 people would leave"
    )
    slow.go_on.set()
    assert "How many leave" in (await settled(slow_home, page.url)).text


async def test_what_is_under_way_is_shown_to_nobody_else(slow_home: House) -> None:
    page = await upload(slow_home)
    headers = {"x-forwarded-for": "10.0.0.7"}
    assert (await slow_home.browser.get(page.url, headers=headers)).status_code == 403
    assert (
        await slow_home.browser.post(f"{page.url.path}/stop", headers=headers)
    ).status_code == 403
