"""Pauses of whole scopes: what is in force, and who is to hear of it."""

import pytest

from schemas.cohort import Evidence
from tests.support.world import AT, COMEX, World, record


@pytest.mark.parametrize(
    "scope", ["programme:pilot", "region:pilot:comex", "cohort:pilot:comex:1"]
)
async def test_a_pause_of_any_scope_is_answered_to_its_pairs(
    world: World, scope: str
) -> None:
    await world.store.pauses.set(scope, paused=True, reason="asked")
    assert (await world.record(record(1))).paused
    await world.store.pauses.set(scope, paused=False)
    assert not (await world.record(record(2))).paused


@pytest.mark.parametrize("who", ["ANNA", "BOSS"])
async def test_a_pause_of_either_person_is_answered(world: World, who: str) -> None:
    await world.store.pauses.set(f"person:{world.ids[who]}", paused=True)
    state = {"match": {"mentee": world.ids["BOSS"]}}
    assert (await world.record(record(1), state=state)).paused


@pytest.mark.parametrize(
    "scope",
    ["programme:other", "region:pilot:idf", "cohort:pilot:comex:2", "person:nobody"],
)
async def test_a_pause_elsewhere_is_not(world: World, scope: str) -> None:
    await world.store.pauses.set(scope, paused=True)
    assert not (await world.record(record(1))).paused


async def test_the_same_pause_twice_is_one(world: World) -> None:
    assert await world.store.pauses.set("programme:pilot", paused=True, reason="asked")
    assert not await world.store.pauses.set(
        "programme:pilot", paused=True, reason="asked"
    )
    assert [d.scope for d in await world.store.pauses.in_force()] == ["programme:pilot"]


@pytest.mark.parametrize(
    "scope", ["programme:pilot", "region:pilot:comex", "cohort:pilot:comex:1"]
)
async def test_all_live_pairs_of_a_scope_are_signalled_page_by_page(
    world: World, scope: str
) -> None:
    pairs = sorted(
        world.pair(m, s).workflow_id
        for m, s in (("ANNA", 1), ("BRUNO", 1), ("BRUNO", 2))
    )
    await world.store.pairs.mark_started(pairs)
    first = await world.store.pauses.pairs(scope, "", 2)
    assert first + await world.store.pauses.pairs(scope, first[-1], 2) == pairs


async def test_a_person_has_the_pairs_of_both_sides(world: World) -> None:
    await world.store.pairs.mark_started([world.pair().workflow_id])
    await world.matched("ANNA", "BOSS")
    for who in ("ANNA", "BOSS"):
        assert await world.store.pauses.pairs(f"person:{world.ids[who]}", "", 9) == [
            world.pair().workflow_id
        ]


async def test_what_is_no_scope_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="not the workflow id of a cohort"):
        await world.store.pauses.pairs("everything", "", 9)


COHORTS = [
    ("programme:pilot", ["cohort:pilot:comex:1"]),
    ("region:pilot:comex", ["cohort:pilot:comex:1"]),
    ("cohort:pilot:comex:1", ["cohort:pilot:comex:1"]),
    ("programme:other", []),
    ("region:pilot:idf", []),
    ("cohort:pilot:comex:2", []),
    ("person:anybody", []),
]


@pytest.mark.parametrize(("scope", "cohorts"), COHORTS)
async def test_the_open_cohorts_of_a_scope_look_too(
    world: World, scope: str, cohorts: list[str]
) -> None:
    assert await world.store.pauses.cohorts(scope) == cohorts


async def test_a_closed_cohort_needs_not_look(world: World) -> None:
    nothing = Evidence(
        cohort=COMEX,
        pairs=0,
        completed=0,
        on_course=0,
        sessions_held=0,
        answers=0,
        aims_met=False,
    )
    await world.store.cohorts.close(COMEX, nothing, AT)
    assert await world.store.pauses.cohorts("programme:pilot") == []


async def test_a_programme_that_lost_its_run_reads_its_own_pauses(world: World) -> None:
    assert (await world.store.programmes.on_record("pilot")).paused == ()
    for scope in (
        "programme:pilot",
        "region:pilot:comex",
        "region:pilots:comex",
        "cohort:pilot:comex:1",
        "person:x",
    ):
        await world.store.pauses.set(scope, paused=True)
    assert (await world.store.programmes.on_record("pilot")).paused == (
        "programme:pilot",
        "region:pilot:comex",
    )
