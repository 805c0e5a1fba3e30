"""A delivery ends once there are to be fewer."""

from itertools import chain

from temporalio.testing import WorkflowEnvironment

from schemas.ids import TASK_QUEUE, delivery_workflow_id
from schemas.records.outbox import DeliveryReport
from tests.replay.rollouts import at_work


async def test_a_delivery_that_is_not_needed_ends(
    skipping: WorkflowEnvironment,
) -> None:
    async with at_work(skipping) as offices:
        offices.deliveries = chain([DeliveryReport(needed=False)])
        await offices.client.execute_workflow(
            "DeliveryWorkflow",
            "mail:1",
            id=delivery_workflow_id("mail:1"),
            task_queue=TASK_QUEUE,
        )
