"""The numbers that ops read."""

from typing import Any

import pytest

from activities.persistence.store import Store
from schemas.events import Side
from schemas.notices import Recipient
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.rollout import ProgrammeState, RegionState
from schemas.stages import Outcome, Stage
from tests.support.world import AT, COMEX, World, notice, record


async def save(world: World, *statuses: str, revision: int = 1, **first: Any) -> None:
    """`first`: what else is true of the first region."""
    regions = [
        RegionState(plan=plan, status=status)
        for plan, status in zip(world.plan.cohorts, statuses, strict=True)
    ]
    regions[0] = regions[0].model_copy(update=first)
    state = ProgrammeState(
        plan=world.plan, now=AT, revision=revision, regions=tuple(regions)
    )
    await world.store.programmes.save_state(state)


async def status(world: World) -> ProgrammeStatus:
    found = await world.store.status.find("pilot")
    assert found is not None
    return found


async def comex(world: World) -> RegionStatus:
    return (await status(world)).regions[0]


async def test_an_unknown_programme_has_none(store: Store) -> None:
    assert await store.status.find("nothing") is None


async def test_open_and_waiting_regions_are_in_the_documents_order(
    world: World,
) -> None:
    await save(world, "open", "proposed")
    found = await status(world)
    assert [(r.region, r.wave, r.status) for r in found.regions] == [
        ("comex", 1, "open"),
        ("idf", 0, "proposed"),
    ]
    assert (found.status, found.waiting_for) == ("running", {"extension": 1})


async def test_before_the_first_save_it_is_starting(world: World) -> None:
    assert (await status(world)).status == "starting"


async def test_a_programme_whose_regions_are_closed_is_closed(world: World) -> None:
    await world.store.cohorts.close(
        COMEX, await world.store.cohorts.evidence(world.plan.cohorts[0]), AT
    )
    await save(world, "closed", "closed")
    found = await status(world)
    assert (found.status, found.closed_at, found.date_shown) == ("closed", AT, AT)


async def test_a_programme_of_which_a_region_runs_on_has_no_end(world: World) -> None:
    await world.store.cohorts.close(
        COMEX, await world.store.cohorts.evidence(world.plan.cohorts[0]), AT
    )
    await save(world, "closed", "proposed")
    found = await status(world)
    assert (found.closed_at, found.date_shown) == (None, found.now)


async def test_a_region_that_waits_for_its_next_wave_keeps_the_programme_running(
    world: World,
) -> None:
    await world.store.cohorts.close(
        COMEX, await world.store.cohorts.evidence(world.plan.cohorts[0]), AT
    )
    await save(world, "closed", "closed", next_wave_at=AT)
    found = await status(world)
    assert (found.status, found.closed_at, found.regions[0].next_wave_at) == (
        "running",
        None,
        AT,
    )


async def test_a_proposed_wave_is_listed_beside_the_one_that_has_closed(
    world: World,
) -> None:
    await world.store.cohorts.close(
        COMEX, await world.store.cohorts.evidence(world.plan.cohorts[0]), AT
    )
    ref = COMEX.model_copy(update={"wave": 2})
    await save(
        world,
        "proposed",
        "closed",
        plan=world.plan.cohorts[0].model_copy(update={"cohort": ref}),
    )
    found = [(r.region, r.wave, r.status) for r in (await status(world)).regions]
    assert found == [
        ("comex", 1, "closed"),
        ("comex", 2, "proposed"),
        ("idf", 0, "closed"),
    ]


async def test_stages_outcomes_and_sessions_are_counted(world: World) -> None:
    await world.record(record(1, stage=Stage.SESSIONS, held=2))
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=Outcome.DEFERRED), mentor="BRUNO"
    )
    found = await comex(world)
    assert found.stages == {Stage.TRAINING: 1, Stage.SESSIONS: 1, Stage.CLOSED: 1}
    assert (found.pairs, found.outcomes, found.sessions_held) == (
        3,
        {Outcome.DEFERRED: 1},
        2,
    )


@pytest.mark.parametrize(
    ("low_score", "people", "released", "mean"),
    [
        (0, 4, 0, None),
        (0, 5, 5, "3.5 or more"),
        (2, 6, 0, None),  # that nobody was called tells of each mark that it was no 1
        (2, 7, 7, "3.5 or less"),
    ],
)
async def test_a_mean_is_released_from_five_people_on(
    store: Store, low_score: int, people: int, released: int, mean: str | None
) -> None:
    world = await World.make(store, feedback={"low_score": low_score})
    for number, person in enumerate(list(world.ids.values())[:people]):
        pair = await world.held(person, 1, 2)
        for session in (1, 2):  # more answers of the same people are no more people
            await world.store.answers.save_pulse(
                pair,
                session,
                Side.MENTOR,
                person,
                5 if number < 3 else 1,
                "",
                "",
                False,
            )
    assert (await comex(world)).release is None
    await world.store.releases.publish_due(COMEX, AT)
    found = await comex(world)
    assert found.answers == released
    assert (found.release.mean_text if found.release else None) == mean


async def test_a_pulse_about_a_session_that_was_not_held_does_not_count(
    world: World,
) -> None:
    for person in world.ids.values():
        await world.store.answers.save_pulse(
            await world.held(person, 1), 2, Side.MENTOR, person, 5, "", "", False
        )
    await world.store.releases.publish_due(COMEX, AT)
    assert (await comex(world)).answers == 0


async def test_what_was_released_is_released_once(world: World) -> None:
    """Nine people: that nobody was called tells more than five could hide."""
    for person in world.ids.values():
        await world.store.answers.save_pulse(
            await world.held(person, 1), 1, Side.MENTOR, person, 4, "", "", False
        )
    for _ in range(3):
        await world.store.releases.publish_due(COMEX, AT)
    newest = (await comex(world)).release
    assert newest is not None and newest.number == 1


@pytest.mark.parametrize("last", ["", "Ask"])
async def test_ideas_are_shown_once_five_people_had_one(
    world: World, last: str
) -> None:
    ideas = ["Walk", "Talk", "Read", "Listen", last]
    shown = ideas if last else []
    for person, idea in zip(world.ids.values(), ideas, strict=False):
        await world.store.answers.save_pulse(
            await world.held(person, 1), 1, Side.MENTOR, person, 5, idea, "", False
        )
    await world.store.releases.publish_due(COMEX, AT)
    assert sorted(await world.store.releases.ideas(COMEX)) == sorted(shown)


async def test_what_waits_for_a_person_is_listed_and_what_comes_by_itself_is_not(
    world: World,
) -> None:
    await world.record(record(1, stage=Stage.MATCHING, next_step="answer_due"))
    await world.record(record(1, next_step="find_again"), mentor="BRUNO", seat=1)
    await world.store.matches.save_run(COMEX, [world.proposal("ANNA", "BOSS")], [])
    await world.store.refused_messages.add("pair:pilot:x", "signal", "unknown", AT)
    assert (await status(world)).waiting_for == {
        "answer_due": 1,
        "matches_to_review": 1,
        "refused_messages": 1,
    }


async def test_notices_are_counted(world: World) -> None:
    await world.record(record(1, notices=(notice(Recipient.MENTOR),)))
    assert (await status(world)).notices == {"queued": 1}
