"""A programme whose run was lost between a pause and its saving stands still all the same."""

from contextlib import AsyncExitStack

from temporalio.testing import WorkflowEnvironment

from schemas.ids import TASK_QUEUE
from schemas.rollout import ProgrammeState
from tests.replay.rollouts import PROGRAMME, rest
from tests.support.offices import Offices, document


async def test_a_pause_that_was_not_saved_is_known_and_can_be_resumed(
    skipping: WorkflowEnvironment,
) -> None:
    offices = Offices(skipping)
    raw = document(await skipping.get_current_time())
    with skipping.auto_time_skipping_disabled():
        async with AsyncExitStack() as at_work:
            for worker in offices.workers():
                await at_work.enter_async_context(worker)
            first = await skipping.client.start_workflow(
                "ProgrammeWorkflow", raw, id=PROGRAMME, task_queue=TASK_QUEUE
            )
            await rest(offices, PROGRAMME)
            await first.terminate()
            offices.record = offices.record.model_copy(update={"paused": (PROGRAMME,)})
            lost = {"programme": "replayed", "restored": True}
            run = await skipping.client.start_workflow(
                "ProgrammeWorkflow", lost, id=PROGRAMME, task_queue=TASK_QUEUE
            )
            await rest(offices, PROGRAMME)
            state = await run.query("state", result_type=ProgrammeState)
            assert (state.paused, state.scopes_to_notify) == ((PROGRAMME,), ())
            await run.execute_update("resume", {})
