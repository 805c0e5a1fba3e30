"""A pause of many pairs, or its end: first in PostgreSQL, where it is in force, then signalled to live pairs."""

from temporalio import workflow

from activities.executions.activities import ExecutionActivities
from activities.persistence.activities import PersistenceActivities
from schemas.effects import PauseScope
from workflows import options
from workflows.refused_messages import RefusedMessages
from workflows.retrying import retry_forever


async def set_pause(refused_messages: RefusedMessages, change: PauseScope) -> None:
    """Put a pause in force, or end it; a pair learns of it with its next record."""
    await retry_forever(
        refused_messages,
        "set_pause",
        lambda: workflow.execute_activity_method(
            PersistenceActivities.set_pause,
            change,
            summary="Pause" if change.paused else "Resume",
            **options.RECORD,
        ),
    )


async def signal_scope(refused_messages: RefusedMessages, scope: str) -> None:
    """Signal every live pair of the scope to read the directives in force.

    After a crash some are signalled twice.
    """
    await retry_forever(
        refused_messages,
        "signal_scope",
        lambda: workflow.execute_activity_method(
            ExecutionActivities.signal_scope,
            scope,
            summary="Signal the pairs",
            **options.PAGES,
        ),
    )
