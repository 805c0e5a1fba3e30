"""What Temporal is asked about workflow executions, and how they are started, signalled and ended.

Lists of visibility lag behind; only the description of one execution is up to date.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowHandle
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.concurrency import Item, some_at_a_time
from domain.notices.partitions import deliveries
from domain.runs.execution import (
    SUSPENDED,
    WORKFLOW_TYPES,
    Execution,
    delivery_execution,
)
from domain.runs.judgement import Run
from schemas.ids import TASK_QUEUE
from schemas.records.drift import DriftFound, DriftKind

CONCURRENT_REQUESTS = 20
"""Requests to Temporal in flight: enough for its throughput, few enough to leave room for others."""
LIST_PAUSE_SECONDS = 0.1
"""Between two lists: visibility takes some 30 calls a second, and others need theirs."""
LIST_PAGE = 1000
"""The most that servers give at once."""
RPC_TIMEOUT = timedelta(seconds=10)

_HEALTH = SearchAttributeKey.for_keyword("Health")


class TemporalExecutions:
    """Workflow executions of one Temporal namespace."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def start(self, execution: Execution, *, again: bool = False) -> None:
        """Start it; one that runs is left alone, and without `again` one that ever ran."""
        with suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                execution.workflow,
                execution.argument,
                id=execution.workflow_id,
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE
                if again
                else WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=typed_attributes(execution.attributes),
                static_summary=execution.summary,
            )

    async def start_page(self, page: Sequence[Execution]) -> None:
        """Start a page of executions that never ran, some at a time."""
        await some_at_a_time(CONCURRENT_REQUESTS, self.start, page)

    async def start_deliveries(self, partitions: int = 1) -> None:
        """Make sure that all deliveries run, so many of each channel."""
        for delivery in deliveries(partitions):
            await self.start(delivery_execution(delivery), again=True)

    async def signal(
        self, workflow_id: str, name: str, payload: dict[str, Any]
    ) -> None:
        """Signal it; one that has closed needs no signal."""
        handle = self._client.get_workflow_handle(workflow_id)
        await unless_gone(handle.signal(name, payload))

    async def signal_page(
        self, signals: Sequence[tuple[str, str, dict[str, Any]]]
    ) -> None:
        """Send signals, each a workflow id, a name and a payload, some at a time."""
        await some_at_a_time(
            CONCURRENT_REQUESTS, lambda signal: self.signal(*signal), signals
        )

    async def cancel_page(self, workflow_ids: Sequence[str]) -> None:
        """Ask a page of executions to end.

        One without a run is started again by the reconciler, and asked then.
        """
        handle = self._client.get_workflow_handle
        await some_at_a_time(
            CONCURRENT_REQUESTS,
            lambda workflow_id: unless_gone(handle(workflow_id).cancel()),
            workflow_ids,
        )

    async def terminate(self, workflow_id: str, run_id: str, reason: str) -> None:
        """Terminate exactly this run; do nothing if it has ended."""
        handle = self._client.get_workflow_handle(workflow_id, run_id=run_id)
        await unless_gone(handle.terminate(reason=reason, rpc_timeout=RPC_TIMEOUT))

    async def describe(self, workflow_id: str) -> Run | None:
        """Returns the newest run of a workflow id; None if Temporal knows none."""
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(workflow_id)
        found = await unless_gone(handle.describe(rpc_timeout=RPC_TIMEOUT))
        return run_of(found) if found else None

    async def running_among(self, workflow_ids: Sequence[str]) -> set[str]:
        """Returns those of the workflow ids that run, as far as visibility knows."""
        names = ", ".join(f'"{workflow_id}"' for workflow_id in workflow_ids)
        query = f'WorkflowId IN ({names}) AND ExecutionStatus="Running"'
        return {found async for page in self._pages(query) for found in page}

    def running_pairs(self) -> AsyncIterator[list[str]]:
        """Yields the workflow ids of all running pairs, page by page."""
        return self._pages('WorkflowType="PairWorkflow" AND ExecutionStatus="Running"')

    def suspended_pairs(self) -> AsyncIterator[list[str]]:
        """Yields the workflow ids of running pairs that are suspended, page by page."""
        return self._pages(f'Health="{SUSPENDED}" AND ExecutionStatus="Running"')

    async def misplaced(self, limit: int) -> list[DriftFound]:
        """Returns open runs of which no worker of ours will ever take a task, newest first.

        Whoever starts a workflow in the Web UI types its task queue and its type.
        """
        types = ", ".join(f'"{name}"' for name in WORKFLOW_TYPES)
        query = (
            f'ExecutionStatus="Running" AND (TaskQueue != "{TASK_QUEUE}" '
            f"OR WorkflowType NOT IN ({types}))"
        )
        found = self._client.list_workflows(query, limit=limit, rpc_timeout=RPC_TIMEOUT)
        return [
            DriftFound(
                workflow_id=execution.id,
                kind=DriftKind.MISPLACED,
                why="workflow_type"
                if execution.task_queue == TASK_QUEUE
                else "task_queue",
                run_id=execution.run_id,
            )
            async for execution in found
        ]

    async def _pages(self, query: str) -> AsyncIterator[list[str]]:
        found = self._client.list_workflows(query, page_size=LIST_PAGE)
        while True:
            await asyncio.sleep(LIST_PAUSE_SECONDS)
            await found.fetch_next_page()
            yield [execution.id for execution in found.current_page or ()]
            if not found.next_page_token:
                return


def run_of(found: WorkflowExecutionDescription) -> Run:
    raw = found.raw_description
    has_task = raw.HasField("pending_workflow_task")
    return Run(
        run_id=found.run_id,
        status=found.status.name.lower() if found.status else "running",
        started_at=found.start_time,
        closed_at=found.close_time,
        suspended=found.typed_search_attributes.get(_HEALTH) == SUSPENDED,
        task_attempts=max(1, raw.pending_workflow_task.attempt) if has_task else 0,
        activity_attempts=max((a.attempt for a in raw.pending_activities), default=0),
    )


def typed_attributes(values: Mapping[str, str]) -> TypedSearchAttributes:
    """Returns search attributes for the SDK, all of them Keywords."""
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(SearchAttributeKey.for_keyword(name), value)
        for name, value in values.items()
    ]
    return TypedSearchAttributes(pairs)


async def unless_gone(request: Awaitable[Item]) -> Item | None:
    """Await a request to a run. None: there is no such run."""
    try:
        return await request
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
