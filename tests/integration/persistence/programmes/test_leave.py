"""Whoever is on leave is matched with nobody, and is there again when they are back."""

import pytest

from schemas.cohort import MatchDecision
from schemas.stages import Stage
from tests.support.world import COMEX, World, record


async def leave(world: World, who: str, *, on: bool = True) -> None:
    await world.store.pauses.set(f"person:{world.ids[who]}", paused=on, reason="leave")


async def pool(world: World) -> tuple[list[str], set[str]]:
    """(mentors with a free seat, mentees) by external id."""
    found = await world.store.pools.current(COMEX)
    names = {person: external for external, person in world.ids.items()}
    return [names[seat.mentor] for seat in found.seats], world.named(found.mentees)


async def numbers(world: World) -> tuple[int, int]:
    counts = await world.store.cohorts.counts(COMEX)
    return counts.ready_mentors, counts.waiting_mentees


async def approved(world: World) -> None:
    await world.store.matches.save_run(COMEX, [world.proposal("ANNA", "BOSS")], [])
    await world.store.reviews.decide(COMEX, MatchDecision(all=True))


async def test_a_mentee_on_leave_is_not_in_the_pool_until_they_are_back(
    world: World,
) -> None:
    await world.ready()
    await leave(world, "BOSS")
    assert (await pool(world), await numbers(world)) == ((["ANNA"], {"CFO"}), (1, 1))
    await leave(world, "BOSS", on=False)
    assert (await pool(world), await numbers(world)) == (
        (["ANNA"], {"BOSS", "CFO"}),
        (1, 2),
    )


async def test_a_mentor_on_leave_is_not_in_the_pool_before_their_pair_is_signalled(
    world: World,
) -> None:
    await world.ready()
    await leave(world, "ANNA")
    assert (await pool(world), await numbers(world)) == (([], {"BOSS", "CFO"}), (0, 2))


async def test_a_paused_seat_is_not_counted_or_the_end_of_the_pause_would_look_like_nothing_new(
    world: World,
) -> None:
    await world.ready()
    await world.record(record(2, stage=Stage.MATCHING, paused=True))
    assert await numbers(world) == (0, 2)
    await world.record(record(3, stage=Stage.MATCHING))
    assert await numbers(world) == (1, 2)


@pytest.mark.parametrize("who", ["ANNA", "BOSS"])
async def test_an_approved_match_of_somebody_who_has_gone_on_leave_lapses(
    world: World, who: str
) -> None:
    await world.ready()
    await approved(world)
    await leave(world, who)
    assert await world.store.matches.claim_approved(COMEX) == []
    assert (await world.store.cohorts.counts(COMEX)).approved == 0
    await leave(world, who, on=False)
    assert await numbers(world) == (1, 2)


async def test_a_match_that_is_announced_remains(world: World) -> None:
    await world.ready()
    await approved(world)
    await world.store.matches.claim_approved(COMEX)
    await leave(world, "BOSS")
    assert (await world.store.cohorts.counts(COMEX)).claims == 1
