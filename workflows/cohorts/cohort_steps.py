"""The activities and signals of a cohort: start pairs, count and end them, report its end."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.executions.activities import ExecutionActivities
from activities.persistence.activities import PersistenceActivities
from schemas.cohort import CohortClosed, CohortCounts, CohortStart, Evidence
from schemas.ids import CohortRef, programme_workflow_id
from schemas.programme import CohortPlan
from workflows import options

NO_SUCH_RUN = "ExternalWorkflowExecutionNotFound"
"""The SDK's error type for a signal to a workflow that does not run."""


async def enrol(start: CohortStart) -> None:
    await workflow.execute_activity_method(
        PersistenceActivities.open_cohort,
        start,
        summary="Enrol mentors and mentees",
        **options.PAGES_TO_THE_END,
    )
    await workflow.execute_activity_method(
        ExecutionActivities.start_pairs,
        start,
        summary="Start the pairs",
        **options.PAGES_TO_THE_END,
    )


async def count(cohort: CohortRef) -> CohortCounts:
    return await workflow.execute_activity_method(
        PersistenceActivities.cohort_counts,
        cohort,
        summary="Count pairs",
        **options.READ,
    )


async def end_pairs(cohort: CohortRef) -> int:
    """Ask every pair to end. Returns how many are not closed yet."""
    return await workflow.execute_activity_method(
        ExecutionActivities.cancel_pairs,
        cohort,
        summary="End the pairs",
        **options.PAGES,
    )


async def close(plan: CohortPlan) -> Evidence:
    return await workflow.execute_activity_method(
        PersistenceActivities.close_cohort,
        plan,
        summary="Close and weigh the evidence",
        **options.RECORD,
    )


async def report_end(programme: str, evidence: Evidence) -> None:
    """Signal the programme; one without a run reads the end in PostgreSQL when it is restored."""
    handle = workflow.get_external_workflow_handle(programme_workflow_id(programme))
    try:
        await handle.signal("cohort_closed", CohortClosed(evidence=evidence))
    except ApplicationError as error:
        if error.type != NO_SUCH_RUN:
            raise  # and it is signalled again
        workflow.logger.warning("no programme runs that could learn of the end")
