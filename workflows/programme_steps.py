"""What a programme has others do while it runs, and what its updates return."""

from typing import assert_never

from temporalio import workflow

from activities.persistence.activities import PersistenceActivities
from domain.programme import rollout
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    ProgrammeState,
    RegionState,
    TickNeed,
)
from workflows import clock, options


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


def reply(update: rollout.RegionUpdate) -> str:
    """What an update returns, in words for ops."""
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
