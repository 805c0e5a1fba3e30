"""How a cancelled programme comes to its end: its cohorts are cancelled, again and again, until all have closed."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

from activities.persistence.activities import PersistenceActivities
from domain.programme import rollout
from schemas.ids import CohortRef
from schemas.rollout import ProgrammeOnRecord, ProgrammeState, RegionPhase
from workflows import clock, options

FIRST_LOOK = timedelta(seconds=5)
LONGEST = timedelta(minutes=5)
PATIENCE = 3
"""Looks after which a cohort that nobody has seen is taken for one that never opened."""


def wait_before(look: int) -> timedelta:
    """Wall time before the next look; looks count from 1."""
    return min(FIRST_LOOK * float(2 ** min(look - 1, 10)), LONGEST)


async def stop_cohorts(state: ProgrammeState) -> set[CohortRef]:
    """Cancel every open cohort; answers those that have no run just now: lost for a moment, closed, or never there.

    A cohort's own report may have missed its programme, so what is on record counts as well: see `heard_of_ends`.
    """
    missing = set()
    for region in state.regions:
        if region.status is RegionPhase.OPEN:
            cohort = region.plan.cohort
            try:
                await workflow.get_external_workflow_handle(cohort.workflow_id).cancel()
            except FailureError as error:
                if is_cancelled_exception(error):
                    raise
                missing.add(cohort)
    return missing


async def on_record(programme: str) -> ProgrammeOnRecord:
    return await workflow.execute_activity_method(
        PersistenceActivities.load_programme,
        programme,
        summary="Read what is on record",
        **options.READ,
    )


def heard_of_ends(
    state: ProgrammeState, known: ProgrammeOnRecord, missing: set[CohortRef], look: int
) -> ProgrammeState:
    """Close regions whose cohorts have closed on record, and in the end those whose cohorts never opened."""
    now = clock.now(state.plan.clock)
    for evidence in known.closed:
        state = rollout.cohort_closed(state, evidence, now)
    if look >= PATIENCE:
        for cohort in missing - set(known.opened):
            state = rollout.never_opened(state, cohort.region)
    return state
