"""Named timeouts, retry policies and search attributes: one place, so that an operator can read them all."""

from datetime import timedelta
from typing import TypedDict

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.workflow import ActivityCancellationType

PROGRAMME_ID = SearchAttributeKey.for_keyword("ProgrammeId")
REGION = SearchAttributeKey.for_keyword("Region")
COHORT = SearchAttributeKey.for_keyword("Cohort")
STAGE = SearchAttributeKey.for_keyword("Stage")
HEALTH = SearchAttributeKey.for_keyword("Health")

EVENTS_PER_RUN = 256
"""Past this many history events a workflow continues as new at its next quiet point.

A pair of six sessions of which all goes well fits into one run."""


class ActivityOptions(TypedDict, total=False):
    """The part of an activity's options that is a matter of policy."""

    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta
    retry_policy: RetryPolicy
    cancellation_type: ActivityCancellationType


RETRY_FOREVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=5),
)
"""Retry policy for what must not be lost: an outage delays it, for as long as it lasts."""

TRANSACTION_TIMEOUT = timedelta(seconds=10)
"""Timeout of one transaction. After a worker is killed, its activities wait as long."""
RECORD: ActivityOptions = {
    "start_to_close_timeout": TRANSACTION_TIMEOUT,
    "retry_policy": RETRY_FOREVER,
    "cancellation_type": ActivityCancellationType.ABANDON,
}
"""A transaction under way when its workflow is cancelled goes on to its end: what it writes is valid."""
FIND: ActivityOptions = RECORD
READ: ActivityOptions = {
    "start_to_close_timeout": timedelta(seconds=20),
    "retry_policy": RETRY_FOREVER,
}
CHECK: ActivityOptions = {
    "start_to_close_timeout": timedelta(seconds=20),
    "retry_policy": RetryPolicy(
        maximum_interval=timedelta(seconds=5), maximum_attempts=60
    ),
}
"""Options for a document that somebody waits for: it fails after about five minutes of
outage."""
PAGES: ActivityOptions = {
    "start_to_close_timeout": timedelta(hours=2),
    "heartbeat_timeout": timedelta(seconds=20),
    "retry_policy": RETRY_FOREVER,
}
"""Options for work page by page: it heartbeats, and a retry goes on where it was."""
PAGES_TO_THE_END: ActivityOptions = {
    **PAGES,
    "cancellation_type": ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}
"""The same where a workflow that is cancelled must know that nothing more of it happens."""
SWEEP: ActivityOptions = {
    "start_to_close_timeout": timedelta(hours=2),
    "heartbeat_timeout": timedelta(seconds=60),
    "retry_policy": RetryPolicy(
        maximum_interval=timedelta(seconds=30), maximum_attempts=20
    ),
}
"""Options for one run of the reconciler: after some minutes of outage the next run
starts from the beginning."""
IMPORT: ActivityOptions = {
    "start_to_close_timeout": timedelta(hours=1),
    "heartbeat_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=500),
        maximum_interval=timedelta(seconds=5),
        maximum_attempts=10,
    ),
    "cancellation_type": ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}
"""Options for a people file that somebody waits for: after a minute or two of outage it
failed, and they may try it again."""
RETAIN: ActivityOptions = {
    "start_to_close_timeout": timedelta(hours=2),
    "retry_policy": RetryPolicy(
        maximum_interval=timedelta(minutes=5), maximum_attempts=5
    ),
}
"""Options for the daily clearing-out: what one run does not reach is left to the next."""
DELIVER: ActivityOptions = {
    "start_to_close_timeout": timedelta(hours=2),
    "heartbeat_timeout": timedelta(seconds=10),
    "retry_policy": RETRY_FOREVER,
}


def should_continue_as_new() -> bool:
    """Whether a run is long enough to continue as new at its next quiet point, or a deploy asks for it.

    A decision under way would be lost by it. It is waited for only where the history has no more room: until then one
    that cannot be carried out for long holds up nothing else.
    """
    info = workflow.info()
    long = (
        info.get_current_history_length() > EVENTS_PER_RUN
        or info.is_target_worker_deployment_version_changed()
    )
    return info.is_continue_as_new_suggested() or (
        long and workflow.all_handlers_finished()
    )
