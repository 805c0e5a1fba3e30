"""What ops read beside a programme in the Web UI."""

import pytest

from schemas.ids import CohortRef
from schemas.policy import Policy
from schemas.programme import CohortPlan, ProgrammePlan
from schemas.rollout import ProgrammeState, RegionState
from schemas.stages import Stage
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock
from tests.support.lives import MONDAY
from workflows.pairs.pair_details import HOW_TO_ACT
from workflows.rollout_details import programme_details

OPEN_NORD = 'Open a region: update `extend` with `{"region": "nord"'
WAVE_OF_SIEGE = 'has closed: update `extend` with `{"region": "siege"'
NOTHING = "no decision is waited for"
TICK = '`tick_need` with `{"region": "nord", "need": "council"}`'


def programme(siege: str, nord: str, **more: object) -> ProgrammeState:
    plans = [
        CohortPlan(
            cohort=CohortRef(programme="demo", region=name),
            policy=Policy(),
            calendar=WorkCalendar(),
            needs=needs,
        )
        for name, needs in (("siege", ()), ("nord", ("council",)))
    ]
    clock = Clock(programme_epoch=MONDAY, wall_epoch=MONDAY)
    regions = (
        RegionState(plan=plans[0], status=siege),
        RegionState(plan=plans[1], status=nord).model_copy(update=more),
    )
    plan = ProgrammePlan(
        programme="demo", starts_at=MONDAY, clock=clock, cohorts=tuple(plans)
    )
    return ProgrammeState(plan=plan, now=MONDAY, regions=regions)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (programme("open", "waiting"), [OPEN_NORD, TICK]),
        (programme("open", "needs"), [OPEN_NORD, TICK]),
        (
            programme("open", "needs", approved=True),
            [TICK],
        ),  # it is approved: to open it again would be refused
        (programme("closed", "needs", approved=True), [WAVE_OF_SIEGE, TICK]),
        (programme("open", "open", ticked=("council",)), [NOTHING]),
    ],
)
def test_examples_are_the_programmes_own_and_can_be_sent(
    state: ProgrammeState, expected: list[str]
) -> None:
    details = programme_details(state, ()).partition("### How to act")[2]
    assert [
        words for words in (OPEN_NORD, WAVE_OF_SIEGE, TICK, NOTHING) if words in details
    ] == expected


def test_details_show_the_next_waves_date_and_how_to_prevent_it() -> None:
    state = programme("closed", "open", ticked=("council",))
    waiting = state.regions[0].model_copy(update={"next_wave_at": MONDAY})
    details = programme_details(
        state.model_copy(update={"regions": (waiting, state.regions[1])}), ()
    )
    assert "the next wave is proposed on 2027-01-11" in details
    assert 'update `conclude` with `{"region": "siege"' in details


@pytest.mark.parametrize(
    ("paused", "details"),
    [
        (
            (),
            [
                '`pause` with `{"reason": "holidays"}`; one region alone with `{"region": "siege"'
            ],
        ),
        (("programme:demo",), ["`resume` with `{}`"]),
        (
            ("region:demo:siege",),
            [
                'one region alone with `{"region": "nord"',
                '`resume` with `{"region": "siege"}`',
            ],
        ),
    ],
)
def test_details_show_a_pause_and_its_end_as_updates_to_send(
    paused: tuple[str, ...], details: list[str]
) -> None:
    state = programme("open", "open", ticked=("council",)).model_copy(
        update={"paused": paused}
    )
    assert [
        words for words in details if words not in programme_details(state, ())
    ] == []


def test_a_pair_that_waits_for_a_match_says_what_can_be_sent() -> None:
    assert all(
        f"update `{name}`" in HOW_TO_ACT[Stage.MATCHING] for name in ("pause", "end")
    )
