from datetime import UTC, datetime

from temporalio import workflow

from binome.stack.temporal import SEARCH_ATTRIBUTES
from domain.runs.execution import WORKFLOW_TYPES, pair_execution
from schemas.cohort import CohortStart, PairToStart
from schemas.ids import CohortRef
from schemas.policy import Policy
from schemas.programme import CohortPlan
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock
from workers.build import WORKFLOWS

OPENS = datetime(2027, 1, 11, 8, tzinfo=UTC)
START = CohortStart(
    plan=CohortPlan(
        cohort=CohortRef(programme="pilot", region="comex", wave=1),
        policy=Policy(),
        calendar=WorkCalendar(),
    ),
    clock=Clock(programme_epoch=OPENS, wall_epoch=OPENS, pace=1.0),
    opens_at=OPENS,
)
SEAT = PairToStart(mentor="p" + "a" * 13, seat=1, windows_known=False)


def test_a_pair_is_found_by_every_search_attribute_from_its_start() -> None:
    found = pair_execution(START, SEAT).attributes
    assert set(found) == set(SEARCH_ATTRIBUTES)
    assert (found["Stage"], found["Health"]) == ("training", "on_course")


def test_the_types_that_we_run_are_those_of_our_workers() -> None:
    names = {workflow._Definition.must_from_class(each).name for each in WORKFLOWS}
    assert names == {*WORKFLOW_TYPES}
