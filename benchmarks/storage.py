"""Bytes that a pair takes in PostgreSQL: all that is recorded of whole lives of six
sessions, about a year, and what is left once they are archived. `python -m benchmarks.storage`

Lives are those of `benchmarks.lifecycle`, written by the statements that write them in
earnest: records, notices that are leased, counted and marked, answers, marks and archive.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from benchmarks.lifecycle import DAY, MENTEE, MONDAY, UNTIL_SESSIONS, start
from benchmarks.support.bench_postgres import bench_database
from benchmarks.support.tables import table
from domain.pair.advance import advance, begin, serve_due
from schemas.effects import Record, RecordBatch
from schemas.events import (
    Event,
    Held,
    InvitationAnswer,
    InvitationAnswered,
    PulseReceived,
    Side,
    SlotsFound,
)
from schemas.ids import PairRef
from schemas.pair import PairState
from schemas.records.inbox import PAGE_SOURCE, EventState, NewEvent
from schemas.stages import Stage
from tests.support.rehearsal.own_sql import database
from workflows.pairs.pair_restoring import snapshot

PAIRS = int(os.environ.get("BENCH_STORED", "1000"))
MOST_BYTES = 12 * 1024
MENTOR = "p" + "a" * 13
AGENDA = (SlotsFound,)
"""Events that nobody sends: an activity finds them."""
PULSED_SESSIONS = (1, 3, 6)
BETWEEN_VACUUMS = 25
"""Lives: little beside all, as what autovacuum leaves for its next run."""
LEAST_BYTES = 40
"""Tables with fewer bytes a pair are left out."""
PEOPLE = """
insert into people (person, external_id, name, email, region, roles, supervisor)
select 'p' || translate(left(md5(role || n), 13), '0189', 'wxyz'), role || n, 'Somebody ' || n,
       role || n || '@firm.example', 'comex', array[role], null
from generate_series(1, $1::integer) as n, unnest(array['mentor', 'mentee']) as role
"""
TWOS = """
select m.person as mentor, e.person as mentee
from people m join people e on e.external_id = 'mentee' || substr(m.external_id, 7)
where m.external_id like 'mentor%' order by m.external_id
"""
SIZES = """
select case when relispartition then regexp_replace(relname, '_\\d{4}_\\d\\d$', '') else relname end as name,
       sum(pg_table_size(oid))::bigint as heap, sum(pg_indexes_size(oid))::bigint as indexes
from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
group by 1 order by 2 desc
"""
QUEUED = "select notice from outbox where state = 'queued' order by notice"
LATE = "update pairs set closed_at = now() - interval '1 year'"


class Size(NamedTuple):
    """Bytes a pair of one table."""

    name: str
    heap: int
    indexes: int

    @property
    def both(self) -> int:
        return self.heap + self.indexes


class Life:
    """One life: what it records, step by step, and the events that people send for it."""

    def __init__(self) -> None:
        self.state, self.now = begin(start()), MONDAY
        self.batches: list[RecordBatch] = []
        self.events: list[Event] = []

    def live(self) -> None:
        for event in UNTIL_SESSIONS:
            self._on(event)
        while self.state.stage is Stage.SESSIONS:
            self._session()

    def _session(self) -> None:
        asked = self.state.finding
        assert asked is not None
        number, first = asked.session, asked.earliest + DAY
        self._on(SlotsFound(revision=asked.revision, session=number, starts=(first,)))
        self.now += DAY
        yes = InvitationAnswer.YES
        self._on(InvitationAnswered(session=number, sequence=0, answer=yes))
        self.now = asked.earliest + 2 * DAY
        self._keep(serve_due(self.state, self.now, served_at=lambda due: due))
        self._on(Held(session=number))
        if number in PULSED_SESSIONS:
            for side in Side:
                self._on(PulseReceived(session=number, pulse=f"{side}0123456789"))

    def _on(self, event: Event) -> None:
        if not isinstance(event, AGENDA):
            self.events.append(event)
        self._keep(advance(self.state, event, self.now).state)

    def _keep(self, state: PairState) -> None:
        """Empty the outbox, as `Record` does: each event comes alone, days apart."""
        records = tuple(each for each in state.outbox if isinstance(each, Record))
        self.state = state.having(outbox=())
        if records:
            kept = snapshot(self.state)
            batch = RecordBatch(pair=state.pair, records=records, state=kept)
            self.batches.append(batch)


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def batches_of(text: Sequence[str], mentor: str, mentee: str) -> Iterator[RecordBatch]:
    for each in text:
        named = each.replace(MENTOR, mentor).replace(MENTEE, mentee)
        yield RecordBatch.model_validate_json(named)


def stored(pair: PairRef, number: int, event: Event) -> NewEvent:
    """An answer as a page stores it."""
    name = sha256(f"{pair.workflow_id}:{number}".encode()).hexdigest()[:32]
    fields = event.model_dump(mode="json", exclude_defaults=True, exclude={"kind"})
    return NewEvent(
        key=f"e{name}",
        source=PAGE_SOURCE,
        event_id=name,
        type=f"binome.{event.kind}.v1",
        kind=event.kind,
        person=pair.mentor,
        pair=pair.workflow_id,
        payload=fields,
    )


async def write(store: Store, life: Life, mentor: str, mentee: str) -> None:
    """All of one life."""
    text = [batch.model_dump_json() for batch in life.batches]
    pair = PairRef.model_validate(dict(life.state.pair) | {"mentor": mentor})
    for batch in batches_of(text, mentor, mentee):
        await store.records.record(batch)
    events = [stored(pair, number, event) for number, event in enumerate(life.events)]
    await store.inbox.store(events)
    for event in events:
        reached = (pair.workflow_id,)
        await store.inbox.mark(event.key, EventState.DELIVERED, reached=reached)
    for session in PULSED_SESSIONS:
        for side, person in ((Side.MENTOR, mentor), (Side.MENTEE, mentee)):
            await store.answers.save_pulse(
                pair, session, side, person, 4, "", "", False
            )


async def send(store: Store, url: str) -> None:
    """Take every notice through its lease, its count and its mark; then what PostgreSQL
    and the reconciler do all day.
    """
    async with database(url) as connection:
        rows = await connection.rows(QUEUED)
    ids = [row["notice"] for row in rows]
    for first in range(0, len(ids), 200):
        some = ids[first : first + 200]
        await store.outbox.renew_leases(some, 20.0)
        names = {
            each: f"<{number:032x}@firm.example>" for number, each in enumerate(some)
        }
        await store.outbox.begin_sending(names)
        await store.outbox.mark_sent(some)
    await store.counters.fold()
    async with database(url) as connection:
        await connection.do("vacuum")


async def sizes(url: str) -> list[Size]:
    async with database(url) as connection:
        await connection.do("vacuum analyze")
        return [
            Size(row["name"], row["heap"] // PAIRS, row["indexes"] // PAIRS)
            for row in await connection.rows(SIZES)
        ]


def show(title: str, found: Sequence[Size], empty: Sequence[Size]) -> int:
    none = {each.name: each for each in empty}
    net = [
        Size(
            each.name,
            each.heap - none.get(each.name, each._replace(heap=0, indexes=0)).heap,
            each.indexes
            - none.get(each.name, each._replace(heap=0, indexes=0)).indexes,
        )
        for each in found
    ]
    total = sum(each.both for each in net)
    table(
        f"{title}: {total:,} bytes a pair",
        ("table", "rows", "indexes"),
        [
            (each.name, f"{each.heap:,}", f"{each.indexes:,}")
            for each in sorted(net, key=lambda each: -each.both)
            if each.both >= LEAST_BYTES
        ],
    )
    return total


async def measure(url: str) -> bool:
    await migrate(url)
    store = await Store.open(url, wrapping_keys=[b"w" * 32])
    try:
        empty = await sizes(url)
        async with database(url) as connection:
            await connection.do(PEOPLE.replace("$1::integer", str(PAIRS)))
            twos = [
                (row["mentor"], row["mentee"]) for row in await connection.rows(TWOS)
            ]
        life = Life()
        life.live()
        for number, (mentor, mentee) in enumerate(twos, 1):
            await write(store, life, mentor, mentee)
            if not number % BETWEEN_VACUUMS or number == PAIRS:
                await send(store, url)
                say(f"  {number:,} of {PAIRS:,} lives written")
        lived = show("A year of a pair", await sizes(url), empty)
        async with database(url) as connection:
            await connection.do(LATE)
        await store.archive.move(datetime.now(UTC) + timedelta(days=1))
        async with database(url) as connection:
            await connection.do("vacuum full")
        archived = show("The same, archived", await sizes(url), empty)
    finally:
        await store.close()
    return _print(lived, archived)


def _print(lived: int, archived: int) -> bool:
    rows = [("a year of a pair", lived), ("the same, archived", archived)]
    table(
        f"Bytes of {PAIRS:,} pairs of six sessions",
        ("what", "bytes a pair", "bound", "holds"),
        [
            (
                what,
                f"{taken:,}",
                f"<= {MOST_BYTES:,}",
                "yes" if taken <= MOST_BYTES else "NO",
            )
            for what, taken in rows
        ],
    )
    return lived <= MOST_BYTES


def main() -> int:
    with bench_database(durable=False) as url:
        holds = asyncio.run(measure(url))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
