"""Row 2: one request freezes the gateway. Row 13: odd charsets, bodies that are read for nobody."""

import http.cookies
from collections.abc import AsyncIterator

import pytest

from schemas.links import Question
from tests.attacks.counting import counted
from tests.support.accounts import COOKIE
from tests.unit.gateway.factories import House, house, matched

PUNYCODE = b"xn--" + b"a" * 500_000
"""Decoded as IDNA in quadratic time."""


@pytest.fixture
async def at_home() -> AsyncIterator[House]:
    async with house() as made:
        made.put(matched())
        yield made


async def never_read() -> AsyncIterator[bytes]:
    raise AssertionError("the body was read")
    yield b""


@pytest.mark.parametrize("charset", ["idna", "punycode", "utf-7", "utf-16", "latin-1"])
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"]
)
async def test_a_form_in_another_charset_is_refused_before_it_is_read(
    at_home: House, kind: str, charset: str
) -> None:
    answer = await at_home.browser.post(
        at_home.link(Question.HELP),
        content=never_read(),
        headers={"content-type": f"{kind}; charset={charset}"},
    )
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data; boundary=b",
        "multipart/form-data; boundary=b; charset=utf-8",
        "multipart/mixed; boundary=b",
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded; charset*=idna''utf-8",
        "application/x-www-form-urlencoded; charset=utf-8; charset=idna" + " " * 200,
        "nonsense",
        "",
    ],
)
async def test_a_participant_s_page_takes_nothing_but_its_form(
    at_home: House, kind: str
) -> None:
    answer = await at_home.browser.post(
        at_home.link(Question.HELP),
        content=never_read(),
        headers={"content-type": kind},
    )
    assert answer.status_code == 415


async def test_one_form_field_on_a_link_does_not_freeze_the_gateway(
    at_home: House,
) -> None:
    """The attack of the review, as it was sent: 18 seconds."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="once"\r\n\r\n'
        + PUNYCODE
        + b"\r\n--b--\r\n"
    )
    answer = await at_home.browser.post(
        at_home.link(Question.HELP),
        content=body,
        headers={"content-type": "multipart/form-data; boundary=b; charset=idna"},
    )
    assert answer.status_code == 415


async def test_the_search_for_people_takes_no_field_in_another_charset(
    at_home: House,
) -> None:
    """The attack of the review, without any credentials: 3.4 seconds."""
    answer = await at_home.browser.post(
        "/people/find",
        content=never_read(),
        headers={"content-type": "multipart/form-data; boundary=b; charset=idna"},
    )
    assert answer.status_code == 415


async def test_a_people_file_takes_no_other_charset(at_home: House) -> None:
    answer = await at_home.browser.post(
        "/people/preview",
        content=never_read(),
        headers={"content-type": "multipart/form-data; boundary=b; charset=idna"},
    )
    assert answer.status_code == 415


async def test_an_event_in_another_charset_is_refused_before_it_is_read(
    at_home: House,
) -> None:
    answer = await at_home.browser.post(
        "/events",
        content=never_read(),
        headers={"content-type": "application/cloudevents+json; charset=utf-16"},
    )
    assert answer.status_code == 415


async def test_an_event_of_nobody_is_refused_before_it_is_read(at_home: House) -> None:
    answer = await at_home.browser.post(
        "/events",
        content=never_read(),
        headers={"content-type": "application/cloudevents+json"},
    )
    assert answer.status_code == 401


async def test_a_form_larger_than_any_answer_is_refused(at_home: House) -> None:
    answer = await at_home.browser.post(
        at_home.link(Question.HELP), data={"once": "é" * 30_000}
    )
    assert answer.status_code == 413


async def test_a_form_of_more_fields_than_any_page_has_is_refused(
    at_home: House,
) -> None:
    answer = await at_home.browser.post(
        at_home.link(Question.HELP),
        content=b"a&" * 5_000,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 400


async def test_more_headers_than_any_browser_sends_are_refused(at_home: House) -> None:
    headers = {f"x-{number}": "" for number in range(200)}
    answer = await at_home.browser.get(at_home.link(Question.HELP), headers=headers)
    assert answer.status_code == 431


async def test_a_form_with_its_charset_named_is_taken(at_home: House) -> None:
    answer = await at_home.browser.post(
        at_home.link(Question.HELP),
        content=b"call=yes",
        headers={"content-type": "application/x-www-form-urlencoded; charset=UTF-8"},
    )
    assert answer.status_code == 303


async def test_no_cookie_of_another_program_is_read(at_home: House) -> None:
    """Half a head of quotes and backslashes took a fifth of a second to read, on any page, of anybody."""
    theirs = 'theirs="' + '\\"' * 6_000 + '"'
    quoted = 'binome="' + '\\"' * 6_000 + '"'
    own = f"{COOKIE}={at_home.browser.cookies[COOKIE]}"
    with counted(http.cookies, "_unquote") as read:
        for cookie in (theirs, quoted, f"{theirs}; {own}"):
            answer = await at_home.browser.get("/", headers={"cookie": cookie})
    assert answer.status_code == 200
    assert read.count <= 1


async def test_a_form_of_the_console_is_no_larger_than_it_has_to_be(
    at_home: House,
) -> None:
    """Half a megabyte of % took 0.15 seconds to read."""
    answer = await at_home.browser.post(
        "/people/find",
        content=b"who=" + b"%" * 300_000,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413
