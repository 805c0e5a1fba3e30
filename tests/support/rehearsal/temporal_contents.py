"""All that Temporal holds and shows: every run's history, and what is said about each run."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from google.protobuf.message import Message
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.query.v1 import WorkflowQuery
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    QueryWorkflowRequest,
)
from temporalio.client import Client
from temporalio.client import WorkflowExecution as Run

QUERIES = ("__temporal_workflow_metadata", "state")
"""The first has the current details; the other is what a workflow tells about itself."""
STATELESS = (
    "DeliveryWorkflow",
    "ReconcilerWorkflow",
    "RetentionWorkflow",
    "PeopleImportWorkflow",
)


class Content(NamedTuple):
    """Bytes as they are kept: payloads are JSON inside of them."""

    where: str
    data: bytes


async def contents(client: Client) -> AsyncIterator[Content]:
    """Every payload of every run of every workflow, closed ones too; a worker must be there to answer the queries."""
    async for run in client.list_workflows():
        name = f"{run.workflow_type} {run.id}"
        yield Content(
            f"{name}, listed with memo and search attributes", _bytes(run.raw_info)
        )
        events = client.get_workflow_handle(
            run.id, run_id=run.run_id
        ).fetch_history_events()
        yield Content(
            f"{name}, history", b"\n".join([_bytes(event) async for event in events])
        )
        yield Content(
            f"{name}, described with user metadata and pending activities",
            await _described(client, run),
        )
        for query in QUERIES if run.workflow_type not in STATELESS else QUERIES[:1]:
            yield Content(f"{name}, query {query}", await _queried(client, run, query))


async def _described(client: Client, run: Run) -> bytes:
    request = DescribeWorkflowExecutionRequest(
        namespace=client.namespace, execution=_execution(run)
    )
    return _bytes(await client.workflow_service.describe_workflow_execution(request))


async def _queried(client: Client, run: Run, query: str) -> bytes:
    request = QueryWorkflowRequest(
        namespace=client.namespace,
        execution=_execution(run),
        query=WorkflowQuery(query_type=query),
    )
    return _bytes(await client.workflow_service.query_workflow(request))


def _execution(run: Run) -> WorkflowExecution:
    return WorkflowExecution(workflow_id=run.id, run_id=run.run_id)


def _bytes(message: Message) -> bytes:
    return message.SerializeToString()
