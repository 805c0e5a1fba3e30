"""What Temporal knows of runs. Lists lag behind and may be asked seldom; the description of one run is believed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from activities.executions.starting import unless_gone
from domain.runs.judgement import Run

BREATH = 0.1
"""Seconds between two lists: visibility takes some 30 calls a second, and others want theirs."""
PAGE = 500
PATIENCE = timedelta(seconds=10)
SUSPENDED = "suspended"

_HEALTH = SearchAttributeKey.for_keyword("Health")


async def look(client: Client, workflow_id: str) -> Run | None:
    """The newest run; None: Temporal has none."""
    try:
        return run_of(
            await client.get_workflow_handle(workflow_id).describe(rpc_timeout=PATIENCE)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise


def run_of(found: WorkflowExecutionDescription) -> Run:
    raw = found.raw_description
    waits = raw.HasField("pending_workflow_task")
    return Run(
        run_id=found.run_id,
        status=found.status.name.lower() if found.status else "running",
        started_at=found.start_time,
        closed_at=found.close_time,
        suspended=found.typed_search_attributes.get(_HEALTH) == SUSPENDED,
        task_attempts=max(1, raw.pending_workflow_task.attempt) if waits else 0,
        activity_attempts=max((a.attempt for a in raw.pending_activities), default=0),
    )


async def running_among(client: Client, workflow_ids: Sequence[str]) -> set[str]:
    """Which of them run, as far as visibility has heard."""
    names = ", ".join(f'"{workflow_id}"' for workflow_id in workflow_ids)
    query = f'WorkflowId IN ({names}) AND ExecutionStatus="Running"'
    return {found async for page in _pages(client, query) for found in page}


def running_pairs(client: Client) -> AsyncIterator[list[str]]:
    """Every pair that runs, page by page."""
    return _pages(client, 'WorkflowType="PairWorkflow" AND ExecutionStatus="Running"')


def suspended_pairs(client: Client) -> AsyncIterator[list[str]]:
    """Every pair that waits for somebody to mend it."""
    return _pages(client, f'Health="{SUSPENDED}" AND ExecutionStatus="Running"')


async def _pages(client: Client, query: str) -> AsyncIterator[list[str]]:
    found = client.list_workflows(query, page_size=PAGE)
    while True:
        await asyncio.sleep(BREATH)
        await found.fetch_next_page()
        yield [execution.id for execution in found.current_page or ()]
        if not found.next_page_token:
            return


async def terminate(client: Client, workflow_id: str, run_id: str, reason: str) -> None:
    """End this very run; one that has ended meanwhile is as good."""
    handle = client.get_workflow_handle(workflow_id, run_id=run_id)
    await unless_gone(handle.terminate(reason=reason, rpc_timeout=PATIENCE))
