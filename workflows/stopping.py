"""How a cancelled programme ends: it cancels its cohorts until all have closed."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

from activities.persistence.activities import PersistenceActivities
from domain.programme import rollout
from schemas.ids import CohortRef
from schemas.rollout import ProgrammeOnRecord, ProgrammeState, RegionPhase
from workflows import clock, options

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
LOOKS_BEFORE_NEVER_OPENED = 3
"""Polls after which a cohort that was never found counts as one that never opened."""


def wait_before(look: int) -> timedelta:
    """Wall time before the next poll; polls count from 1."""
    return min(FIRST_WAIT * float(2 ** min(look - 1, 10)), LONGEST_WAIT)


async def cancel_cohorts(state: ProgrammeState) -> set[CohortRef]:
    """Cancel every open cohort.

    Returns those that have no run now: lost for a moment, closed, or never started. The
    report of one that closed may be lost, so what is on record counts too (`with_ends`).
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


def with_ends(
    state: ProgrammeState, known: ProgrammeOnRecord, missing: set[CohortRef], look: int
) -> ProgrammeState:
    """Close regions whose cohorts closed on record, and at last those that never opened."""
    now = clock.now(state.plan.clock)
    for evidence in known.closed:
        state = rollout.cohort_closed(state, evidence, now)
    if look >= LOOKS_BEFORE_NEVER_OPENED:
        for cohort in missing - set(known.opened):
            state = rollout.never_opened(state, cohort.region)
    return state
