"""Row 9: the Temporal Web UI takes any `Host`, so that a page elsewhere acts on workflows (DNS rebinding)."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from binome.stack import web_ui

NOWHERE = "http://127.0.0.1:1"


class Upstream:
    """Notes what reaches the Web UI."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.address = ""

    async def answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length or 0))
        self.requests.append(head + body)
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Seen: yes\r\n"
            b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: close\r\n\r\nok"
        )
        await writer.drain()
        writer.close()


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    found = Upstream()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield found


@pytest.fixture
async def browser(upstream: Upstream) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(web_ui.build_app(upstream.address, NOWHERE))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:8233"
    ) as made:
        yield made


@pytest.mark.parametrize(
    ("headers", "reaches"),
    [
        ({}, True),
        ({"host": "localhost:8233"}, True),
        ({"host": "evil.example"}, False),
        ({"host": "evil.example:8233"}, False),
        ({"host": "127.0.0.1.evil.example"}, False),
        ({"x-forwarded-for": "203.0.113.9"}, False),
    ],
)
async def test_the_web_ui_answers_to_the_names_of_this_machine_alone(
    upstream: Upstream,
    browser: httpx.AsyncClient,
    headers: dict[str, str],
    reaches: bool,
) -> None:
    answer = await browser.get("/namespaces", headers=headers)
    assert (answer.status_code == 200, bool(upstream.requests)) == (reaches, reaches)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/api/v1/namespaces/default/workflows", "/events"])
async def test_nothing_of_another_site_reaches_it_by_any_method(
    upstream: Upstream, browser: httpx.AsyncClient, method: str, path: str
) -> None:
    headers = {"origin": "http://evil.example"}
    answer = await browser.request(method, path, headers=headers)
    assert (answer.status_code, upstream.requests) == (403, [])


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}],
)
async def test_a_form_of_another_site_does_not_reach_it(
    upstream: Upstream, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await browser.post("/api/v1/x", content=b"{}", headers=headers)
    assert (answer.status_code, upstream.requests) == (403, [])


async def test_what_is_asked_and_answered_is_handed_on_whole(
    upstream: Upstream, browser: httpx.AsyncClient
) -> None:
    answer = await browser.post(
        "/api/v1/a%2Fb?query=x%3D1", content=b'{"a": 1}', headers={"x-csrf": "t"}
    )
    (asked,) = upstream.requests
    assert asked.startswith(b"POST /api/v1/a%2Fb?query=x%3D1 ")
    assert b"x-csrf: t" in asked and asked.endswith(b'{"a": 1}')
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert (answer.text, answer.headers["x-seen"]) == ("ok", "yes")


async def test_only_its_two_addresses_lead_to_the_gateway(upstream: Upstream) -> None:
    transport = httpx.ASGITransport(web_ui.build_app(NOWHERE, upstream.address))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as b:
        for path in ("/codec/decode", "/codec/%2e%2e/people", "/codec", "/people"):
            await b.post(path, content=b"{}")
    (asked,) = upstream.requests
    assert asked.startswith(b"POST /codec/decode ")


async def test_a_web_ui_that_is_not_there_yet_is_said_so() -> None:
    transport = httpx.ASGITransport(web_ui.build_app(NOWHERE, NOWHERE))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as b:
        assert (await b.get("/")).status_code == 502
