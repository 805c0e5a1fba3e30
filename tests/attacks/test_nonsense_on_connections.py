"""Requests that are none, in any pieces: no answer is a fault of ours, and no connection is one that is left over."""

import asyncio
import re
from contextlib import suppress
from random import Random
from typing import Any

import pytest

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
