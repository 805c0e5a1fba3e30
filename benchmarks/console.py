"""How long each page of the console takes with very many pairs. `python -m benchmarks.console`

PostgreSQL makes one programme of twenty regions, with a mentor and a mentee a pair
(`BENCH_CONSOLE` pairs); each page is asked of the real gateway, as a browser asks. A page
must take at most 150 ms at 100,000 pairs and 200 ms at 1,000,000.
"""

import asyncio
import os
import re
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from time import perf_counter
from typing import NamedTuple

import httpx
from temporalio.client import Client

from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from benchmarks.support.bench_postgres import bench_database
from benchmarks.support.tables import table
from gateway.app import build_app
from gateway.options import GatewayOptions
from gateway.temporal import WorkflowClient
from tests.support.accounts import COOKIE, signed_in
from tests.support.generated.pairs import generate
from tests.support.rehearsal.own_sql import database

PAIRS = int(os.environ.get("BENCH_CONSOLE", "100000"))
MANY = 100_000
BOUND_MS = 150 if PAIRS <= MANY else 200
MOST_LINES = 2_500_000
"""Most lines of the ledger; where a million pairs are, less has happened to each."""
ROUNDS = 7
LEAST_BYTES = 50
"""Tables with fewer bytes a pair are left out."""
SIZES = """
select relname as name, pg_table_size(oid) as heap, pg_indexes_size(oid) as indexes
from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
order by pg_total_relation_size(oid) desc
"""
PUBLIC_URL = "http://localhost"
_MORE = re.compile(r'<a class="button small" href="([^"]+)">More</a>')
_PAIR = re.compile(r'href="(/pairs/[^"]+)"')


class Page(NamedTuple):
    """A page, and what is found by its form, if it is one."""

    name: str
    path: str
    who: str | None = None


class Measured(NamedTuple):
    """Milliseconds of a page: the median and the longest of the rounds."""

    page: Page
    median: float
    longest: float


async def pages(browser: httpx.AsyncClient) -> list[Page]:
    """Lists are asked for as far down as ops go: three pages, by the link on each."""
    cohort = "/cohorts/cohort:bench:r01:1"
    first = (await browser.get(cohort)).text
    pair = _PAIR.search(first)
    assert pair is not None, "the cohort has no pairs"
    return [
        Page("all programmes", "/"),
        Page("a programme", "/programmes/bench"),
        Page("a cohort", cohort),
        Page("its fourth page", await _fourth(browser, cohort)),
        Page("its pairs in feedback", f"{cohort}?stage=feedback"),
        Page("its matches", f"{cohort}/matches"),
        Page("a pair", unescape(pair[1])),
        Page("people", "/people"),
        Page("their fourth page", await _fourth(browser, "/people")),
        Page("people of a region", "/people?region=r19"),
        Page("find a rare name", "/people/find", "Élodie Caeb"),
        Page("find a first name", "/people/find", "helene"),
        Page("find two letters", "/people/find", "li"),
        Page("find an address", "/people/find", "mentor4711@example.org"),
        Page("find an id", "/people/find", "mentor-4711"),
        Page("not delivered", "/refused"),
        Page("runs", "/runs"),
        Page("status (API)", "/api/programmes/bench/status"),
        Page("metrics", "/metrics"),
    ]


async def _fourth(browser: httpx.AsyncClient, path: str) -> str:
    for _ in range(3):
        found = _MORE.search((await browser.get(path)).text)
        path = unescape(found[1]) if found else path
    return path


async def measure(browser: httpx.AsyncClient, page: Page) -> Measured:
    taken = [await _milliseconds(browser, page) for _ in range(ROUNDS + 1)][1:]
    found = Measured(page, statistics.median(taken), max(taken))
    say(f"{page.name}: {found.median:.0f} ms")
    return found


async def _milliseconds(browser: httpx.AsyncClient, page: Page) -> float:
    begun = perf_counter()
    if page.who is None:
        answer = await browser.get(page.path)
    else:
        answer = await browser.post(page.path, data={"who": page.who})
    taken = (perf_counter() - begun) * 1000
    assert answer.status_code == 200, (page, answer.status_code, answer.text[:500])
    return taken


async def print_sizes(url: str) -> None:
    """Bytes a pair in each table, largest first; a pair's year is all that happens to it."""
    async with database(url) as connection:
        found = [
            (row["name"], row["heap"] // PAIRS, row["indexes"] // PAIRS)
            for row in await connection.rows(SIZES)
        ]
    total = sum(heap + indexes for _, heap, indexes in found)
    table(
        f"Bytes a pair, {total} in all",
        ("table", "rows", "indexes"),
        [
            (name, str(heap), str(indexes))
            for name, heap, indexes in found
            if heap + indexes >= LEAST_BYTES
        ],
    )


@asynccontextmanager
async def browsing(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway over the store, with an account signed in; Temporal is not asked."""
    client = await Client.connect("localhost:1", lazy=True)
    options = GatewayOptions(
        public_url=PUBLIC_URL,
        ui_url="http://localhost:8233",
        link_keys=(b"k" * 32,),
        pulse_key=b"p" * 32,
    )
    transport = httpx.ASGITransport(
        build_app(store, WorkflowClient(client), options), client=("127.0.0.1", 50000)
    )
    async with httpx.AsyncClient(
        transport=transport,
        base_url=PUBLIC_URL,
        headers={"origin": PUBLIC_URL},
        timeout=60,
    ) as browser:
        browser.cookies.set(COOKIE, await signed_in(store))
        yield browser


async def run(url: str) -> list[Measured]:
    await migrate(url)
    store = await Store.open(url, wrapping_keys=[b"w" * 32])
    try:
        begun = perf_counter()
        lines = min(25, max(2, MOST_LINES // PAIRS))
        await generate(store, url, PAIRS, lines)
        say(f"{PAIRS} pairs made in {perf_counter() - begun:.0f} s")
        await print_sizes(url)
        async with browsing(store) as browser:
            return [await measure(browser, page) for page in await pages(browser)]
    finally:
        await store.close()


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main() -> int:
    with bench_database(durable=False) as url:
        found = asyncio.run(run(url))
    table(
        f"Console, {PAIRS} pairs, at most {BOUND_MS} ms",
        ("page", "median, ms", "longest, ms", "holds"),
        [
            (
                each.page.name,
                f"{each.median:.0f}",
                f"{each.longest:.0f}",
                "yes" if each.median <= BOUND_MS else "NO",
            )
            for each in found
        ],
    )
    return any(each.median > BOUND_MS for each in found)


if __name__ == "__main__":
    sys.exit(main())
