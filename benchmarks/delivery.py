"""Delivery end to end: from due notices in PostgreSQL to mails at a server on this machine
and marked as sent; and a look at what is due while 100,000 pairs are paused.

The floor in the same run: the same bytes over as many connections by the library alone.
"""

import asyncio
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import aiosmtplib
import asyncpg
from temporalio.testing import ActivityEnvironment

from activities.notifications.activities import DeliveryActivities
from activities.notifications.interfaces import Begin, OutgoingMail
from activities.notifications.slots import MAILS_AT_ONCE
from activities.notifications.smtp import SmtpSender
from activities.notifications.smtp_connections import SmtpServer
from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from benchmarks.mails import DOMAIN, HOST, free_port, serve
from benchmarks.tables import table
from binome.stack.postgres import Cluster
from tests.support.notices import PlainLinks
from tests.support.postgres_server import serving
from tests.unit.notifications.fakes import SentSignals

MAILS = int(os.environ.get("BENCH_MAILS", "4000"))
PAUSED = int(os.environ.get("BENCH_PAUSED", "100000"))
LOOKS = 20
LEAST_MAILS_A_SECOND = 200
LEAST_RATIO = 0.6
LONGEST_LOOK_MS = 5.0
MORNING = datetime(2031, 1, 13, 9, 30, tzinfo=UTC)
"""A Monday in working hours, by the worker's clock, whenever this runs."""

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


class KeepingSender:
    """Sends, and keeps what it sent."""

    def __init__(self, sender: SmtpSender) -> None:
        self.domain = sender.domain
        self.mails: list[OutgoingMail] = []
        self._sender = sender

    async def send(self, mail: OutgoingMail, begin: Begin) -> None:
        self.mails.append(mail)
        await self._sender.send(mail, begin)

    def connections(self) -> dict[str, int]:
        return {}

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        return self._sender.unavailable_until(rehearsal=rehearsal)


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


async def seconds(work: Awaitable[Any]) -> float:
    begun = perf_counter()
    await work
    return perf_counter() - begun


async def deliver(store: Store, sender: KeepingSender) -> None:
    """Run the activity until nothing is queued."""
    activities = DeliveryActivities(
        store.outbox,
        sender,
        PlainLinks(),
        SentSignals(),
        store.privacy_notices,
        now=lambda: MORNING,
    )
    environment = ActivityEnvironment()
    run = asyncio.ensure_future(environment.run(activities.deliver_notices, "mail"))
    while (counts := await store.outbox.counts()).get("queued"):
        say(f"  {counts.get('sent', 0):,} of {MAILS:,} mails sent")
        await asyncio.wait([run], timeout=0.5)
        if run.done():
            break
    if set(counts) != {"sent"}:
        raise SystemExit(f"not all were sent: {counts}")
    environment.cancel()
    await asyncio.gather(run, return_exceptions=True)


async def bare(port: int, mails: Sequence[OutgoingMail]) -> None:
    """The floor: the library, the same bytes, as many connections."""
    waiting = iter(mails)

    async def one_connection() -> None:
        async with aiosmtplib.SMTP(hostname=HOST, port=port, start_tls=False) as smtp:
            for mail in waiting:
                await smtp.sendmail(mail.sender, [mail.recipient], mail.data)

    await asyncio.gather(*(one_connection() for _ in range(MAILS_AT_ONCE)))


async def sending(url: str, store: Store) -> tuple[float, float]:
    """Mails a second, delivered and bare."""
    connection = await asyncpg.connect(url)
    await connection.execute(PEOPLE.format(people=MAILS))
    await connection.execute(DUE)
    await connection.execute("analyze")
    await connection.close()
    ready, over, port = multiprocessing.Event(), multiprocessing.Event(), free_port()
    server = multiprocessing.Process(target=serve, args=(port, ready, over))
    server.start()
    ready.wait()
    smtp = SmtpSender(SmtpServer(HOST, port, DOMAIN))
    sender = KeepingSender(smtp)
    delivered = await seconds(deliver(store, sender))
    await smtp.close()
    say("  the same bytes by the library alone")
    floor = await seconds(bare(port, sender.mails))
    over.set()
    server.join()
    return MAILS / delivered, MAILS / floor


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
        rate, floor = await sending(url, store)
        say(f"{2 * PAUSED:,} notices of {PAUSED:,} paused pairs")
        look, release = await looking(url, store)
    finally:
        await store.close()
    _print(rate, floor, look, release)


def _print(rate: float, floor: float, look: float, release: float) -> None:
    ratio = rate / floor
    table(
        "Delivery",
        ("what", "measured", "bound", "holds"),
        [
            _row(
                "mails a second",
                f"{rate:,.0f}",
                f">= {LEAST_MAILS_A_SECOND}",
                rate >= LEAST_MAILS_A_SECOND,
            ),
            (
                "floor: bare SMTP of the same bytes, mails a second",
                f"{floor:,.0f}",
                "",
                "",
            ),
            _row("ratio", f"{ratio:.2f}", f">= {LEAST_RATIO}", ratio >= LEAST_RATIO),
            _row(
                f"a look with {2 * PAUSED:,} held notices, ms",
                f"{look:.1f}",
                f"<= {LONGEST_LOOK_MS:.0f}",
                look <= LONGEST_LOOK_MS,
            ),
            (
                "the look for missed resumes, once in ten minutes, ms",
                f"{release:.0f}",
                "",
                "",
            ),
        ],
    )


def _row(what: str, measured: str, bound: str, holds: bool) -> tuple[str, ...]:
    return what, measured, bound, "yes" if holds else "NO"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="binome-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # root's PostgreSQL account has to reach it
        cluster = Cluster(folder / "data", free_port())
        with serving(cluster, folder / "postgres.log"):
            cluster.create_database("bench")
            asyncio.run(measure(cluster.url("bench")))


if __name__ == "__main__":
    main()
