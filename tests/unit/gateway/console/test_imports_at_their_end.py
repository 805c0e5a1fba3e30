"""People imports that fail, are too many, or have gone."""

import re

import pytest

from activities.persistence.database import DatabaseUnavailable
from domain.people.uploaded_files import LARGEST_QUEUE
from tests.unit.gateway.console.slow_imports import (
    Slow,
    confirmed,
    name_in,
    settled,
    upload,
)
from tests.unit.gateway.factories import House


async def test_an_unreachable_postgresql_is_shown_and_tried_again(
    slow_home: House,
) -> None:
    page = await confirmed(slow_home, slow := Slow())
    slow.failure = DatabaseUnavailable("gone")
    slow.go_on.set()
    failed = (await settled(slow_home, page.url)).text
    assert "PostgreSQL does not answer. Nothing was written." in failed
    slow.failure = None
    await slow_home.browser.post(f"{page.url.path}/again")
    await settled(slow_home, page.url)
    assert slow_home.store.imports.imported == [b"rows"]


async def test_a_failed_import_is_listed_until_somebody_dismisses_it(
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


async def test_more_files_than_are_kept_are_refused_with_the_ones_that_run(
    slow_home: House,
) -> None:
    slow_home.store.imports.reading = slow = Slow()
    pages = [await upload(slow_home, b"%d" % n) for n in range(LARGEST_QUEUE)]
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
        for n in range(LARGEST_QUEUE)
    ]
    await slow_home.browser.post(
        "/people/import", data={"upload": name_in(pages[2].url)}
    )
    await settled(slow_home, pages[2].url)
    await upload(slow_home, b"one more")
    there = [(await slow_home.browser.get(page.url)).status_code for page in pages]
    assert there == [200, 200, 404, 200]


async def test_a_result_that_has_gone_says_what_may_have_become_of_it(
    slow_home: House,
) -> None:
    address = (await upload(slow_home)).url
    await settled(slow_home, address)
    await slow_home.store.people_files.forget(name_in(address))
    gone = await slow_home.browser.get(address)
    assert (
        gone.status_code == 404
        and "imported as a whole, or nothing of it was" in gone.text
    )
