"""What must get done, whatever fails: an activity that fails for good must not end a run of months."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    is_cancelled_exception,
)

from workflows.refused_messages import RefusedMessages

Result = TypeVar("Result")
FIRST_RETRY_WAIT = timedelta(minutes=1)
LONGEST_RETRY_WAIT = timedelta(hours=1)


async def retry_forever(
    refused_messages: RefusedMessages,
    what: str,
    work: Callable[[], Awaitable[Result]],
    *,
    final: Sequence[str] = (),
) -> Result:
    """Do `work` again, after a minute up to an hour of wall time, until it succeeds.

    Activities retry by themselves; this is for a failure that was marked as final, which
    only a release corrects. Each failure is shown to ops.

    Raises:
        CancelledError: the workflow was cancelled meanwhile.
        ActivityError: with a cause whose type is one of `final`.
    """
    wait = FIRST_RETRY_WAIT
    while True:
        try:
            return await work()
        except FailureError as error:
            if is_cancelled_exception(error):
                raise asyncio.CancelledError from None
            if failure_type(error) in final:
                raise
            step = error.activity_type if isinstance(error, ActivityError) else what
            refused_messages.refuse(
                step,
                "failed, and is tried again; see the worker's log and `binome doctor`",
            )
        await workflow.sleep(wait, summary=f"Until {what} is tried again")
        wait = min(2 * wait, LONGEST_RETRY_WAIT)


def failure_type(error: FailureError) -> str | None:
    """The type of the `ApplicationError` at the root of a failure, if there is one."""
    cause = error.cause if isinstance(error, ActivityError) else error
    return cause.type if isinstance(cause, ApplicationError) else None
