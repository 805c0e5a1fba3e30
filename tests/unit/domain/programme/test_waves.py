"""Waves: when the next one of a region comes, who opens it, and when a programme is over."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.programme import rollout
from domain.programme.refusals import refusal
from domain.programme.regions import region_of, with_region
from schemas.cohort import Evidence
from schemas.ids import CohortRef
from schemas.policy import Policy
from schemas.programme import CohortPlan, ProgrammePlan
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    ProgrammeState,
    RegionPhase,
    RegionState,
    RegionUpdate,
)
from schemas.time.calendar import WorkCalendar
from tests.support.lives import CLOCK, DAY, MONDAY
from tests.unit.domain.programme.test_rollout import OPENINGS

EXTEND = ExtendRegion(region="comex")
HOLD = HoldRegion(region="comex")
CONCLUDE = ConcludeRegion(region="comex")
CLOSED = MONDAY + 100 * DAY
NEXT = CLOSED + 28 * DAY


def plan(region: str, waves: int, **more: Any) -> CohortPlan:
    policy = Policy.model_validate(
        {"extension": {"waves": waves, "next_wave_after": "4 weeks"}}
    )
    return CohortPlan.model_validate(
        {
            "cohort": CohortRef(programme="demo", region=region),
            "policy": policy,
            "calendar": WorkCalendar(),
            **more,
        }
    )


def comex_closed(
    *, waves: int = 2, aims_met: bool = True, **more: Any
) -> ProgrammeState:
    """Comex has had its first wave; ouest, after it, needs a paper that nobody has ticked."""
    plans = (
        plan("comex", waves, **more),
        plan("ouest", waves, after="comex", opening="automatic", needs=("paper",)),
    )
    made = ProgrammePlan(programme="demo", starts_at=MONDAY, clock=CLOCK, cohorts=plans)
    state = ProgrammeState(
        plan=made, now=MONDAY, regions=tuple(RegionState(plan=p) for p in plans)
    )
    return closed(rollout.open_due_regions(state, MONDAY), CLOSED, aims_met=aims_met)


def extended(state: ProgrammeState) -> ProgrammeState:
    return rollout.updated(state, EXTEND, NEXT)


def extended_and_due() -> ProgrammeState:
    return rollout.open_due_regions(extended(comex_closed()), CLOSED)


def held_back(state: ProgrammeState) -> ProgrammeState:
    return rollout.updated(state, HOLD, NEXT)


def closed(
    state: ProgrammeState, now: datetime, *, aims_met: bool = True
) -> ProgrammeState:
    """Comex is open, whatever it may still need, and its cohort reports its end."""
    region = region_of(state, "comex")
    state = with_region(state, region.model_copy(update={"status": RegionPhase.OPEN}))
    ref = state.regions[0].plan.cohort
    found = Evidence(
        cohort=ref,
        pairs=4,
        completed=3,
        on_course=0.75,
        sessions_held=12,
        answers=0,
        aims_met=aims_met,
    )
    return rollout.open_due_regions(rollout.cohort_closed(state, found, now), now)


def comex(state: ProgrammeState) -> tuple[str, int]:
    return state.regions[0].status, state.regions[0].plan.cohort.wave


def test_a_region_of_one_wave_is_done_when_it_has_closed() -> None:
    state = comex_closed(waves=1)
    assert state.regions[0].done
    assert comex(rollout.open_due_regions(state, NEXT + 1000 * DAY)) == ("closed", 1)


@pytest.mark.parametrize(("region", "aims_met", "status"), OPENINGS)
def test_the_next_wave_comes_in_its_time_and_not_before(
    region: dict[str, Any], aims_met: bool, status: str
) -> None:
    state = comex_closed(aims_met=aims_met, **region)
    assert comex(rollout.open_due_regions(state, NEXT - timedelta(seconds=1))) == (
        "closed",
        1,
    )
    assert comex(rollout.open_due_regions(state, NEXT)) == (status, 2)


def test_the_next_wave_waits_for_the_end_of_a_closed_period() -> None:
    august = {"closed": [f"{NEXT.date()}/{(NEXT + 9 * DAY).date()}"]}
    state = comex_closed(calendar=august)
    assert comex(rollout.open_due_regions(state, NEXT + 9 * DAY)) == ("closed", 1)
    assert comex(rollout.open_due_regions(state, NEXT + 13 * DAY)) == ("proposed", 2)


def test_a_proposed_wave_opens_when_it_is_extended() -> None:
    state = rollout.open_due_regions(comex_closed(), NEXT)
    assert comex(rollout.open_due_regions(extended(state), NEXT)) == ("opening", 2)


def test_a_wave_can_be_opened_before_its_time() -> None:
    state = rollout.open_due_regions(extended(comex_closed()), CLOSED)
    assert comex(state) == ("opening", 2)
    assert comex(rollout.open_due_regions(rollout.opened(state, "comex"), NEXT)) == (
        "open",
        2,
    )


def test_a_wave_that_is_held_waits_for_ops_whatever_the_date() -> None:
    state = held_back(comex_closed(opening="automatic"))
    assert comex(rollout.open_due_regions(state, NEXT + 1000 * DAY)) == ("held", 2)
    assert comex(rollout.open_due_regions(extended(state), NEXT)) == ("opening", 2)


def test_an_approval_is_for_one_wave() -> None:
    state = rollout.open_due_regions(extended(comex_closed(waves=3)), CLOSED)
    state = closed(state, CLOSED)
    assert comex(rollout.open_due_regions(state, NEXT)) == ("proposed", 3)


def test_a_region_that_waits_for_its_needs_opens_while_a_next_wave_runs_elsewhere() -> (
    None
):
    state = rollout.open_due_regions(extended(comex_closed()), CLOSED)
    ticked = state.regions[1].model_copy(update={"ticked": ("paper",)})
    state = state.model_copy(update={"regions": (state.regions[0], ticked)})
    assert rollout.open_due_regions(state, CLOSED).regions[1].status == "opening"


CONCLUDED = [
    comex_closed(),
    rollout.open_due_regions(comex_closed(), NEXT),
    held_back(comex_closed()),
]


@pytest.mark.parametrize(
    "state", CONCLUDED, ids=["before its time", "proposed", "held"]
)
def test_ops_conclude_a_region_whose_next_wave_has_not_opened(
    state: ProgrammeState,
) -> None:
    state = rollout.updated(state, CONCLUDE, NEXT)
    assert comex(rollout.open_due_regions(state, NEXT + 1000 * DAY)) == ("closed", 1)
    assert state.regions[0].done


def test_a_programme_is_over_when_every_region_had_its_waves() -> None:
    state = comex_closed()
    alone = state.model_copy(update={"regions": state.regions[:1]})
    assert not alone.finished
    second = rollout.open_due_regions(extended(alone), NEXT)
    assert closed(second, NEXT).finished


def test_a_programme_looks_up_at_its_start_and_when_a_wave_falls_due() -> None:
    state = comex_closed()
    assert rollout.next_due(state, MONDAY - DAY) == MONDAY
    assert rollout.next_due(state, CLOSED) == NEXT
    assert rollout.next_due(state, NEXT) is None


REFUSALS = [
    (CONCLUDE, comex_closed(waves=1), "no further wave is waited for; allowed: extend"),
    (CONCLUDE, rollout.opened(extended_and_due(), "comex"), "a wave is open"),
    (HOLD, comex_closed(waves=1), "it is closed already"),
]


@pytest.mark.parametrize(("update", "state", "says"), REFUSALS)
def test_an_update_about_a_wave_that_does_not_fit_is_refused(
    update: RegionUpdate, state: ProgrammeState, says: str
) -> None:
    assert says in (refusal(state, update) or "")


@pytest.mark.parametrize("update", [HOLD, EXTEND, CONCLUDE])
def test_an_update_about_a_wave_that_is_to_come_is_accepted(
    update: RegionUpdate,
) -> None:
    assert refusal(comex_closed(), update) is None


def test_a_region_that_never_opened_is_not_concluded() -> None:
    assert "its first wave has not opened" in str(
        refusal(comex_closed(), ConcludeRegion(region="ouest"))
    )
