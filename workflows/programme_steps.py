"""The activities and child workflows of a programme, and what its updates return."""

from collections.abc import Sequence
from typing import assert_never

from temporalio import workflow

from activities.persistence.activities import PersistenceActivities
from domain.programme import rollout
from schemas.cohort import CohortClosed
from schemas.ids import CohortRef
from schemas.programme import ProgrammePlan
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    ProgrammeState,
    RegionState,
    RegionUpdate,
    TickNeed,
)
from workflows import clock, options


def first_state(plan: ProgrammePlan) -> ProgrammeState:
    """The state of a new programme, whose regions all wait."""
    return ProgrammeState(
        plan=plan,
        now=clock.now(plan.clock),
        regions=tuple(RegionState(plan=cohort) for cohort in plan.cohorts),
    )


def with_early_reports(
    state: ProgrammeState, cohort: CohortRef, reports: Sequence[CohortClosed]
) -> ProgrammeState:
    """The state after reports of this cohort that came before its start was known."""
    for report in reports:
        if report.evidence.cohort == cohort:
            state = rollout.cohort_closed(
                state, report.evidence, clock.now(state.plan.clock)
            )
    return state


async def propose(state: ProgrammeState, region: RegionState) -> None:
    """Queue the notice to the sponsor that a region, or its next wave, may open."""
    await workflow.execute_activity_method(
        PersistenceActivities.queue_notices,
        rollout.proposal(state, region, clock.now(state.plan.clock)),
        summary="Put the next region before the sponsor",
        **options.RECORD,
    )


async def save(state: ProgrammeState) -> None:
    await workflow.execute_activity_method(
        PersistenceActivities.save_programme,
        state,
        summary="Write down where the regions stand",
        **options.RECORD,
    )


def update_reply(update: RegionUpdate) -> str:
    """The text that an update returns to ops."""
    match update:
        case ExtendRegion():
            return "approved; it opens as soon as its needs are ticked"
        case HoldRegion():
            return "held; allowed later: extend"
        case ConcludeRegion():
            return "no further wave of this region is waited for"
        case TickNeed():
            return "ticked"
        case _:
            assert_never(update)
