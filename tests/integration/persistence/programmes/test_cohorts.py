"""Who is enrolled, how a cohort stands, and the evidence it leaves."""

import pytest

from activities.persistence.store import Store
from schemas.effects import RecordBatch
from schemas.events import Side
from schemas.records.listings import PairListing
from schemas.stages import Health, Outcome, Stage
from tests.support.world import (
    AT,
    COMEX,
    ORGANISATION,
    World,
    cohort_start,
    document,
    plan,
    record,
)


async def pulses(world: World, *scores: int) -> None:
    """One score a person, in the order of the file."""
    for person, score in zip(world.ids.values(), scores, strict=False):
        await world.store.answers.save_pulse(
            await world.held(person, 1), 1, Side.MENTOR, person, score, "", "", False
        )


async def test_every_seat_of_the_lending_region_becomes_a_pair(world: World) -> None:
    assert (await world.store.cohorts.counts(COMEX)).stages == {Stage.TRAINING: 3}
    assert (await world.store.cohorts.counts(COMEX)).waiting_mentees == 2


async def test_enrolling_again_changes_nothing(world: World) -> None:
    assert await world.store.cohorts.open(cohort_start(world.plan)) == 3


async def first_wave_closes(world: World) -> None:
    await world.store.cohorts.close(
        COMEX, await world.store.cohorts.evidence(world.plan.cohorts[0]), AT
    )


async def test_seats_that_are_taken_elsewhere_are_not_enrolled(world: World) -> None:
    assert await world.store.cohorts.open(cohort_start(world.plan, region=1)) == 0


async def test_seats_of_closed_pairs_are_free_for_the_next_region(world: World) -> None:
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=Outcome.COMPLETED), mentor="ANNA"
    )
    assert await world.store.cohorts.open(cohort_start(world.plan, region=1)) == 1


async def test_a_mentor_who_left_is_not_enrolled_again(world: World) -> None:
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=Outcome.LEFT), mentor="ANNA"
    )
    assert await world.store.cohorts.open(cohort_start(world.plan, wave=2)) == 0


async def test_a_deferred_mentor_is_first_in_line_in_the_next_wave(
    world: World,
) -> None:
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=Outcome.DEFERRED), mentor="ANNA"
    )
    await first_wave_closes(world)
    second = cohort_start(world.plan, wave=2)
    await world.store.cohorts.open(second)
    ready = record(1, stage=Stage.MATCHING)
    pair = world.pair().model_copy(update={"wave": 2})
    await world.store.records.record(RecordBatch(pair=pair, records=(ready,)))
    assert [
        seat.first_in_line
        for seat in (await world.store.pools.current(second.plan.cohort)).seats
    ] == [True]


async def test_a_mentor_who_has_coached_to_the_end_since_is_first_in_line_no_more(
    world: World,
) -> None:
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=Outcome.UNMATCHED), mentor="BRUNO", seat=1
    )
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=Outcome.COMPLETED), mentor="BRUNO", seat=2
    )
    await first_wave_closes(world)
    second = cohort_start(world.plan, wave=2)
    await world.store.cohorts.open(second)
    pair = world.pair("BRUNO").model_copy(update={"wave": 2})
    await world.store.records.record(
        RecordBatch(pair=pair, records=(record(1, stage=Stage.MATCHING),))
    )
    assert [
        seat.first_in_line
        for seat in (await world.store.pools.current(second.plan.cohort)).seats
    ] == [False]


async def test_a_wave_with_nobody_to_coach_invites_no_mentor(world: World) -> None:
    for mentor, seat, mentee in (("ANNA", 1, "BOSS"), ("BRUNO", 1, "CFO")):
        done = record(
            1, stage=Stage.CLOSED, outcome=Outcome.COMPLETED, mentee=world.ids[mentee]
        )
        await world.record(done, mentor=mentor, seat=seat)
    await first_wave_closes(world)
    assert await world.store.cohorts.open(cohort_start(world.plan, wave=2)) == 0


async def test_a_rehearsal_takes_no_seats_from_the_real_programme(world: World) -> None:
    rehearsal = {"programme": "dry-run", "rehearsal": {"pace": 1000}}
    made = plan(**rehearsal)
    await world.store.programmes.claim(document(**rehearsal), made, "programme:dry-run")
    assert await world.store.cohorts.open(cohort_start(made)) == 3


async def test_pairs_are_started_page_by_page_and_once(world: World) -> None:
    first = await world.store.pairs.to_start(COMEX, "", 2)
    ids = [
        world.pair().model_copy(update={"mentor": r.mentor, "seat": r.seat}).workflow_id
        for r in first
    ]
    await world.store.pairs.mark_started(ids)
    assert len(await world.store.pairs.to_start(COMEX, max(ids), 2)) == 1
    assert len(await world.store.pairs.to_start(COMEX, "", 10)) == 1


async def test_a_pair_to_start_knows_what_is_known_of_its_mentor(world: World) -> None:
    await world.store.people.complete_module(world.ids["ANNA"], "listening")
    rows = {row.mentor: row for row in await world.store.pairs.to_start(COMEX, "", 10)}
    anna, bruno = rows[world.ids["ANNA"]], rows[world.ids["BRUNO"]]
    assert (anna.windows_known, anna.modules_done) == (True, ("listening",))
    assert (bruno.windows_known, bruno.modules_done) == (False, ())


async def test_counts_include_health_of_live_pairs_only(world: World) -> None:
    await world.record(record(1, health=Health.AT_RISK, held=2))
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=Outcome.LEFT, health=Health.AT_RISK),
        mentor="BRUNO",
    )
    counts = await world.store.cohorts.counts(COMEX)
    assert counts.health == {Health.AT_RISK: 1, Health.ON_COURSE: 1}
    assert (counts.sessions_held, counts.outcomes) == (2, {Outcome.LEFT: 1})


async def test_counts_of_an_unknown_cohort_are_zero(store: Store) -> None:
    assert (await store.cohorts.counts(COMEX)).pairs == 0


@pytest.mark.parametrize(
    ("scores", "answers", "enough"),
    [
        ((), 0, None),
        ((1, 1, 1, 1), 0, None),  # four people could be recognised
        ((2, 2, 2, 2, 3), 5, False),
        ((4, 4, 4, 4, 4), 0, None),  # of five no more is said than: 3 or more
    ],
)
async def test_a_mean_counts_as_it_was_released(
    store: Store, scores: tuple[int, ...], answers: int, enough: bool | None
) -> None:
    world = await World.make(store, feedback={"low_score": 0})
    await pulses(world, *scores)
    await world.store.releases.publish_due(COMEX, AT)
    evidence = await world.store.cohorts.evidence(world.plan.cohorts[0])
    assert (evidence.answers, evidence.mean_pulse_met) == (answers, enough)


@pytest.mark.parametrize(
    ("outcomes", "share", "enough"),
    [
        ((), 0.0, False),
        ((Outcome.COMPLETED,), 1.0, True),
        ((Outcome.COMPLETED, Outcome.ENDED_EARLY), 0.5, False),
        ((Outcome.COMPLETED, None), 1.0, True),  # on course, still going on
    ],
)
async def test_the_share_on_course_is_of_matched_pairs(
    world: World, outcomes: tuple[Outcome | None, ...], share: float, enough: bool
) -> None:
    seats = [("ANNA", "BOSS"), ("BRUNO", "CFO")]
    for (mentor, mentee), outcome in zip(seats, outcomes, strict=False):
        await world.matched(mentor, mentee)
        if outcome:
            closed = record(
                2, stage=Stage.CLOSED, outcome=outcome, mentee=world.ids[mentee]
            )
            await world.record(closed, mentor=mentor)
    evidence = await world.store.cohorts.evidence(world.plan.cohorts[0])
    assert (evidence.on_course, evidence.aims_met) == (share, enough)


async def test_closing_twice_answers_the_first_evidence(world: World) -> None:
    cohort = world.plan.cohorts[0]
    first = await world.store.cohorts.close(
        COMEX, await world.store.cohorts.evidence(cohort), AT
    )
    await world.matched()
    again = await world.store.cohorts.close(
        COMEX, await world.store.cohorts.evidence(cohort), AT
    )
    assert again == first


async def test_two_programmes_do_not_see_each_others_cohorts(world: World) -> None:
    await world.store.imports.apply(ORGANISATION)
    assert await world.store.programmes.cohorts("other") == []


@pytest.mark.parametrize("stage", [None, Stage.MATCHING])
async def test_pairs_are_listed_page_by_page_those_at_risk_first(
    world: World, stage: Stage | None
) -> None:
    for seat in (1, 2):
        await world.ready("BRUNO", seat)
    await world.record(record(1, stage=Stage.MATCHING, health=Health.AT_RISK))
    found: list[PairListing] = []
    while page := await world.store.pairs.in_cohort(
        COMEX, stage, 1, found[-1].pair.workflow_id if found else ""
    ):
        found += page
    assert [pair.pair for pair in found] == [
        world.pair(),
        world.pair("BRUNO", 1),
        world.pair("BRUNO", 2),
    ]
