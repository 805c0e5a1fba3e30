"""Scheduling over PostgreSQL: what one pair has booked is not found for another."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.persistence.store import Store
from activities.scheduling.activities import SchedulingActivities
from schemas.effects import FindSlots
from tests.support.world import AT, World


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    store = await Store.open(database_url)
    yield await World.make(store)
    await store.close()


def _question(world: World, mentee: str) -> FindSlots:
    """For BRUNO's second seat, in the fortnight from AT."""
    return FindSlots(
        pair=world.pair("BRUNO", 2),
        mentee=world.ids[mentee],
        revision=1,
        session=1,
        attempt=1,
        earliest=AT,
        latest=AT + timedelta(days=14),
        minutes=60,
        most=1000,
    )


async def test_times_are_found_in_the_opening_hours_of_who_gave_none(
    world: World,
) -> None:
    found = await ActivityEnvironment().run(
        SchedulingActivities(world.store.agendas).find_slots, _question(world, "CFO")
    )
    assert found.starts[0] == AT
    assert {start.weekday() for start in found.starts} == {0, 1, 2, 3, 4}


async def test_what_the_mentor_has_booked_with_another_is_left_out(
    world: World,
) -> None:
    await world.matched("BRUNO", "BOSS", seat=1)
    (booked,) = (
        await world.store.agendas.of_pair(world.pair("BRUNO", 2), world.ids["CFO"])
    ).mentor.busy
    found = await ActivityEnvironment().run(
        SchedulingActivities(world.store.agendas).find_slots, _question(world, "CFO")
    )
    assert found.starts
    assert not any(
        start < booked.end and booked.start < start + timedelta(hours=1)
        for start in found.starts
    )
