"""A pair on a real server, whose workers and clients have payload keys, or lack them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.executions.executions import unless_gone
from schemas.ids import TASK_QUEUE
from schemas.pair import PairState
from tests.replay.sandbox import workflow_runner
from tests.support.encryption import client_with, payloads_in
from tests.support.temporal_servers import full_server
from tests.support.waiting import until
from tests.workflows.nonsense import Offices, plan_at
from tests.workflows.test_pair import PAIR, start
from workers.build import WORKFLOWS
from workers.payload_codec import KEY_ID

LOST_TASK_TIMEOUT = timedelta(seconds=1)
"""When a task that a worker took and did not answer, since it was stopped, is another's."""


class EncryptedPair:
    """One pair; its plain client sees what Temporal keeps."""

    def __init__(self, server: WorkflowEnvironment, offices: Offices) -> None:
        self.server, self.offices = server, offices

    def client(self, *keys: str) -> Client:
        return client_with(self.server.client, *keys)

    @asynccontextmanager
    async def worker(self, *keys: str) -> AsyncIterator[Client]:
        """A worker with these keys; nothing is in its cache."""
        async with self.worker_of(self.client(*keys)) as client:
            yield client

    @asynccontextmanager
    async def worker_of(self, client: Client) -> AsyncIterator[Client]:
        async with Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=WORKFLOWS,
            activities=[self.offices.anything],
            workflow_runner=workflow_runner(),
        ):
            yield client

    async def start(self, client: Client) -> WorkflowHandle[Any, Any]:
        return await client.start_workflow(
            "PairWorkflow",
            await start(self.server),
            id=PAIR.workflow_id,
            task_queue=TASK_QUEUE,
            task_timeout=LOST_TASK_TIMEOUT,
        )

    def pair(self, client: Client) -> WorkflowHandle[Any, Any]:
        return client.get_workflow_handle(PAIR.workflow_id)

    async def state(self, client: Client) -> PairState:
        found: PairState = await self.pair(client).query("state", result_type=PairState)
        return found

    async def events(self) -> list[HistoryEvent]:
        """As Temporal keeps them."""
        history = await self.pair(self.server.client).fetch_history()
        return list(history.events)

    async def is_held(self) -> None:
        """Wait until a workflow task has failed."""

        async def failed() -> bool:
            return any(
                event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
                for event in await self.events()
            )

        await until(failed)

    async def quiet(self) -> None:
        async def at_rest() -> bool:
            found = (await self.pair(self.server.client).describe()).raw_description
            waiting = found.HasField("pending_workflow_task")
            return not (waiting or found.pending_activities)

        await until(at_rest)


def key_ids(events: list[HistoryEvent]) -> set[str]:
    return {
        payload.metadata[KEY_ID].decode()
        for event in events
        for payload in payloads_in(event)
        if KEY_ID in payload.metadata
    }


@pytest.fixture(scope="module")
async def own_server() -> AsyncIterator[WorkflowEnvironment]:
    async with full_server() as server:
        yield server


@pytest.fixture
async def encrypted(own_server: WorkflowEnvironment) -> AsyncIterator[EncryptedPair]:
    offices = Offices(plan_at(await own_server.get_current_time()))
    made = EncryptedPair(own_server, offices)
    yield made
    async for found in own_server.client.list_workflows('ExecutionStatus="Running"'):
        await unless_gone(own_server.client.get_workflow_handle(found.id).terminate())
