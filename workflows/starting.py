"""A programme before it runs: its document is checked, its code claimed, and it starts under its own id."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    WorkflowAlreadyStartedError,
    is_cancelled_exception,
)

from activities.matching.activities import MatchingActivities
from activities.persistence.activities import PersistenceActivities
from domain.programme.document import NEXT_STEP
from schemas.cohort import CohortStart
from schemas.ids import MATCHING_QUEUE, programme_workflow_id
from schemas.programme import CheckResult, CohortPlan, ProgrammePlan, StartResult
from schemas.time.clock import Clock
from workflows import clock as programme_time
from workflows import options
from workflows.reading import invalid_input
from workflows.rollout_details import too_long

Result = TypeVar("Result")


async def check(raw: dict[str, Any]) -> CheckResult:
    """The dated plan, who cannot be matched and what is missing; nothing is sent to anyone."""
    result = await _checked(
        workflow.execute_activity_method(
            PersistenceActivities.check_programme,
            raw,
            summary="Check the document",
            **options.CHECK,
        )
    )
    regions, found = list(result.regions), list(result.problems)
    for index, plan in enumerate(result.plans):
        left = await _checked(
            workflow.execute_activity_method(
                MatchingActivities.find_mentees_without_mentor,
                plan,
                summary=f"Look for possible mentors in {plan.cohort.region}",
                task_queue=MATCHING_QUEUE,
                **options.PAGES,
            )
        )
        regions[index] = regions[index].having(without_mentor=left.mentees)
        if left.without_long_window:
            found.append(too_long(raw, index, left, result.link))
    return result.having(
        plans=(),
        regions=tuple(regions),
        problems=tuple(found),
        ok=not found,
        next_step=NEXT_STEP if found else result.next_step,
    )


async def require_startable(raw: dict[str, Any]) -> CheckResult:
    """The same for a start, which any problem ends.

    Raises:
        ApplicationError: InvalidInput, with every problem.
    """
    result = await check(raw)
    if not result.ok:
        raise invalid_input("; ".join(str(p) for p in result.problems))
    return result


async def start_elsewhere(raw: dict[str, Any]) -> StartResult:
    """Start the programme under its own id, whatever id somebody typed.

    Raises:
        ApplicationError: InvalidInput; a running programme is refused with its link.
    """
    result = await require_startable(raw)
    found = await start_result(result.programme)
    try:
        await workflow.start_child_workflow(
            "ProgrammeWorkflow",
            raw,
            id=programme_workflow_id(result.programme),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"Programme {result.programme}",
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(options.PROGRAMME_ID, result.programme)]
            ),
        )
    except WorkflowAlreadyStartedError:
        raise invalid_input(
            f"programme: already running, {found.link}; choose another code"
        ) from None
    return found


async def claim(raw: dict[str, Any]) -> ProgrammePlan:
    """Take the programme's code in PostgreSQL.

    Raises:
        ApplicationError: InvalidInput; the code is taken, or the document is wrong.
    """
    try:
        return await workflow.execute_activity_method(
            PersistenceActivities.claim_programme,
            raw,
            summary="Check and claim the programme",
            **options.CHECK,
        )
    except ActivityError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type == "InvalidInput":
            raise ApplicationError(
                cause.message, type="InvalidInput", non_retryable=True
            ) from None
        raise _not_checked(error) from None


async def start_result(programme: str) -> StartResult:
    return await _checked(
        workflow.execute_activity_method(
            PersistenceActivities.start_result,
            programme,
            summary="Where to look",
            **options.READ,
        )
    )


async def start_cohort(plan: CohortPlan, clock: Clock) -> None:
    """Start the cohort of a region's wave; one that runs, or ran, is left alone."""
    cohort = plan.cohort
    keys = (
        (options.PROGRAMME_ID, cohort.programme),
        (options.REGION, cohort.region),
        (options.COHORT, cohort.workflow_id),
    )
    try:
        await workflow.start_child_workflow(
            "CohortWorkflow",
            CohortStart(plan=plan, clock=clock, opens_at=programme_time.now(clock)),
            id=cohort.workflow_id,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"Cohort {cohort.region}, wave {cohort.wave}",
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(key, value) for key, value in keys]
            ),
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("the cohort was open already")


def _not_checked(error: ActivityError) -> BaseException:
    """Returns the error of a start that could not be checked; a cancellation stays one."""
    if is_cancelled_exception(error):
        return error
    return invalid_input(
        "the document could not be checked; see `binome doctor`, then start it again"
    )


async def _checked(result: Awaitable[Result]) -> Result:
    """The result of an activity.

    Raises:
        ApplicationError: InvalidInput; it failed, so nothing could be checked.
    """
    try:
        return await result
    except ActivityError as error:
        raise _not_checked(error) from None
