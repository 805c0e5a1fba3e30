"""A people file that takes longer than a moment: a page tells how far it is, and lets somebody stop it."""

import pytest

from gateway.temporal import TemporalUnavailable
from schemas.people import ImportPreview, ImportStep
from tests.unit.gateway.console.slow_imports import (
    REFRESH,
    Slow,
    confirmed,
    name_in,
    reported,
    settled,
    upload,
)
from tests.unit.gateway.factories import House


async def test_a_page_says_how_far_it_is_and_goes_on_to_the_preview(
    slow_home: House,
) -> None:
    slow_home.store.imports.reading = slow = Slow()
    address = (await upload(slow_home)).url
    page = (await reported(slow_home, address)).text
    assert (
        REFRESH in page
        and "45,000 of 100,000 lines read." in page
        and '<progress id="far" max="100" value="36">' in page
    )
    slow.go_on.set()
    assert "Import 2 people" in (await settled(slow_home, address)).text


async def test_a_page_may_stop_reloading(slow_home: House) -> None:
    slow_home.store.imports.reading = Slow()
    address = (await upload(slow_home)).url
    await reported(slow_home, address)
    page = await slow_home.browser.get(address, params={"still": "true"})
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
    page = await confirmed(slow_home, slow := Slow((step, 9, 9)))
    stopped = await slow_home.browser.post(f"{page.url.path}/stop")
    assert "The import was stopped; nothing was written." in stopped.text
    slow.go_on.set()
    await settled(slow_home, page.url)
    assert slow_home.store.imports.imported == []


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
    slow_home: House,
) -> None:
    page = await confirmed(slow_home, slow := Slow((ImportStep.WRITTEN, 9, 9)))
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


async def test_one_file_is_read_at_a_time(slow_home: House) -> None:
    slow_home.store.imports.reading = slow = Slow()
    for data in (b"first", b"second", b"third"):
        await upload(slow_home, data)
    assert slow.begun == 1


async def test_the_people_page_leads_back_to_what_is_under_way(
    slow_home: House,
) -> None:
    slow_home.store.imports.reading = slow = Slow()
    page = await reported(slow_home, (await upload(slow_home)).url)
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


async def test_an_import_that_is_refused_is_a_preview_again(slow_home: House) -> None:
    page = await confirmed(slow_home, slow := Slow())
    slow_home.store.imports.found = ImportPreview(
        absent=30, present=40, leaving=True, refused="30 people would leave"
    )
    slow.go_on.set()
    assert "How many leave" in (await settled(slow_home, page.url)).text


async def test_what_is_under_way_is_shown_to_nobody_else(slow_home: House) -> None:
    page = await upload(slow_home)
    slow_home.browser.cookies.clear()
    assert (await slow_home.browser.get(page.url)).status_code == 401
    answer = await slow_home.browser.post(f"{page.url.path}/stop")
    assert answer.status_code == 401


async def test_without_a_worker_the_page_says_that_it_waits_for_one(
    slow_home: House,
) -> None:
    slow_home.import_worker.away = True
    page = await upload(slow_home)
    files = slow_home.store.people_files
    files.kept[name_in(page.url)] = files.kept[name_in(page.url)].having(
        silent_seconds=6
    )
    waits = await slow_home.browser.get(page.url)
    assert ("It waits for a worker" in waits.text, REFRESH in waits.text) == (
        True,
        True,
    )
    stopped = await slow_home.browser.post(f"{page.url.path}/stop")
    assert "The preview was stopped; nothing was written." in stopped.text


async def test_a_file_that_temporal_was_not_told_of_is_taken_up_once_it_answers(
    slow_home: House,
) -> None:
    slow_home.workflows.failing = TemporalUnavailable()
    page = await upload(slow_home)
    assert (page.status_code, slow_home.import_worker.works) == (200, {})
    files = slow_home.store.people_files
    files.kept[name_in(page.url)] = files.kept[name_in(page.url)].having(
        silent_seconds=6
    )
    slow_home.workflows.failing = None
    await slow_home.browser.get(page.url)
    assert "Import 2 people" in (await settled(slow_home, page.url)).text
