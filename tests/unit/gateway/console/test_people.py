"""The import of a people file on the console: nothing is written before somebody confirms what they were shown."""

import httpx
import pytest

from schemas.people import ImportOptions, ImportPreview, RowChange, RowProblem
from tests.unit.gateway.factories import House

FILE = {"file": ("people.csv", b"rows")}


@pytest.fixture
def at_home(at_home: House) -> House:
    at_home.browser.follow_redirects = True
    return at_home


async def confirmed(house: House, preview: str, **typed: str) -> httpx.Response:
    """What its form sends."""
    upload = preview.partition('name="upload" value="')[2].partition('"')[0]
    return await house.browser.post("/people/import", data={"upload": upload, **typed})


async def test_a_file_is_previewed_before_it_is_written(at_home: House) -> None:
    answer = await at_home.browser.post("/people/preview", files=FILE)
    assert ("Import 2 people" in answer.text, at_home.store.imports.imported) == (
        True,
        [],
    )


async def test_a_large_file_is_counted_in_readable_numbers(at_home: House) -> None:
    at_home.store.imports.found = ImportPreview(added=50000, regions={"idf": 12345})
    page = (await at_home.browser.post("/people/preview", files=FILE)).text
    assert [
        words
        for words in ("<dd>50,000</dd>", "idf: 12,345", "Import 50,000 people")
        if words not in page
    ] == []


async def test_a_preview_that_is_confirmed_is_imported_once(at_home: House) -> None:
    page = (await at_home.browser.post("/people/preview", files=FILE)).text
    answers = [await confirmed(at_home, page), await confirmed(at_home, page)]
    assert [a.url.raw_path for a in answers] == [b"/people?done=imported"] * 2
    assert at_home.store.imports.imported == [b"rows"]


async def test_a_preview_that_is_cancelled_is_forgotten(at_home: House) -> None:
    preview = await at_home.browser.post("/people/preview", files=FILE)
    await at_home.browser.post(f"{preview.url.path}/stop")
    assert (await at_home.browser.get(preview.url.path)).status_code == 404
    assert "too old" in (await confirmed(at_home, preview.text)).text
    assert at_home.store.imports.imported == []


async def test_a_first_import_speaks_of_nobody_who_stays(at_home: House) -> None:
    page = (await at_home.browser.post("/people/preview", files=FILE)).text
    assert "not in the file" not in page


async def test_a_preview_names_who_changes_and_how_many_leave(at_home: House) -> None:
    changes = (
        RowChange(external_id="E1", name="Ana Ruiz", what="changed", fields=("site",)),
    )
    at_home.store.imports.found = ImportPreview(
        changed=1, changes=changes, fields={"site": 1}, absent=3, present=40
    )
    answer = await at_home.browser.post("/people/preview", files=FILE)
    assert all(
        words in answer.text
        for words in ("Ana Ruiz", "site (1)", "not in the file, and stay", "3 of 40")
    )


async def test_a_file_is_taken_as_it_was_previewed(at_home: House) -> None:
    at_home.store.imports.found = ImportPreview(
        added=1, absent=3, present=40, leaving=True
    )
    files = {"file": ("people.csv", b"rows"), "columns": ("columns.toml", b"[columns]")}
    preview = await at_home.browser.post(
        "/people/preview", files=files, data={"leavers": "true"}
    )
    await confirmed(at_home, preview.text)
    assert at_home.store.imports.orders == [
        ImportOptions(columns=b"[columns]", leavers=3)
    ]


async def test_where_many_leave_their_number_is_typed(at_home: House) -> None:
    at_home.store.imports.found = ImportPreview(
        absent=30, present=40, leaving=True, refused="30 people would leave"
    )
    preview = await at_home.browser.post(
        "/people/preview", files=FILE, data={"leavers": "true"}
    )
    again = await confirmed(at_home, preview.text, leave="30")
    assert ("30 people would leave" in again.text, at_home.store.imports.orders) == (
        True,
        [ImportOptions(leavers=30)],
    )


async def test_a_field_for_a_columns_file_may_stay_empty(at_home: House) -> None:
    files = {"file": ("people.csv", b"rows"), "columns": ("", b"")}
    preview = await at_home.browser.post("/people/preview", files=files)
    await confirmed(at_home, preview.text)
    assert at_home.store.imports.orders == [ImportOptions()]


async def test_a_file_with_problems_shows_each_and_cannot_be_confirmed(
    at_home: House,
) -> None:
    at_home.store.imports.found = ImportPreview(
        problems=(RowProblem(line=3, column="email", what="not an address"),)
    )
    answer = await at_home.browser.post("/people/preview", files=FILE)
    assert (
        "line 3, email: not an address" in answer.text,
        "upload" in answer.text,
    ) == (True, False)


async def test_somebody_is_found_by_a_word_that_stays_out_of_the_address(
    at_home: House,
) -> None:
    found = await at_home.browser.post("/people/find", data={"who": " ruiz "})
    assert (
        "Ana Ruiz" in found.text,
        "Marc Delorme" in found.text,
        "1 person is found" in found.text,
    ) == (
        True,
        False,
        True,
    )
    assert found.url.raw_path == b"/people/find"


async def test_a_search_without_results_says_that_nobody_was_found(
    at_home: House,
) -> None:
    assert (
        "Nobody is found by these words."
        in (await at_home.browser.post("/people/find", data={"who": "xyz"})).text
    )


@pytest.mark.parametrize("who", ["", " ", "\0"])
async def test_without_a_word_everybody_is_listed(at_home: House, who: str) -> None:
    page = (await at_home.browser.post("/people/find", data={"who": who})).text
    assert ("Ana Ruiz" in page, "Marc Delorme" in page) == (True, True)


async def test_a_reloaded_search_leads_to_the_list(at_home: House) -> None:
    assert (await at_home.browser.get("/people/find")).url.raw_path == b"/people"
