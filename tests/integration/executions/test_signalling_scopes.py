"""Pairs of a scope are told of a pause or its end, and its cohorts look once they have written it down."""

import asyncio
from typing import Any

import pytest

from activities.executions import activities
from schemas.stages import Stage
from tests.support.activity_runs import House, Temporal
from tests.support.world import COMEX, World, record

PAUSED = {"paused_by": ["directive"]}


class Writing(Temporal):
    """Pairs write down what they heard a while later, but for those that are lost; a cohort counts when it is told."""

    def __init__(self, world: World, *, lost: bool = False) -> None:
        super().__init__()
        self.world, self.lost = world, lost
        self.ready: list[int] = []
        self.writing: list[asyncio.Task[None]] = []

    def get_workflow_handle(self, workflow_id: str) -> Any:
        return Hearing(self, workflow_id)

    async def resumed(self, pair: str) -> None:
        await asyncio.sleep(0.2)
        seat = int(pair.rsplit(":", 1)[1])
        await self.world.record(
            record(2, stage=Stage.MATCHING), mentor="BRUNO", seat=seat
        )


class Hearing(Temporal.Handle):
    temporal: Writing

    async def signal(self, name: str, payload: Any) -> None:
        await super().signal(name, payload)
        if name == "people_changed":
            self.temporal.ready.append(
                (await self.temporal.world.store.cohorts.counts(COMEX)).ready_mentors
            )
        elif not self.temporal.lost:
            self.temporal.writing.append(
                asyncio.create_task(self.temporal.resumed(self.workflow_id))
            )


@pytest.fixture
async def resumed(world: World) -> World:
    """Two seats that wait for a match stand still, by a pause that is over."""
    for seat in (1, 2):
        await world.record(
            record(1, stage=Stage.MATCHING, paused=True),
            mentor="BRUNO",
            seat=seat,
            state=PAUSED,
        )
    await world.store.pauses.set("programme:pilot", paused=True)
    await world.store.pauses.set("programme:pilot", paused=False)
    return world


@pytest.mark.parametrize(
    "scope", ["programme:pilot", "region:pilot:comex", "cohort:pilot:comex:1"]
)
async def test_a_cohort_looks_when_all_its_pairs_have_written_down_the_end_of_a_pause(
    resumed: World, scope: str
) -> None:
    temporal = Writing(resumed)
    house = House(resumed.store, temporal)
    assert await house.run(house.executions.signal_scope, scope) == 2
    assert temporal.ready == [2]


async def test_a_pair_that_is_lost_keeps_its_cohort_waiting_for_a_while_only(
    resumed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities, "OBEYED_WITHIN_SECONDS", 0.1)
    temporal = Writing(resumed, lost=True)
    house = House(resumed.store, temporal)
    await house.run(house.executions.signal_scope, "programme:pilot")
    assert temporal.ready == [0]


async def test_nobody_waits_for_pairs_that_write_down_another_pause(
    resumed: World,
) -> None:
    await resumed.store.pauses.set("region:pilot:comex", paused=True)
    assert await resumed.store.pauses.count_not_obeying("programme:pilot") == 0
