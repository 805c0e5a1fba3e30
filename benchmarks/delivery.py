"""Delivery end to end: from due notices in PostgreSQL to mails at a server on this machine
and marked as sent, by one process and by as many as `BENCH_PARTITIONS` says (2), each with
its share of the people; and a look at what is due while 100,000 pairs are paused.

The floor in the same run: the same bytes over as many connections by the library alone.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Awaitable, Sequence
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

import aiosmtplib
import asyncpg

from activities.notifications.interfaces import OutgoingMail
from activities.notifications.slots import MAILS_AT_ONCE
from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from benchmarks.mails import HOST, free_port, serve
from benchmarks.support.bench_postgres import bench_database
from benchmarks.support.delivering import Delivering, delivering
from benchmarks.support.tables import table

MAILS = int(os.environ.get("BENCH_MAILS", "4000"))
PARTITIONS = int(os.environ.get("BENCH_PARTITIONS", "2"))
PAUSED = int(os.environ.get("BENCH_PAUSED", "100000"))
LOOKS = 20
LEAST_MAILS_A_SECOND = 200
LEAST_RATIO = 0.6
LONGEST_LOOK_MS = 5.0
PEOPLE = """
insert into people (person, external_id, name, email, region)
select 'p' || translate(left(md5(n::text), 13), '0189', 'wxyz'), 'E' || n, 'Reader ' || n,
       'reader' || n || '@firm.example', 'idf'
from generate_series(1, {people}) as n
"""
# A reminder with an invite, a question and a word, each to somebody else.
DUE = """
insert into outbox (notice, scope, programme, region, wave, person, body, mentor, mentee, created)
select 'pair:bench:idf:1:' || person || ':1:1:' || t || ':1.1.0:' || person, 'pair:bench:idf:1:' || person || ':1',
       'bench', 'idf', 1, person,
       jsonb_build_object('template', t, 'to', 'mentor', 'session', 1, 'attempt', 1, 'check', 0, 'questions',
                          '["answer"]'::jsonb, 'invite', jsonb_build_object('uid', md5(person), 'sequence', 1,
                          'minutes', 60, 'start', '2031-01-20T09:30:00Z', 'alternatives', '[]'::jsonb)),
       person, person, '2031-01-13T08:00:00Z'
from (select person, (array['session_proposed', 'ask_held', 'ready'])[1 + row_number() over () % 3] as t
      from people) due
"""
HELD = """
insert into pairs (pair, programme, region, wave, mentor, seat, stage, paused, revision, started)
select 'pair:bench:est:1:' || n || ':1', 'bench', 'est', 1, 'm' || n, 1, 'sessions', true, 2, true
from generate_series(1, {paused}) as n;
insert into outbox (notice, scope, programme, region, wave, person, body, created, due, awaits_resume)
select 'held' || n || ':' || r, 'pair:bench:est:1:' || n || ':1', 'bench', 'est', 1, 'm' || n,
       '{{"template": "session_reminder"}}', now(), now() + interval '5 minutes', true
from generate_series(1, {paused}) as n, generate_series(1, 2) as r;
analyze;
"""


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


async def seconds(work: Awaitable[Any]) -> float:
    begun = perf_counter()
    await work
    return perf_counter() - begun


class Sent(NamedTuple):
    """How mails were sent."""

    rate: float
    """Mails a second, by the clock."""
    processor: float
    """Milliseconds of processor a mail of those who sent; PostgreSQL and the mail server apart."""


async def deliver(
    url: str, store: Store, port: int, partitions: int
) -> tuple[Sent, list[OutgoingMail]]:
    """How delivery sent them, and the mails."""
    await _make_due(url)
    own = multiprocessing.get_context("spawn")
    shared = Delivering(
        url, port, own.Semaphore(0), own.Event(), own.Event(), own.Queue()
    )
    processes = [
        own.Process(target=delivering, args=(shared, number, partitions))
        for number in range(partitions)
    ]
    for process in processes:
        process.start()
    for _ in processes:
        await asyncio.to_thread(shared.ready.acquire)
    shared.begin.set()
    taken = await seconds(_all_sent(store, processes))
    shared.over.set()
    shares = [shared.sent.get() for _ in processes]
    for process in processes:
        process.join()
    mails = [mail for _, share in shares for mail in share]
    return _sent(taken, sum(spent for spent, _ in shares)), mails


def _sent(taken: float, spent: float) -> Sent:
    return Sent(MAILS / taken, 1000 * spent / MAILS)


async def _make_due(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("delete from outbox")
    await connection.execute(DUE)
    await connection.execute("analyze")
    await connection.close()


async def _all_sent(store: Store, processes: Sequence[Any]) -> None:
    while (counts := await store.outbox.counts()).get("queued"):
        say(f"  {counts.get('sent', 0):,} of {MAILS:,} mails sent")
        await asyncio.sleep(0.25)
        if not all(process.is_alive() for process in processes):
            break
    if {state for state, notices in counts.items() if notices} != {"sent"}:
        raise SystemExit(f"not all were sent: {counts}")


async def bare(port: int, mails: Sequence[OutgoingMail]) -> None:
    """The floor: the library, the same bytes, as many connections."""
    waiting = iter(mails)

    async def one_connection() -> None:
        async with aiosmtplib.SMTP(hostname=HOST, port=port, start_tls=False) as smtp:
            for mail in waiting:
                await smtp.sendmail(mail.sender, [mail.recipient], mail.data)

    await asyncio.gather(*(one_connection() for _ in range(MAILS_AT_ONCE)))


async def sending(url: str, store: Store) -> tuple[Sent, Sent, Sent]:
    """Delivered by one process, by several, and bare."""
    connection = await asyncpg.connect(url)
    await connection.execute(PEOPLE.format(people=MAILS))
    await connection.close()
    ready, over, port = multiprocessing.Event(), multiprocessing.Event(), free_port()
    server = multiprocessing.Process(target=serve, args=(port, ready, over))
    server.start()
    ready.wait()
    alone, mails = await deliver(url, store, port, 1)
    say(f"  the same by {PARTITIONS} processes")
    shared, _ = await deliver(url, store, port, PARTITIONS)
    say("  the same bytes by the library alone")
    begun = process_time()
    floor = await seconds(bare(port, mails))
    spent = process_time() - begun
    over.set()
    server.join()
    return alone, shared, _sent(floor, spent)


async def looking(url: str, store: Store) -> tuple[float, float]:
    """Milliseconds of a look at what is due, and of the one for missed resumes."""
    connection = await asyncpg.connect(url, command_timeout=600)
    await connection.execute("delete from outbox")
    await connection.execute(HELD.format(paused=PAUSED))
    await connection.close()
    outbox = store.outbox
    look = partial(outbox.lease_due, "mail", 200, 20.0)
    looks = []
    for _ in range(LOOKS):
        leasing = await seconds(look())
        looks.append(leasing + await seconds(outbox.seconds_until_due("mail")))
    return 1000 * median(looks), 1000 * await seconds(outbox.release_resumed())


async def measure(url: str) -> None:
    await migrate(url)
    store = await Store.open(url)
    try:
        say(f"{MAILS:,} mails")
        alone, shared, floor = await sending(url, store)
        say(f"{2 * PAUSED:,} notices of {PAUSED:,} paused pairs")
        look, release = await looking(url, store)
    finally:
        await store.close()
    _print(alone, shared, floor, look, release)
    by_several = f"{PARTITIONS} processes"
    _print_processor(
        [("one process", alone), (by_several, shared), ("floor: bare SMTP", floor)]
    )


def _print(alone: Sent, shared: Sent, floor: Sent, look: float, release: float) -> None:
    ratio = max(alone.rate, shared.rate) / floor.rate
    table(
        "Delivery",
        ("what", "measured", "bound", "holds"),
        [
            _row(
                "mails a second, by one process",
                f"{alone.rate:,.0f}",
                f">= {LEAST_MAILS_A_SECOND}",
                alone.rate >= LEAST_MAILS_A_SECOND,
            ),
            (f"the same by {PARTITIONS} processes", f"{shared.rate:,.0f}", "", ""),
            ("floor: bare SMTP of the same bytes", f"{floor.rate:,.0f}", "", ""),
            _row(
                "ratio of the better",
                f"{ratio:.2f}",
                f">= {LEAST_RATIO}",
                ratio >= LEAST_RATIO,
            ),
            _row(
                f"a look with {2 * PAUSED:,} held notices, ms",
                f"{look:.1f}",
                f"<= {LONGEST_LOOK_MS:.0f}",
                look <= LONGEST_LOOK_MS,
            ),
            (
                "the look for missed resumes, in ten minutes, ms",
                f"{release:.0f}",
                "",
                "",
            ),
        ],
    )


def _print_processor(sent: Sequence[tuple[str, Sent]]) -> None:
    table(
        "Processor of a mail, of those who send",
        ("what", "ms", "ratio"),
        [
            (
                what,
                f"{one.processor:.2f}",
                f"{one.processor / sent[-1][1].processor:.1f}",
            )
            for what, one in sent
        ],
    )


def _row(what: str, measured: str, bound: str, holds: bool) -> tuple[str, ...]:
    return what, measured, bound, "yes" if holds else "NO"


def main() -> None:
    with bench_database() as url:
        asyncio.run(measure(url))


if __name__ == "__main__":
    main()
