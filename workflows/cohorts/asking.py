"""Questions of a cohort to ops."""

from temporalio import workflow

from activities.persistence.activities import PersistenceActivities
from schemas.cohort import CohortState
from schemas.effects import QueueNotices
from schemas.notices import Notice, Recipient, Template
from workflows import clock, options


async def ask_ops(
    state: CohortState, question: Template, number: int, summary: str
) -> None:
    """Queue one notice; the same question with the same number is asked once."""
    cohort = state.start.plan.cohort
    await workflow.execute_activity_method(
        PersistenceActivities.queue_notices,
        QueueNotices(
            scope=cohort.workflow_id,
            revision=number,
            at=clock.now(state.start.clock),
            programme=cohort.programme,
            region=cohort.region,
            notices=(Notice(template=question, to=Recipient.OPS),),
        ),
        summary=summary,
        **options.RECORD,
    )
