"""The guard of a cohort: check reporting lines, ask ops before many pairs freeze, signal pairs."""

from typing import assert_never

from temporalio import workflow

from activities.executions.activities import ExecutionActivities
from activities.matching.activities import MatchingActivities
from activities.persistence.activities import PersistenceActivities
from schemas.cohort import CohortState
from schemas.guard import AcceptPeopleChange, DismissPeopleChange, GuardResult
from schemas.ids import MATCHING_QUEUE, CohortRef
from schemas.notices import Template
from workflows import options
from workflows.cohorts.asking import ask_ops


async def check_lines(state: CohortState) -> int:
    """Check the reporting lines of all live pairs.

    Returns the number of the newest question to ops.
    """
    found: GuardResult = await workflow.execute_activity_method(
        MatchingActivities.check_reporting_lines,
        state.start.plan.cohort,
        summary="Check reporting lines",
        task_queue=MATCHING_QUEUE,
        **options.PAGES,
    )
    if found.held and found.hold > state.guard_asked:
        await ask_ops(
            state, Template.GUARD_HELD, found.hold, "Ask ops about many changes"
        )
    return max(found.hold, state.guard_asked)


async def signal_findings(cohort: CohortRef) -> None:
    """Signal pairs that their reporting lines are too close, or no longer."""
    await workflow.execute_activity_method(
        ExecutionActivities.signal_guard_findings,
        cohort,
        summary="Signal pairs whose reporting lines changed",
        **options.PAGES,
    )


async def decide_people_change(
    cohort: CohortRef, decision: AcceptPeopleChange | DismissPeopleChange
) -> None:
    """Freeze the pairs whose change of people is held, or dismiss the change, as ops decided.

    Pairs are signalled at the cohort's next poll.
    """
    match decision:
        case AcceptPeopleChange():
            accept = True
        case DismissPeopleChange():
            accept = False
        case _:
            assert_never(decision)
    await workflow.execute_activity_method(
        PersistenceActivities.decide_people_change,
        args=[cohort, accept, decision.reason],
        summary="Freeze pairs that are held, or dismiss it",
        **options.RECORD,
    )
