"""Workflows in skipped time, with fakes at the activity boundary."""

import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from schemas.ids import TASK_QUEUE
from tests.support.played import AnswerLater, PlayedActivities
from workers.client import data_converter
from workers.sandbox import workflow_runner
from workflows.pair import PairWorkflow

TEST_SERVER = Path(sys.executable).parent / "temporal-test-server"
KEYWORD, INT = (
    IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    IndexedValueType.INDEXED_VALUE_TYPE_INT,
)


@asynccontextmanager
async def skipping_environment() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of its own: it has one clock, so that each test wants its own."""
    path = shutil.which(str(TEST_SERVER))
    assert path, "temporal-test-server is missing; run make setup"
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=path, data_converter=data_converter
    ) as environment:
        names = dict.fromkeys(
            ("ProgrammeId", "Region", "Cohort", "Stage", "Health"), KEYWORD
        ) | {"SessionsHeld": INT}
        request = AddSearchAttributesRequest(
            namespace="default", search_attributes=names
        )
        await environment.client.operator_service.add_search_attributes(request)
        yield environment


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_environment() as environment:
        yield environment


class PairWorkers(Protocol):
    def __call__(
        self, client: Client, played: Any
    ) -> AbstractAsyncContextManager[Worker]: ...


@pytest.fixture
def pair_worker() -> PairWorkers:
    """A worker for pairs alone, over played activities."""

    def make(client: Client, played: PlayedActivities) -> Worker:
        return Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=[PairWorkflow, AnswerLater],
            activities=[played.record, played.find_slots],
            workflow_runner=workflow_runner(),
        )

    return make
