"""Headers, forms from elsewhere, bodies that are too large."""

from collections.abc import AsyncIterator

import pytest

from schemas.links import Question
from tests.support.lives import MENTEE
from tests.unit.gateway.factories import House, house, matched


async def test_pages_are_kept_out_of_caches_frames_and_search_engines(
    at_home: House,
) -> None:
    at_home.put(matched())
    answer = await at_home.browser.get(at_home.link(Question.HELP))
    kept = {
        name: answer.headers[name]
        for name in ("cache-control", "referrer-policy", "x-robots-tag")
    }
    assert kept == {
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
    }
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_no_page_needs_a_script_or_an_inline_style(at_home: House) -> None:
    answer = await at_home.browser.get("/")
    assert "<script" not in answer.text and "style=" not in answer.text


async def test_robots_are_kept_out(at_home: House) -> None:
    assert "Disallow: /" in (await at_home.browser.get("/robots.txt")).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({"origin": "http://localhost"}, 303),
        ({}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
async def test_a_form_of_another_site_is_not_taken(
    at_home: House, headers: dict[str, str], status: int
) -> None:
    at_home.put(matched())
    path = at_home.link(Question.AGREE, mentee=MENTEE)
    answer = await at_home.browser.post(path, data={"action": "agree"}, headers=headers)
    assert answer.status_code == status


async def test_participants_reach_their_pages_from_anywhere() -> None:
    async with house(client="10.0.0.7", host="mentoring.example") as elsewhere:
        elsewhere.put(matched())
        assert (
            await elsewhere.browser.get(elsewhere.link(Question.HELP))
        ).status_code == 200


async def test_a_page_of_a_form_too_large_is_refused(at_home: House) -> None:
    at_home.put(matched())
    answer = await at_home.browser.post(
        at_home.link(Question.HELP), data={"once": "x" * 600_000}
    )
    assert answer.status_code == 413


async def test_a_body_without_a_declared_length_is_counted_too(at_home: House) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 50_000

    answer = await at_home.browser.post(
        "/events", content=chunks(), headers={"authorization": "Bearer token-lms"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/people/%00",
        "/pairs/%00",
        "/people?region=%00",
        "/api/programmes/%00/status",
        "/q/%00",
    ],
)
async def test_there_is_nothing_at_an_address_with_a_nul(
    at_home: House, path: str
) -> None:
    assert (await at_home.browser.get(path)).status_code == 404


@pytest.mark.parametrize("origin", ["http://[::1", "http://"])
async def test_an_origin_that_is_none_is_another_site(
    at_home: House, origin: str
) -> None:
    answer = await at_home.browser.post(
        "/people/import", data={"upload": "x"}, headers={"origin": origin}
    )
    assert answer.status_code == 403


async def test_a_query_that_does_not_fit_is_refused_without_being_repeated(
    at_home: House,
) -> None:
    answer = await at_home.browser.get("/mails?skip=Jeanne")
    assert (
        answer.status_code,
        answer.json()["errors"][0]["path"],
        "Jeanne" in answer.text,
    ) == (
        422,
        "query.skip",
        False,
    )


@pytest.mark.parametrize("rows", ["99999999999999999999", "-1"])
async def test_a_list_can_be_asked_for_from_anywhere(at_home: House, rows: str) -> None:
    assert (await at_home.browser.get(f"/mails?skip={rows}")).status_code == 200


@pytest.mark.parametrize("last", ["Jeanne", "p" * 900])
async def test_a_list_goes_on_after_whatever_is_asked(
    at_home: House, last: str
) -> None:
    assert (await at_home.browser.get(f"/people?after={last}")).status_code == 200


async def test_the_name_of_no_file_is_no_mail(at_home: House) -> None:
    assert (await at_home.browser.get(f"/mails/{'a' * 5000}.eml")).status_code == 404
