"""The matches of a cohort: run matching, ask ops, carry out decisions, signal pairs."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.executions.activities import ExecutionActivities
from activities.matching.activities import MatchingActivities
from activities.persistence.activities import PersistenceActivities
from schemas.cohort import CohortCounts, MatchDecision, MatchSummary
from schemas.ids import MATCHING_QUEUE, CohortRef
from schemas.wording.counted import counted
from workflows import options
from workflows.reading import MessageRefused


async def match(cohort: CohortRef, counts: CohortCounts) -> MatchSummary:
    """Run matching once; a retry after its result was saved makes a run that replaces it."""
    return await workflow.execute_activity_method(
        MatchingActivities.match_cohort,
        cohort,
        summary=f"Match {counted(counts.ready_mentors, 'mentor')} and {counted(counts.waiting_mentees, 'mentee')}",
        task_queue=MATCHING_QUEUE,
        **options.PAGES,
    )


async def announce(cohort: CohortRef) -> None:
    await workflow.execute_activity_method(
        ExecutionActivities.announce_matches,
        cohort,
        summary="Announce approved matches",
        **options.PAGES,
    )


async def decide(cohort: CohortRef, decision: MatchDecision) -> CohortCounts:
    """Carry a decision out; where it puts people together, matching looks at the rules first.

    Raises:
        ActivityError: it was refused; the cause says why.
    """
    if decision.asks_rules:
        return await workflow.execute_activity_method(
            MatchingActivities.check_and_decide_matches,
            args=[cohort, decision],
            summary="Decide about matches, by the rules",
            task_queue=MATCHING_QUEUE,
            **options.PAGES,
        )
    return await workflow.execute_activity_method(
        PersistenceActivities.decide_matches,
        args=[cohort, decision],
        summary="Decide about matches",
        **options.RECORD,
    )


def refused(error: ActivityError) -> MessageRefused:
    """The refusal of a decision, with the activity's reason."""
    cause = error.cause
    text = (
        cause.message
        if isinstance(cause, ApplicationError)
        else "the decision could not be written down"
    )
    return MessageRefused(text)
