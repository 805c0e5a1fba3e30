"""Pairs are started, and signalled their match, page by page and once."""

from typing import Any

import asyncpg
from temporalio.client import Client

from schemas.cohort import MatchDecision
from tests.support.activity_runs import House
from tests.support.world import (
    COMEX,
    World,
    cohort_start,
)


async def test_every_pair_is_started_once(world: World) -> None:
    house = House(world.store)
    start = cohort_start(world.plan)
    assert [await house.run(house.executions.start_pairs, start) for _ in range(2)] == [
        3,
        0,
    ]
    assert len(set(house.temporal.started)) == len(house.temporal.started) == 3


async def test_a_pair_that_runs_already_counts_as_started(
    world: World, database_url: str, temporal_server: Any
) -> None:
    client: Client = temporal_server.client
    house = House(world.store, client)
    assert await house.run(house.executions.start_pairs, cohort_start(world.plan)) == 3
    connection = await asyncpg.connect(database_url)
    await connection.execute("update pairs set started = false")
    await connection.close()
    assert await house.run(house.executions.start_pairs, cohort_start(world.plan)) == 3
    await client.get_workflow_handle(world.pair().workflow_id).terminate()


async def test_approved_matches_are_claimed_and_signalled_once(world: World) -> None:
    house = House(world.store)
    await world.ready("ANNA")
    await world.store.matches.save_run(COMEX, [world.proposal("ANNA", "BOSS")], [])
    counts = await house.run(house.do.decide_matches, COMEX, MatchDecision(all=True))
    assert (counts.approved, counts.proposed) == (1, 0)
    assert [
        await house.run(house.executions.announce_matches, COMEX) for _ in range(2)
    ] == [
        1,
        0,
    ]
    assert house.temporal.signals == [
        (world.pair().workflow_id, "matched", {"mentee": world.ids["BOSS"]})
    ]
