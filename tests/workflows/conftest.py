"""Workflows in skipped time, with fakes at the activity boundary."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from schemas.ids import TASK_QUEUE
from tests.replay.sandbox import workflow_runner
from tests.support.played import AnswerLater, PlayedActivities
from workflows.pair import PairWorkflow


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
