"""A pair whose run was lost goes on from what PostgreSQL holds of it."""

from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from schemas.ids import TASK_QUEUE
from tests.support.played import PlayedActivities
from tests.support.temporal_servers import skipping_server
from tests.workflows.conftest import PairWorkers
from tests.workflows.test_pair import PAIR, start


async def started(
    environment: WorkflowEnvironment, **extra: Any
) -> WorkflowHandle[Any, str]:
    document = (await start(environment)).model_copy(update=extra)
    return await environment.client.start_workflow(
        "PairWorkflow",
        document,
        id=PAIR.workflow_id,
        task_queue=TASK_QUEUE,
        result_type=str,
    )


async def test_a_pair_restored_from_its_record_lives_on_and_repeats_nothing(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    first = PlayedActivities(skipping)
    async with pair_worker(skipping.client, first):
        await (await started(skipping)).result()
    kept = next(b for b in first.batches if b.state.get("held") == 5)
    async with skipping_server() as later:  # whose clock has not come as far
        played = PlayedActivities(later)
        async with pair_worker(later.client, played):
            assert (
                await (await started(later, restored=kept.state)).result()
                == "completed"
            )
    assert min(played.records) == kept.records[-1].revision + 1
    assert ("mentor_invitation", "mentor") not in played.sent()


async def test_what_is_no_state_is_refused_at_the_start_without_an_echo(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    async with pair_worker(skipping.client, PlayedActivities(skipping)):
        handle = await started(skipping, restored={"stage": "SECRET"})
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError) and cause.message.startswith(
        "restored: stage:"
    )
    assert "SECRET" not in cause.message
