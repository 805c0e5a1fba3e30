"""What must get done, whatever fails: an activity that fails for good must not end a run of months."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, is_cancelled_exception

from workflows.inbox import Inbox

Answer = TypeVar("Answer")
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


async def until_it_works(inbox: Inbox, what: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
    """Do `work` again, after a minute up to an hour of wall time, until it succeeds; each failure is shown to ops.

    Activities retry by themselves; this is for a failure that was marked as final, which only a release mends.
    Cancellation goes through.
    """
    wait = FIRST_WAIT
    while True:
        try:
            return await work()
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            step = error.activity_type if isinstance(error, ActivityError) else what
            inbox.refuse(step, "failed, and is tried again; see the worker's log and `binome doctor`")
        await workflow.sleep(wait, summary=f"Until {what} is tried again")
        wait = min(2 * wait, LONGEST_WAIT)
