"""Row 13: 1,100 half-open requests stop the gateway."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol

from gateway.edge import bodies, connections
from schemas.links import Question
from tests.attacks.serving import Served, request, served
from tests.unit.gateway.factories import matched

PATHS = (
    "/people/find",
    "/events",
    "/people/preview",
    "/healthz",
    "/q/x",
    "*",
    "/%ff%00",
    "//",
    "http://x/y",
)
METHODS = ("GET", "POST", "POST", "PUT", "HEAD", "OPTIONS", "get", "TRACE")
HEADERS = (
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Type: multipart/form-data; boundary=b",
    "Content-Type: application/cloudevents+json",
    "Authorization: Bearer token-lms",
    "Expect: 100-continue",
    "Transfer-Encoding: chunked",
    "Content-Length: 5",
    "Content-Length: -1",
    f"Content-Length: {'9' * 30}",
    "Connection: close",
    "Upgrade: websocket",
    f"Cookie: {'a' * 5_000}",
    "ce-id: %ff",
)
BODIES = (
    b"",
    b"call=yes",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"zz\r\n",
    b"\n" * 5_000,
    b"{" * 50,
    bytes(range(256)),
)
PIECES = (1, 7, 100, 20_000, 20_000)
REQUESTS = 400
HALF_A_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: local"


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever keeps the gateway waiting is given up at once."""
    for name in ("HEAD_SECONDS", "LINGER_SECONDS"):
        monkeypatch.setattr(connections, name, 0.05)
    for name in ("PAUSE_SECONDS", "BODY_SECONDS"):
        monkeypatch.setattr(bodies, name, 0.05)
    yield


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Waits for the end of the connection; the test's time-out is the failure."""
    with suppress(ConnectionError):
        await reader.read()
    return True


@pytest.mark.parametrize("sent", [b"", b"G", HALF_A_REQUEST])
async def test_a_request_that_does_not_end_is_given_up(
    no_patience: None, sent: bytes
) -> None:
    async with served() as here:
        reader, writer = await here.connect()
        writer.write(sent)
        assert await is_closed(reader)


async def test_a_second_request_that_does_not_end_is_given_up(
    no_patience: None,
) -> None:
    async with served() as here:
        reader, writer = await here.connect()
        writer.write(request("GET", "/healthz"))
        await reader.readuntil(b'"alive"}')
        writer.write(HALF_A_REQUEST)
        assert await is_closed(reader)


async def test_a_body_that_does_not_come_is_given_up(no_patience: None) -> None:
    async with served() as here:
        here.house.put(matched())
        head = request(
            "POST",
            here.house.link(Question.HELP),
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 100",
        )
        assert await here.status(head + b"call=") == 408


async def test_a_body_that_nobody_wants_keeps_no_connection(no_patience: None) -> None:
    async with served() as here:
        reader, writer = await here.connect()
        writer.write(request("POST", "/nowhere", "Content-Length: 100"))
        assert b"404" in await reader.readline()
        assert await is_closed(reader)


@pytest.mark.parametrize(("lines", "status"), [(1_000, 404), (400_000, 413)])
async def test_a_body_of_many_lines_that_nobody_wants_is_still_answered(
    lines: int, status: int
) -> None:
    """What comes after the answer is no head, and is read away for a while."""
    async with served() as here:
        body = b"x,y\n" * lines
        assert await here.status(request("POST", "/nowhere", body=body)) == status


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
@pytest.mark.parametrize("host", ["localhost", "evil.example"])
async def test_nothing_is_smuggled_behind_a_body_with_two_lengths(
    path: str, host: str
) -> None:
    """A proxy that goes by the length takes the second request for the body of the first."""
    hidden = request("GET", "/healthz")
    form = "Content-Type: application/x-www-form-urlencoded"
    lengths = ("Transfer-Encoding: chunked", f"Content-Length: {5 + len(hidden)}")
    async with served() as here:
        reader, writer = await here.connect()
        writer.write(request("POST", path, form, *lengths, host=host))
        writer.write(b"0\r\n\r\n" + hidden)
        answers = await reader.read()  # to the end of the connection
        writer.close()
    assert answers.count(b"HTTP/1.1 ") == 1
    assert answers.startswith((b"HTTP/1.1 400", b"HTTP/1.1 421"))


async def test_a_second_request_may_have_as_many_headers_as_the_first() -> None:
    headers = [f"X-{n}: 1" for n in range(80)]
    async with served() as here:
        reader, writer = await here.connect()
        for _ in range(3):
            writer.write(request("GET", "/healthz", *headers))
            assert b"200" in await reader.readline()
            await reader.readuntil(b'"alive"}')
        writer.close()


async def half_open(here: Served, count: int) -> list[asyncio.StreamWriter]:
    writers = []
    for _ in range(count):
        _, writer = await here.connect()
        writer.write(HALF_A_REQUEST)
        writers.append(writer)
    return writers


async def test_half_open_requests_take_no_room_from_whole_ones() -> None:
    async with served(most_connections=20) as here:
        left_open = await half_open(here, 60)
        assert await here.status(request("GET", "/healthz")) == 200
        for writer in left_open:
            writer.close()


async def test_idle_connections_give_way_after_half_open_ones() -> None:
    async with served(most_connections=20) as here:
        reader, writer = await here.connect()
        writer.write(request("GET", "/healthz"))
        await reader.readuntil(b'"alive"}')
        left_open = await half_open(here, 60)
        writer.write(request("GET", "/healthz"))
        await reader.readuntil(b'"alive"}')
        for each in left_open:
            each.close()


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 200_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\nx: " + b"a" * 200_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"a: b\r\n" * 40_000,
    ],
)
async def test_a_head_that_does_not_end_is_refused(head: bytes) -> None:
    async with served() as here:
        assert await here.status(head) in (400, 431)


async def test_no_piece_is_larger_than_what_is_read_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A body in chunks of one byte is work for each of them: so only so many at a time."""
    pieces: list[int] = []
    handed_on = H11Protocol.data_received

    def counted(self: H11Protocol, data: bytes) -> None:
        pieces.append(len(data))
        handed_on(self, data)

    monkeypatch.setattr(H11Protocol, "data_received", counted)
    chunks = b"1\r\na\r\n" * 50_000 + b"0\r\n\r\n"
    form = "Content-Type: application/x-www-form-urlencoded"
    async with served() as here:
        here.house.put(matched())
        link = here.house.link(Question.HELP)
        head = request("POST", link, form, "Transfer-Encoding: chunked")
        await here.status(head + chunks)
    assert max(pieces) <= connections.PIECE_BYTES


def nonsense(random: Random, link: str) -> bytes:
    head = request(
        random.choice(METHODS),
        random.choice((link, *PATHS)),
        *random.sample(HEADERS, random.randint(0, 5)),
    )
    whole = head + random.choice(BODIES)
    return whole[: random.randrange(1, len(whole))] if random.random() < 0.2 else whole


async def statuses(here: Served, random: Random, sent: bytes) -> list[int]:
    """Send it in pieces; returns the status of each answer until the connection ends, or somebody hangs up."""
    reader, writer = await here.connect()
    with suppress(ConnectionError):
        while sent:
            size = random.choice(PIECES)
            writer.write(sent[:size])
            sent = sent[size:]
            await asyncio.sleep(0)
        if random.random() < 0.3:
            writer.close()
        found = re.findall(rb"HTTP/1\.1 (\d{3})", await reader.read())
        return [int(status) for status in found]
    return []


@pytest.mark.parametrize("seed", range(3))
async def test_no_nonsense_is_a_fault_of_ours(
    seed: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.1)
    monkeypatch.setattr(bodies, "PAUSE_SECONDS", 0.1)
    faults: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    random = Random(seed)
    async with served(most_connections=40, idle_seconds=0.1) as here:
        here.house.put(matched())
        link = here.house.link(Question.HELP)
        found = await asyncio.gather(
            *(statuses(here, random, nonsense(random, link)) for _ in range(REQUESTS))
        )
    loop.set_exception_handler(None)
    logged = [each for each in caplog.records if each.exc_info]
    assert (faults, logged, [s for each in found for s in each if s >= 500]) == (
        [],
        [],
        [],
    )
