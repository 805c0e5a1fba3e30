"""A start document whose numbers and times lead out of the calendar is refused; it does not hold its workflow."""

from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from schemas.ids import TASK_QUEUE
from tests.support.played import PlayedActivities
from tests.workflows.conftest import PairWorkers
from tests.workflows.test_pair import PAIR, start

NOW = datetime(2027, 1, 11, tzinfo=UTC)
EPOCHS = {"programme_epoch": NOW, "wall_epoch": NOW}
ODD: list[dict[str, Any]] = [
    {"starts_at": datetime(9999, 12, 31, tzinfo=UTC)},
    {"clock": {**EPOCHS, "pace": 0}},
    {"clock": {**EPOCHS, "pace": float("nan")}},
    {"clock": {**EPOCHS, "pace": 1e-300}},
    {"clock": {**EPOCHS, "pace": 1e300}},
    {"restored": {"deadlines": {"answer_due": NOW}}},
    {"restored": {"deadlines": {"nothing_known": NOW}}},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: next(iter(odd)))
async def test_a_start_that_cannot_be_lived_is_refused(
    odd: dict[str, Any], skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    document = (await start(skipping)).model_dump(mode="json") | odd
    async with pair_worker(skipping.client, PlayedActivities(skipping)):
        with pytest.raises(WorkflowFailureError) as failed:
            await skipping.client.execute_workflow(
                "PairWorkflow", document, id=PAIR.workflow_id, task_queue=TASK_QUEUE
            )
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError) and cause.type == "InvalidInput"
