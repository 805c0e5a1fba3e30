"""Counts that pages read are those that a recount finds, whatever happened."""

from datetime import UTC, datetime, timedelta
from random import Random

import asyncpg
import pytest

from schemas.notices import Recipient
from schemas.records.inbox import EventState, NewEvent
from schemas.stages import Awaited, Health, Outcome, Stage
from tests.support.world import COMEX, ORGANISATION, World, file, line, notice, record

STEPS = 40
SEATS = (("ANNA", 1), ("BRUNO", 1), ("BRUNO", 2))
LATER = datetime(2999, 1, 1, tzinfo=UTC)


class Course:
    """A random course of everything that is counted."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = Random(seed)
        self.revisions = dict.fromkeys(SEATS, 0)

    async def step(self, number: int) -> None:
        steps = (self.record, self.record, self.deliver, self.receive, self.people)
        await self.chance.choice(steps)(number)

    async def record(self, _: int) -> None:
        """A transition, at times twice."""
        seat, chance = self.chance.choice(SEATS), self.chance
        stage = chance.choice([*Stage])
        self.revisions[seat] += 1
        closed = stage is Stage.CLOSED
        made = record(
            self.revisions[seat],
            stage=stage,
            outcome=chance.choice([*Outcome]) if closed else None,
            health=chance.choice([*Health]),
            paused=chance.random() < 0.2,
            held=chance.randrange(9),
            next_step=None if closed else chance.choice([*Awaited]),
            notices=(notice(chance.choice((Recipient.MENTOR, Recipient.OPS))),),
        )
        for _ in range(chance.choice((1, 1, 2))):
            await self.world.record(made, mentor=seat[0], seat=seat[1])

    async def deliver(self, _: int) -> None:
        outbox = self.world.store.outbox
        ids = [row.id for row in await outbox.lease_due("mail", 3, 60)]
        await outbox.mark_sent(ids[:1])
        await outbox.mark_dropped(ids[1:2], "superseded")
        await outbox.renew_leases(ids, 0)

    async def receive(self, number: int) -> None:
        inbox, key = self.world.store.inbox, f"e{number}"
        kind = self.chance.choice(("held", "concern_raised"))
        event = NewEvent(
            key=key,
            source="hr",
            event_id=key,
            type=f"binome.{kind}.v1",
            kind=kind,
            person=self.world.ids["ANNA"],
        )
        await inbox.store([event])
        await inbox.mark(key, self.chance.choice([*EventState]))

    async def people(self, number: int) -> None:
        who = line(f"NEW{self.chance.randrange(3)}", f"r{number % 2}", roles="mentor")
        await self.world.store.imports.apply(file(who))
        if self.chance.random() < 0.3:
            await self.world.store.imports.apply(ORGANISATION)


@pytest.mark.parametrize("seed", range(3))
async def test_after_any_course_they_equal_a_recount(world: World, seed: int) -> None:
    course, counters = Course(world, seed), world.store.counters
    for number in range(STEPS):
        await course.step(number)
        if course.chance.random() < 0.1:
            await counters.fold()
    await world.store.pairs.close_unstarted(COMEX, LATER)
    await world.store.archive.move(datetime.now(UTC) + timedelta(days=1))
    assert await counters.correct() == 0
    await world.store.archive.drop_months(LATER.date())
    assert await counters.correct() == 0


async def test_folding_changes_no_number(world: World) -> None:
    await Course(world, 0).record(1)
    before = await world.store.status.find("pilot")
    await world.store.counters.fold()
    after = await world.store.status.find("pilot")
    assert before is not None and after is not None
    assert before.regions == after.regions


async def test_numbers_that_are_wrong_are_corrected(
    world: World, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("update pair_counts set pairs = pairs + 1")
    await connection.execute("delete from people_counts where role = 'mentor'")
    await connection.close()
    assert await world.store.counters.correct() == 2
    assert await world.store.counters.correct() == 0
    status = await world.store.status.find("pilot")
    assert status is not None and status.regions[0].pairs == 3
