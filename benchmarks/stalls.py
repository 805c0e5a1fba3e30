"""How long the loops of gateway and worker stand still under each attack. `python -m benchmarks.stalls`

Others wait as long as a loop stands still, whatever the request itself takes. The goal is 100 ms of the loop's own
processor time between two turns, which a busy machine does not lengthen; beside it stands the time on the wall.
"""

import asyncio
import http.client
import json
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from activities.persistence.checking import ProgrammeChecker
from activities.persistence.store import Store
from activities.persistence.templates import TemplateFolder
from benchmarks.support.tables import table
from gateway.app import compile_templates
from schemas.links import Question
from tests.attacks.serving import HOST, Served, request, served
from tests.unit.gateway.factories import matched

GOAL_SECONDS = 0.1
FORM = "Content-Type: application/x-www-form-urlencoded"
BATCH = "Content-Type: application/cloudevents-batch+json"
TOKEN = "Authorization: Bearer token-lms"  # noqa: S105 - of the fake store
EXAMPLES = Path(__file__).parent.parent / "examples"


class Attack(NamedTuple):
    """Bytes that are sent at once; the connection is closed by whoever has enough."""

    name: str
    sent: bytes


@dataclass
class Stall:
    """The longest of each, in seconds."""

    worked: float = 0.0
    wall: float = 0.0

    def note(self, worked: float, wall: float) -> None:
        self.worked, self.wall = max(self.worked, worked), max(self.wall, wall)


@asynccontextmanager
async def longest_stall() -> AsyncIterator[Stall]:
    """Measure what the loop does between two turns of a task that only waits for its next one."""
    stall = Stall()

    async def tick() -> None:
        while True:
            worked, wall = time.thread_time(), time.perf_counter()
            await asyncio.sleep(0)
            stall.note(time.thread_time() - worked, time.perf_counter() - wall)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0.05)
    stall.worked = stall.wall = 0.0
    try:
        yield stall
    finally:
        ticking.cancel()


def attacks_on_gateway(link: str) -> list[Attack]:
    idna = (
        b'--b\r\nContent-Disposition: form-data; name="once"\r\n\r\nxn--'
        + b"a" * 500_000
        + b"\r\n--b--\r\n"
    )
    multipart = "Content-Type: multipart/form-data; boundary=b"
    event = {
        "specversion": "1.0",
        "source": "/lms",
        "subject": "x-ana",
        "type": "binome.module_completed.v1",
        "data": {"module": "ecoute"},
    }
    wrong = {**event, "type": "binome.module_complete.v1"}
    people = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="p"\r\n\r\n'
        + b"x,y\n" * 9_000_000
        + b"\r\n--b--\r\n"
    )
    by_byte = request("POST", link, FORM, "Transfer-Encoding: chunked")
    return [
        Attack("nothing but the page itself", request("GET", link)),
        Attack("a field in IDNA on a link", request("POST", link, f"{multipart}; charset=idna", body=idna)),
        Attack("a field in IDNA to find", request("POST", "/people/find", f"{multipart}; charset=idna", body=idna)),
        Attack("128 KB of escapes in a form", request("POST", link, FORM, body=b"once=" + b"%C3" * 43_000)),
        Attack("60,000 fields in a form", request("POST", link, FORM, body=b"a&" * 60_000)),
        Attack("500 KB of words to find", request("POST", "/people/find", FORM, body=b"who=" + b"a+" * 250_000)),
        Attack("a form in chunks of a byte", by_byte + b"1\r\na\r\n" * 120_000),
        Attack("16 KB of headers", request("GET", link, *["a: b"] * 2_700)),
        Attack("a head without an end", b"GET /" + b"a" * 2_000_000),
        Attack("1,000 events", request("POST", "/events", BATCH, TOKEN, body=batch(event))),
        Attack("1,000 events of a wrong type", request("POST", "/events", BATCH, TOKEN, body=batch(wrong))),
        Attack("1,000 events that are none", request("POST", "/events", BATCH, TOKEN, body=batch({}))),
        Attack("500 KB of brackets", request("POST", "/events", BATCH, TOKEN, body=b"[" * 500_000)),
        Attack("170,000 empty lists", request("POST", "/events", BATCH, TOKEN, body=b"[[]" + b",[]" * 170_000 + b"]")),
        Attack("a people file of 36 MB", request("POST", "/people/preview", multipart, body=people)),
    ]  # fmt: skip


def batch(event: dict[str, Any]) -> bytes:
    return json.dumps(
        [{**event, "id": str(n)} if event else {} for n in range(1_000)]
    ).encode()


def send(port: int, sent: bytes) -> str:
    """Send in a thread of its own; returns the status."""
    with socket.create_connection((HOST, port), timeout=120) as connection:
        try:
            connection.sendall(sent)
        except OSError:
            return "closed"
        answer = http.client.HTTPResponse(connection)
        try:
            answer.begin()
            answer.read()
        except (OSError, http.client.HTTPException):
            return "closed"
        return str(answer.status)


def half_open(port: int) -> str:
    """1,100 requests that do not end, and one that does."""
    left_open = [socket.create_connection((HOST, port)) for _ in range(450)]
    for connection in left_open:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
    found = send(port, request("GET", "/healthz"))
    for connection in left_open:
        connection.close()
    return found


def attacks_on_worker() -> dict[str, dict[str, Any]]:
    def document(**changes: Any) -> dict[str, Any]:
        regions = [{"region": "comex"}]
        return {
            "programme": "p",
            "starts_on": "2027-01-11",
            "regions": regions,
            **changes,
        }

    countries = ["FR", "DE", "GB", "ES", "IT", "PT", "BE", "NL", "LU", "CH", "AT", "PL"]
    return {
        "a document of 60,000 regions": document(
            regions=[{"region": f"r{n}", "after": f"r{n - 1}"} for n in range(60_000)]
        ),
        "9,000 fields that are unknown": document(
            **{f"sesions{n}": 1 for n in range(9_000)}
        ),
        "2 MB in one field": document(sender="x" * 2_000_000),
        "100 regions, closed for years": document(
            extension={"waves": 9},
            regions=[
                {
                    "region": f"r{n}",
                    "country": countries[n % 12],
                    "closed": ["2027-01-01/2060-12-31"] * 30,
                }
                for n in range(100)
            ],
        ),
    }


async def main() -> int:
    rows: list[Row] = []
    async with served(most_connections=400) as here:
        here.house.put(matched())
        compile_templates(here.house.gateway.templates)  # as at the gateway's start
        link = here.house.link(Question.HELP)
        for attack in attacks_on_gateway(link):
            rows.append(await under("gateway", attack.name, sent(here, attack)))
        left_open = asyncio.to_thread(half_open, here.port)
        rows.append(await under("gateway", "450 half-open requests", left_open))
    for name, document in attacks_on_worker().items():
        rows.append(await under("worker", name, checked(document)))
    found = [
        [
            row.loop,
            row.attack,
            row.answer,
            in_ms(row.stall.worked),
            in_ms(row.stall.wall),
        ]
        for row in rows
    ]
    table("Stalls", ["loop", "attack", "answer", "worked", "on the wall"], found)
    return max(row.stall.worked for row in rows) > GOAL_SECONDS


def in_ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


class Row(NamedTuple):
    """What became of one attack."""

    loop: str
    attack: str
    answer: str
    stall: Stall


async def under(loop: str, name: str, attack: Awaitable[str]) -> Row:
    async with longest_stall() as stall:
        answer = await attack
    return Row(loop, name, answer, stall)


async def sent(here: Served, attack: Attack) -> str:
    return await asyncio.to_thread(send, here.port, attack.sent)


async def checked(document: dict[str, Any]) -> str:
    async def nobody() -> dict[str, Any]:
        return {}

    async def no_holder(_: str) -> None:
        return None

    store = SimpleNamespace(
        people=SimpleNamespace(role_counts=nobody),
        programmes=SimpleNamespace(holder=no_holder),
    )
    checker = ProgrammeChecker(
        cast(Store, store), TemplateFolder(EXAMPLES), "http://localhost"
    )
    found = await checker.check(document, datetime.now(UTC), None)
    return f"{len(found.problems)} problems"


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
