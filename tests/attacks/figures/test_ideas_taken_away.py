"""Whoever keeps yesterday's list sees which idea is missing today, and knows who was erased meanwhile."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from activities.persistence.database import Row, Transaction
from activities.persistence.store import Store
from schemas.events import Side
from schemas.stages import Outcome, Stage
from tests.support.world import AT, COMEX, World, record

IDEAS = {
    "ANNA": "Walk",
    "BRUNO": "Talk",
    "BOSS": "Read",
    "CFO": "Listen",
    "COACH": "Ask",
}


async def say(world: World, *who: str, session: int = 1) -> None:
    for name in who:
        pair = await world.held(world.ids[name], 1, 2)
        await world.store.answers.save_pulse(
            pair,
            session,
            Side.MENTOR,
            world.ids[name],
            5,
            IDEAS.get(name, ""),
            "",
            False,
        )


async def shown(world: World) -> set[str]:
    await world.store.releases.publish_due(COMEX, AT)
    return set(await world.store.releases.ideas(COMEX))


async def erase(world: World, name: str) -> None:
    closed = record(2, stage=Stage.CLOSED, outcome=Outcome.LEFT)
    await world.record(closed, mentor=name)
    person = await world.store.people.find_external(name)
    assert person is not None
    await world.store.erasures.begin(person.person, "digest", "tester")
    assert (await world.store.erasures.carry_out(person)).finished_at


async def test_the_idea_of_somebody_erased_is_not_the_one_that_is_missing(
    world: World,
) -> None:
    await say(world, *IDEAS)
    before = await shown(world)
    await erase(world, "ANNA")
    missing = before - await shown(world)
    assert len(before) == len(missing) == 5


async def test_ideas_that_grow_old_do_not_go_one_by_one(world: World) -> None:
    first, *others = IDEAS
    await say(world, first)
    between = datetime.now(UTC)
    await say(world, *others)
    before = await shown(world)
    assert await world.store.erasures.empty_old_pulses(between) == 1
    missing = before - await shown(world)
    assert len(before) == len(missing) == 5


async def test_an_erasure_during_a_release_comes_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sum with a mark more than are counted would let the cohort fail at its next release."""
    world = await World.make(store, feedback={"low_score": 0})
    await say(world, *IDEAS)
    original = Transaction.rows
    erasing: list[asyncio.Task[None]] = []

    async def reading(self: Transaction, query: Any, **values: Any) -> list[Row]:
        rows = await original(self, query, **values)
        if query == "unreleased_scores" and not erasing:
            erasing.append(asyncio.create_task(erase(world, "ANNA")))
            await asyncio.wait(
                erasing, timeout=0.3
            )  # what need not wait is done by then
        return rows

    monkeypatch.setattr(Transaction, "rows", reading)
    await shown(world)
    await erasing[0]
    await say(world, *(name for name in world.ids if name != "ANNA"), session=2)
    await shown(world)
    status = await store.status.find("pilot")
    assert status is not None
    assert status.regions[0].answers == len(world.ids)
