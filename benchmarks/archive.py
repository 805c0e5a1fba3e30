"""Years of closed pairs in PostgreSQL: moving a month into the archive and dropping it,
against deleting the same rows where they are. By hand: `python -m benchmarks.archive`.
"""

import asyncio
import os
from collections.abc import Awaitable
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import asyncpg

from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from benchmarks.support.bench_postgres import bench_database
from benchmarks.support.tables import table

PAIRS = int(os.environ.get("BENCH_ARCHIVED", "100000"))
FIRST_MONTH = datetime(2024, 2, 1, tzinfo=UTC)
"""What closed before it is archived."""

# 24 months of closed pairs from January 2024 on; 25 transitions, 20 notices and 10 events
# each, as pairs of six sessions have them.
SEED = """
create temp table seeded as
select 'pair:bench:idf:1:p' || left(md5(n::text), 13) || ':1' as pair, 'p' || left(md5(n::text), 13) as mentor,
       timestamptz '2024-01-02' + n % 24 * interval '1 month' + n % 27 * interval '1 day' as closed_at
from generate_series(1, {pairs}) as n;
insert into pairs (pair, programme, region, wave, mentor, seat, stage, revision, started, closed_at)
select pair, 'bench', 'idf', 1, mentor, 1, 'closed', 25, true, closed_at from seeded;
insert into transitions (pair, revision, digest, event, at, recorded_at)
select pair, r, sha256((pair || r)::bytea), 'answered', closed_at, closed_at from seeded, generate_series(1, 25) r;
insert into ledger (pair, revision, position, at, what, reason, session)
select pair, r, 1, closed_at, 'session_agreed', 'asked', r / 5 from seeded, generate_series(1, 25) r;
insert into outbox (notice, scope, programme, region, wave, person, body, mentor, mentee, created, state, due,
                    message_id, finished_at)
select pair || ':' || r || ':session_proposed:1.1.0:' || mentor, pair, 'bench', 'idf', 1, mentor,
       jsonb_build_object('template', 'session_proposed', 'to', 'mentor', 'session', 1, 'attempt', 1, 'check', 0,
                          'invite', jsonb_build_object('uid', md5(pair), 'sequence', 0, 'minutes', 60,
                                                       'start', closed_at, 'alternatives', '[]'::jsonb)),
       mentor, mentor, closed_at, 'sent', closed_at, '<' || md5(pair || r) || '@example.org>', closed_at
from seeded, generate_series(1, 20) r;
insert into events (key, source, event_id, type, kind, person, payload, received_at, state, reached, delivered_at)
select 'e' || left(md5(pair || r), 32), 'lms', 'id' || r || mentor, 'binome.module_completed.v1', 'module_completed',
       mentor, '{{"module": "listening"}}', closed_at, 'delivered', array[pair], closed_at
from seeded, generate_series(1, 10) r;
"""

# The next month, for comparison: what retention without an
# archive would do.
DELETE = """
select set_config('binome.archiving', 'on', true);
create temp table old on commit drop as select pair from pairs where closed_at < '2024-03-01' and archived_at is null;
delete from ledger l using old o where l.pair = o.pair;
delete from transitions t using old o where t.pair = o.pair;
delete from outbox n using old o where n.scope = o.pair;
delete from events where delivered_at < '2024-03-01';
"""
VACUUM = ("ledger", "transitions", "outbox", "events")


async def seconds(work: Awaitable[Any]) -> float:
    begun = perf_counter()
    await work
    return perf_counter() - begun


async def measure(url: str) -> list[tuple[str, float]]:
    await migrate(url)
    connection = await asyncpg.connect(url, command_timeout=3600)
    store = await Store.open(url)
    try:
        await connection.execute(SEED.format(pairs=PAIRS))
        await connection.execute("vacuum analyze")
        return [
            ("move it", await seconds(store.archive.move(FIRST_MONTH))),
            (
                "drop it",
                await seconds(store.archive.drop_months(FIRST_MONTH.date())),
            ),
            ("delete the next in place", await seconds(_delete(connection))),
            ("vacuum after that", await seconds(_vacuum(connection))),
        ]
    finally:
        await store.close()
        await connection.close()


async def _delete(connection: asyncpg.Connection) -> None:
    async with connection.transaction():
        await connection.execute(DELETE)


async def _vacuum(connection: asyncpg.Connection) -> None:
    for name in VACUUM:
        await connection.execute(f"vacuum {name}")


def main() -> None:
    with bench_database(durable=False) as url:
        found = asyncio.run(measure(url))
    table(
        f"A month of {PAIRS // 24} pairs, of {PAIRS} in all",
        ("step", "seconds"),
        [(step, f"{taken:.2f}") for step, taken in found],
    )


if __name__ == "__main__":
    main()
