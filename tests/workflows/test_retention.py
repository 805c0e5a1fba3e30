"""The daily clearing-out as Temporal runs it."""

from temporalio.testing import WorkflowEnvironment

from schemas.ids import TASK_QUEUE
from schemas.records.retention import RetentionReport
from tests.replay.rollouts import at_work


async def test_a_run_reports_what_it_did(skipping: WorkflowEnvironment) -> None:
    async with at_work(skipping) as offices:
        report = await offices.client.execute_workflow(
            "RetentionWorkflow",
            id="retention",
            task_queue=TASK_QUEUE,
            result_type=RetentionReport,
        )
    assert report == RetentionReport(pairs_archived=2)
