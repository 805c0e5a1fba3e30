"""The pause of a person by events, which may come twice, late and in any order."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.records.inbox import NewEvent
from tests.support.world import World, record

HOUR = datetime(2026, 1, 5, 9, tzinfo=UTC)


def event(world: World, key: str, *, pause: bool, at: int | None = None) -> NewEvent:
    """`at`: hour of the sender's `time`."""
    time = None if at is None else HOUR + timedelta(hours=at)
    return NewEvent(
        key=key, source="hr", event_id=key, type="-", kind="directives_changed", person=world.ids["ANNA"],
        occurred_at=time, pause=pause,
    )  # fmt: skip


async def paused(world: World) -> bool:
    return bool((await world.record(record(1))).paused)


async def test_it_holds_for_pairs_that_record_later(world: World) -> None:
    await world.store.inbox.store([event(world, "a", pause=True)])
    assert await paused(world)
    await world.store.inbox.store([event(world, "b", pause=False)])
    assert not await paused(world)


@pytest.mark.parametrize(
    ("first", "second", "in_force"),
    [
        (1, 2, True),  # in order
        (2, 1, False),  # the earlier one comes late
        (2, 2, True),  # in the same moment: the one that came last
        (None, 1, True),  # one has no time: the one that came last
        (2, None, True),
    ],
)
async def test_of_resumed_then_paused_the_later_by_time_counts(
    world: World, first: int | None, second: int | None, in_force: bool
) -> None:
    await world.store.inbox.store([event(world, "a", pause=False, at=first)])
    await world.store.inbox.store([event(world, "b", pause=True, at=second)])
    assert await paused(world) is in_force


async def test_in_one_batch_the_later_by_time_counts_too(world: World) -> None:
    await world.store.inbox.store(
        [event(world, "a", pause=False, at=2), event(world, "b", pause=True, at=1)]
    )
    assert not await paused(world)


async def test_a_clock_that_runs_ahead_does_not_hold_for_ever(world: World) -> None:
    await world.store.inbox.store([event(world, "a", pause=True, at=24 * 365 * 200)])
    now = event(world, "b", pause=False).model_copy(
        update={"occurred_at": datetime.now(UTC) + timedelta(minutes=1)}
    )
    await world.store.inbox.store([now])
    assert not await paused(world)


async def test_an_event_that_came_already_changes_nothing(world: World) -> None:
    for key, pause in (("a", True), ("b", False), ("a", True)):
        await world.store.inbox.store([event(world, key, pause=pause)])
    assert not await paused(world)


async def test_what_is_paused_is_listed_with_its_beginning(world: World) -> None:
    scope = f"person:{world.ids['ANNA']}"
    await world.store.inbox.store([event(world, "a", pause=True)])
    (before,) = await world.store.pauses.in_force_among([scope, "programme:pilot"])
    await world.store.inbox.store([event(world, "b", pause=True)])
    assert (before.scope, before.reason) == (scope, "leave")
    assert await world.store.pauses.in_force_among([scope]) == [before]
