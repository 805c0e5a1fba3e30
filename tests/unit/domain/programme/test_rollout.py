"""The rollout, a row each: what a cohort does next, and which regions a programme opens."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.programme import rollout
from domain.programme.cohort_actions import CohortAction, next_action
from domain.programme.refusals import refusal
from schemas.cohort import CohortCounts, CohortStart, CohortState, Evidence
from schemas.ids import CohortRef
from schemas.policy import Policy
from schemas.programme import CohortPlan, ProgrammePlan
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    PauseProgramme,
    ProgrammeState,
    ProgrammeUpdate,
    RegionState,
    ResumeProgramme,
    TickNeed,
)
from schemas.stages import Stage
from schemas.time.calendar import WorkCalendar
from tests.support.lives import CLOCK, DAY, MONDAY

BEFORE, AFTER = MONDAY + DAY, MONDAY + 22 * DAY
EXTEND_COMEX = ExtendRegion(region="comex")
EXTEND_OUEST = ExtendRegion(region="ouest")


def plan(region: str = "comex", **more: Any) -> CohortPlan:
    policy = Policy.model_validate(
        {"matching": {"approval": more.pop("approval", "reviewed")}}
    )
    cohort = CohortRef(programme="demo", region=region)
    return CohortPlan.model_validate(
        {"cohort": cohort, "policy": policy, "calendar": WorkCalendar(), **more}
    )


def cohort(approval: str = "reviewed", **state: Any) -> CohortState:
    start = CohortStart(plan=plan(approval=approval), clock=CLOCK, opens_at=MONDAY)
    return CohortState(start=start, **state)


def counts(training: int = 0, closed: int = 0, **more: Any) -> CohortCounts:
    return CohortCounts(
        pairs=4, stages={Stage.TRAINING: training, Stage.CLOSED: closed}, **more
    )


NEXT: list[tuple[CohortState, CohortCounts, datetime, CohortAction]] = [
    (cohort(), counts(training=4), BEFORE, CohortAction.WAIT),
    (
        cohort(),
        counts(training=1, ready_mentors=3, waiting_mentees=2),
        BEFORE,
        CohortAction.WAIT,
    ),
    (
        cohort(),
        counts(training=1, ready_mentors=3, waiting_mentees=2),
        AFTER,
        CohortAction.MATCH,
    ),
    (cohort(), counts(ready_mentors=3, waiting_mentees=2), BEFORE, CohortAction.MATCH),
    (cohort(), counts(ready_mentors=3), AFTER, CohortAction.WAIT),
    (cohort(), counts(waiting_mentees=2), AFTER, CohortAction.WAIT),
    (
        cohort(tried=(3, 2)),
        counts(ready_mentors=3, waiting_mentees=2),
        AFTER,
        CohortAction.WAIT,
    ),
    (
        cohort(tried=(3, 2)),
        counts(ready_mentors=3, waiting_mentees=3),
        AFTER,
        CohortAction.MATCH,
    ),
    (
        cohort(run=1),
        counts(ready_mentors=3, waiting_mentees=2, proposed=2),
        AFTER,
        CohortAction.ASK_REVIEW,
    ),
    (
        cohort(run=1, review_asked=1),
        counts(ready_mentors=3, waiting_mentees=2, proposed=2),
        AFTER,
        CohortAction.WAIT,
    ),
    (
        cohort("automatic", run=1),
        counts(ready_mentors=3, proposed=2),
        AFTER,
        CohortAction.APPROVE,
    ),
    (cohort(), counts(approved=1, proposed=1), AFTER, CohortAction.ANNOUNCE),
    (
        cohort(),
        counts(approved=1, guard_due=True, guard_to_notify=1),
        AFTER,
        CohortAction.CHECK_LINES,
    ),
    (cohort(), counts(approved=1, guard_to_notify=1), AFTER, CohortAction.SIGNAL_LINES),
    (
        cohort(),
        counts(guard_to_notify=1, paused=("programme:demo",)),
        AFTER,
        CohortAction.SIGNAL_LINES,
    ),
    (cohort(), counts(approved=1, guard_held=9), AFTER, CohortAction.ANNOUNCE),
    (cohort(), counts(closed=4, guard_due=True), AFTER, CohortAction.CLOSE),
    (cohort(), counts(closed=4), AFTER, CohortAction.CLOSE),
    (cohort(), counts(closed=4, proposed=1), AFTER, CohortAction.CLOSE),
    (cohort(), CohortCounts(), BEFORE, CohortAction.CLOSE),
]


@pytest.mark.parametrize(("state", "seen", "now", "action"), NEXT)
def test_a_cohort_knows_what_comes_next(
    state: CohortState, seen: CohortCounts, now: datetime, action: CohortAction
) -> None:
    assert next_action(state, seen, now) is action


def programme(**second: Any) -> ProgrammeState:
    """Comex, and ouest after it."""
    plans = (plan(), plan("ouest", after="comex", **second))
    made = ProgrammePlan(programme="demo", starts_at=MONDAY, clock=CLOCK, cohorts=plans)
    return ProgrammeState(
        plan=made, now=MONDAY, regions=tuple(RegionState(plan=p) for p in plans)
    )


def evidence(*, aims_met: bool = True, wave: int = 1) -> Evidence:
    ref = CohortRef(programme="demo", region="comex", wave=wave)
    return Evidence(
        cohort=ref,
        pairs=4,
        completed=3,
        on_course=0.75,
        sessions_held=12,
        answers=0,
        aims_met=aims_met,
    )


def after_comex(*, aims_met: bool = True, **second: Any) -> ProgrammeState:
    """As far as it goes by itself once comex has closed."""
    state = rollout.opened(
        rollout.open_due_regions(programme(**second), MONDAY), "comex"
    )
    return rollout.open_due_regions(
        rollout.cohort_closed(state, evidence(aims_met=aims_met), AFTER), AFTER
    )


def statuses(state: ProgrammeState) -> list[str]:
    return [region.status for region in state.regions]


def test_nothing_opens_before_the_programme_starts() -> None:
    assert statuses(
        rollout.open_due_regions(programme(), MONDAY - timedelta(seconds=1))
    ) == [
        "waiting",
        "waiting",
    ]


def test_the_first_region_opens_at_the_start_and_the_next_waits() -> None:
    assert statuses(rollout.open_due_regions(programme(), MONDAY)) == [
        "opening",
        "waiting",
    ]


OPENINGS = [
    ({"opening": "proposed"}, True, "proposed"),
    ({"opening": "automatic"}, True, "opening"),
    (
        {"opening": "automatic"},
        False,
        "proposed",
    ),  # the evidence is short of it: a person decides
    ({"opening": "automatic", "needs": ("works_council",)}, True, "needs"),
]


@pytest.mark.parametrize(("second", "aims_met", "status"), OPENINGS)
def test_outcomes_propose_or_open_the_next_region(
    second: dict[str, Any], aims_met: bool, status: str
) -> None:
    assert statuses(after_comex(aims_met=aims_met, **second)) == ["closed", status]


def test_an_approved_region_still_waits_for_its_needs() -> None:
    state = after_comex(needs=("works_council",))
    state = rollout.open_due_regions(rollout.updated(state, EXTEND_OUEST, AFTER), AFTER)
    assert statuses(state)[1] == "needs"
    state = rollout.updated(
        state, TickNeed(region="ouest", need="works_council"), AFTER
    )
    assert statuses(rollout.open_due_regions(state, AFTER))[1] == "opening"
    assert state.regions[1].ticked_at == {"works_council": AFTER}


def test_a_held_region_opens_only_when_ops_extend_it() -> None:
    state = rollout.updated(after_comex(), HoldRegion(region="ouest"), AFTER)
    assert statuses(rollout.open_due_regions(state, AFTER))[1] == "held"
    state = rollout.updated(state, EXTEND_OUEST, AFTER)
    assert statuses(rollout.open_due_regions(state, AFTER))[1] == "opening"


def test_extending_a_closed_region_opens_its_next_wave() -> None:
    state = rollout.updated(after_comex(), EXTEND_COMEX, AFTER)
    state = rollout.open_due_regions(state, AFTER)
    assert (state.regions[0].status, state.regions[0].plan.cohort.wave) == (
        "opening",
        2,
    )


def test_a_report_of_an_earlier_wave_or_the_same_twice_changes_nothing() -> None:
    state = after_comex()
    assert rollout.cohort_closed(state, evidence(), AFTER) is state
    second = rollout.updated(state, EXTEND_COMEX, AFTER)
    second = rollout.opened(rollout.open_due_regions(second, AFTER), "comex")
    assert rollout.cohort_closed(second, evidence(wave=1), AFTER) is second


REFUSALS = [
    (ExtendRegion(region="mars"), "allowed: comex, ouest"),
    (HoldRegion(region="mars"), "allowed: comex, ouest"),
    (ConcludeRegion(region="mars"), "allowed: comex, ouest"),
    (PauseProgramme(region="mars"), "allowed: comex, ouest"),
    (ResumeProgramme(region="mars"), "allowed: comex, ouest"),
    (TickNeed(region="mars", need="visa"), "allowed: comex, ouest"),
    (HoldRegion(region="comex"), "it is closed already"),
    (TickNeed(region="ouest", need="visa"), "allowed: works_council"),
]


@pytest.mark.parametrize(("update", "says"), REFUSALS)
def test_an_update_that_does_not_fit_says_what_is_allowed(
    update: ProgrammeUpdate, says: str
) -> None:
    assert says in (refusal(after_comex(needs=("works_council",)), update) or "")


@pytest.mark.parametrize("update", [update for update, _ in REFUSALS])
def test_a_cancelled_programme_refuses_every_update(update: ProgrammeUpdate) -> None:
    cancelled = rollout.cancelled(after_comex())
    assert "was cancelled" in (refusal(cancelled, update) or "")
