"""What finding a slot sees of two agendas."""

from datetime import timedelta

from schemas.scheduling import Busy
from schemas.stages import Stage
from schemas.time.calendar import Window
from tests.support.world import (
    AT,
    World,
    cohort_start,
    document,
    plan,
    record,
)

WEEK = timedelta(weeks=1)


async def test_both_sides_windows_and_the_regions_calendar(world: World) -> None:
    agenda = await world.store.agendas.of_pair(world.pair(), world.ids["BOSS"])
    assert agenda.mentor.windows == (Window(day=0, start=540, end=720),)
    assert agenda.mentee.windows == ()
    assert agenda.calendar == world.plan.cohorts[0].calendar


async def test_what_other_pairs_booked_is_taken(world: World) -> None:
    await world.matched("BRUNO", "CFO", seat=1)
    agenda = await world.store.agendas.of_pair(
        world.pair("BRUNO", 2), world.ids["BOSS"]
    )
    assert agenda.mentor.busy == (
        Busy(start=AT + WEEK, end=AT + WEEK + timedelta(hours=1)),
    )
    assert agenda.mentee.busy == ()


async def test_the_pairs_own_session_is_not_in_its_way(world: World) -> None:
    await world.matched("ANNA", "BOSS")
    agenda = await world.store.agendas.of_pair(world.pair(), world.ids["BOSS"])
    assert (agenda.mentor.busy, agenda.mentee.busy) == ((), ())


async def test_a_session_that_was_withdrawn_is_free_again(world: World) -> None:
    await world.matched("BRUNO", "CFO", seat=1)
    withdrawn = record(
        2, stage=Stage.SESSIONS, mentee=world.ids["CFO"], sessions=[(1, 1, "withdrawn")]
    )
    await world.record(withdrawn, mentor="BRUNO")
    assert (
        await world.store.agendas.of_pair(world.pair("BRUNO", 2), world.ids["BOSS"])
    ).mentor.busy == ()


async def test_a_rehearsal_does_not_see_what_is_really_booked(world: World) -> None:
    await world.matched("ANNA", "BOSS")
    rehearsal = {"programme": "dry-run", "rehearsal": {"pace": 1000}}
    made = plan(**rehearsal)
    await world.store.programmes.claim(document(**rehearsal), made, "programme:dry-run")
    await world.store.cohorts.open(cohort_start(made))
    pair = world.pair().model_copy(update={"programme": "dry-run"})
    assert (
        await world.store.agendas.of_pair(pair, world.ids["BOSS"])
    ).mentee.busy == ()
