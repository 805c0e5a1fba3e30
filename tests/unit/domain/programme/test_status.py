"""The numbers that ops read, from what PostgreSQL counted."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.programme.pair_counts import PairGroup
from domain.programme.status import (
    CohortPairGroup,
    OpenedCohort,
    ProgrammeFigures,
    programme_status,
)
from schemas.ids import CohortRef
from schemas.records.releases import Release
from schemas.rollout import RegionPhase
from schemas.stages import Awaited, Health, Stage
from tests.support.lives import CLOCK, MONDAY
from tests.unit.domain.programme.test_rollout import (
    AFTER,
    after_comex,
    programme,
)

RUNNING = OpenedCohort("comex", 1, None, 0)
CLOSED = OpenedCohort("comex", 1, AFTER, 0)


def figures(**changes: object) -> ProgrammeFigures:
    state = programme()
    made = ProgrammeFigures(
        programme="demo",
        clock=CLOCK,
        wall=MONDAY,
        plan=state.plan,
        state=state,
        cohorts=[],
        pairs=[],
        releases=[],
        next_steps={},
        waiting_for_ops={},
        notices={},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_it_is_starting_until_its_first_save() -> None:
    assert programme_status(figures(state=None)).status == "starting"


def test_regions_are_in_the_documents_order_opened_ones_first() -> None:
    found = programme_status(figures(cohorts=[RUNNING])).regions
    assert [(r.region, r.wave, r.status) for r in found] == [
        ("comex", 1, "open"),
        ("ouest", 0, "waiting"),
    ]


@pytest.mark.parametrize(
    ("second", "status", "closed_at"),
    [(None, "running", None), (AFTER, "closed", AFTER)],
)
def test_it_is_closed_when_all_its_regions_are(
    second: datetime | None, status: str, closed_at: datetime | None
) -> None:
    state = programme()
    closed = [
        region.model_copy(update={"status": RegionPhase.CLOSED})
        for region in state.regions
    ]
    found = programme_status(
        figures(
            state=state.model_copy(update={"regions": tuple(closed)}),
            cohorts=[CLOSED, OpenedCohort("ouest", 1, second, 0)],
        )
    )
    assert (found.status, found.closed_at) == (status, closed_at)


@pytest.mark.parametrize(
    ("lowest", "highest", "shown", "text"),
    [
        (4.5, 4.5, 4.5, "4.5"),
        (4.0, 5.0, 4.0, "4.0 or more"),
        (1.0, 2.5, 2.5, "2.5 or less"),
        (2.5, 3.5, 3.0, "2.5 to 3.5"),
    ],
)
def test_a_mean_is_shown_as_released(
    lowest: float, highest: float, shown: float, text: str
) -> None:
    newest = Release(
        cohort=CohortRef(programme="demo", region="comex", wave=1),
        number=2,
        at=AFTER,
        people=9,
        lowest=lowest,
        highest=highest,
    )
    (comex, _) = programme_status(figures(cohorts=[RUNNING], releases=[newest])).regions
    assert (comex.answers, comex.mean_pulse, comex.release) == (9, shown, newest)
    assert newest.mean_text == text


def test_without_a_release_no_answer_is_counted() -> None:
    (comex, _) = programme_status(figures(cohorts=[RUNNING])).regions
    assert (comex.answers, comex.mean_pulse) == (0, None)


def test_closed_pairs_have_no_health() -> None:
    pairs = [
        CohortPairGroup(
            "comex", 1, PairGroup(Stage.SESSIONS, None, Health.AT_RISK, 2, 3)
        ),
        CohortPairGroup(
            "comex", 1, PairGroup(Stage.CLOSED, None, Health.AT_RISK, 4, 5)
        ),
        CohortPairGroup(
            "comex", 2, PairGroup(Stage.SESSIONS, None, Health.AT_RISK, 8, 8)
        ),
    ]
    (comex, _) = programme_status(figures(cohorts=[RUNNING], pairs=pairs)).regions
    assert (comex.pairs, comex.sessions_held, comex.health) == (
        6,
        8,
        {Health.AT_RISK: 2},
    )


def test_only_what_a_person_can_do_waits() -> None:
    found = programme_status(
        figures(
            state=after_comex(),
            cohorts=[RUNNING._replace(guard_held=3)],
            next_steps={Awaited.ANSWER_DUE: 2, Awaited.WAVE_ENDS: 9},
            waiting_for_ops={"matches_to_review": 1, "refused_messages": 0},
        )
    )
    assert found.waiting_for == {
        "answer_due": 2,
        "matches_to_review": 1,
        "guard_held": 3,
        "extension": 1,
    }
