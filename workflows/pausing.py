"""A pause of many pairs, or its end: first into PostgreSQL, where it holds, then told to the pairs that live."""

from temporalio import workflow

from activities.executions.activities import ExecutionActivities
from activities.persistence.activities import PersistenceActivities
from schemas.effects import PauseScope
from workflows import options
from workflows.receiving import RefusedMessages
from workflows.retrying import retry_forever


async def set_pause(inbox: RefusedMessages, change: PauseScope) -> None:
    """Put it into force: whatever a pair of the scope records from now on is answered with it."""
    await retry_forever(
        inbox,
        "set_pause",
        lambda: workflow.execute_activity_method(
            PersistenceActivities.set_pause,
            change,
            summary="Pause" if change.paused else "Resume",
            **options.RECORD,
        ),
    )


async def signal_scope(inbox: RefusedMessages, scope: str) -> None:
    """Have every live pair look what is in force; some hear of it twice after a crash, and none never."""
    await retry_forever(
        inbox,
        "signal_scope",
        lambda: workflow.execute_activity_method(
            ExecutionActivities.signal_scope,
            scope,
            summary="Tell the pairs",
            **options.PAGES,
        ),
    )
