"""Row 1: the console opens to a `Host` that somebody sends. Row 13: slash redirects, no HSTS."""

import pytest

from schemas.links import Question
from tests.unit.gateway.factories import house, matched

PUBLIC = "https://mentoring.example.org"


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("mentoring.example.org", {}, 200),
        ("MENTORING.example.org", {}, 200),
        ("mentoring.example.org:443", {}, 200),
        ("console.example.org", {}, 200),
        ("localhost", {}, 200),
        ("127.0.0.1:8080", {}, 200),
        ("[::1]:8080", {}, 200),
        ("evil.example", {}, 421),
        ("evil.example:8080", {}, 421),
        ("mentoring.example.org.evil.example", {}, 421),
        ("mentoring.example.org@evil.example", {}, 421),
        ("evil.example@localhost", {}, 421),
        ("localhost/evil.example", {}, 421),
        ("localhost?evil.example", {}, 421),
        ("", {}, 421),
        ("[::1", {}, 421),
        ("localhost", {"x-forwarded-for": "203.0.113.9"}, 421),
        ("localhost", {"x-real-ip": "203.0.113.9"}, 421),
        ("localhost", {"x-forwarded-host": "mentoring.example.org"}, 421),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, 421),
    ],
)
async def test_only_our_own_names_are_answered(
    host: str, headers: dict[str, str], status: int
) -> None:
    async with house(public_url=PUBLIC, hosts=("console.example.org",)) as here:
        answer = await here.browser.get("/healthz", headers={"host": host, **headers})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "path", ["/people", "/programmes/demo/pause", "/api/programmes"]
)
async def test_the_host_name_of_this_machine_opens_no_console_through_a_proxy(
    path: str,
) -> None:
    """The attack of the review: `curl -H 'Host: localhost' http://PROXY/people`."""
    async with house(public_url=PUBLIC, hosts=()) as here:
        headers = {"host": "localhost", "x-forwarded-for": "203.0.113.9"}
        answer = await here.browser.post(path, data={"reason": "x"}, headers=headers)
    assert answer.status_code == 421


@pytest.mark.parametrize("path", ["/people/", "/events/", "/api/programmes/"])
async def test_an_address_with_a_slash_too_many_is_not_redirected(path: str) -> None:
    async with house() as here:
        assert (await here.browser.get(path)).status_code == 404


async def test_a_link_with_a_slash_too_many_is_not_redirected() -> None:
    async with house() as here:
        here.put(matched())
        answer = await here.browser.get(here.link(Question.HELP) + "/")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("public_url", "sent"), [(PUBLIC, True), ("http://localhost", False)]
)
async def test_browsers_are_held_to_tls_where_there_is_tls(
    public_url: str, sent: bool
) -> None:
    async with house(public_url=public_url) as here:
        for path in ("/healthz", "/nowhere"):
            headers = (await here.browser.get(path)).headers
            assert ("strict-transport-security" in headers) is sent


@pytest.mark.parametrize("path", ["/metrics", "/openapi.json"])
async def test_what_is_for_operators_is_not_open_to_everybody(path: str) -> None:
    async with house(client="203.0.113.9", public_url=PUBLIC) as away:
        answer = await away.browser.get(path, headers={"host": "mentoring.example.org"})
    assert answer.status_code in (401, 403)
