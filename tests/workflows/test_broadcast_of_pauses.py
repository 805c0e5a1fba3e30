"""Pausing and resuming while pairs are being notified: all of them learn the last state."""

import asyncio
from contextlib import AsyncExitStack

from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from schemas.ids import TASK_QUEUE
from schemas.rollout import ProgrammeState
from tests.support.offices import Offices, document
from tests.support.waiting import LONGEST_WAIT_SECONDS


class SlowBroadcast(Offices):
    """It takes a while, and in the middle of it ops change their mind."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        super().__init__(environment)
        self.broadcasts: list[tuple[str, ...]] = []
        self.started, self.resumed = asyncio.Event(), asyncio.Event()

    @activity.defn
    async def save_programme(self, state: ProgrammeState) -> None:
        self.started.set()

    @activity.defn
    async def signal_scope(self, scope: str) -> int:
        self.broadcasts.append(self.paused)
        if len(self.broadcasts) == 1:
            programme = self.client.get_workflow_handle("programme:replayed")
            await programme.execute_update("resume", {})
        else:
            self.resumed.set()
        return 2


async def test_a_resume_in_the_middle_of_a_broadcast_of_the_pause_reaches_all(
    skipping: WorkflowEnvironment,
) -> None:
    broadcast = SlowBroadcast(skipping)
    with skipping.auto_time_skipping_disabled():
        async with AsyncExitStack() as at_work:
            for worker in broadcast.workers():
                await at_work.enter_async_context(worker)
            programme = await skipping.client.start_workflow(
                "ProgrammeWorkflow",
                document(await skipping.get_current_time()),
                id="programme:replayed",
                task_queue=TASK_QUEUE,
            )
            await asyncio.wait_for(broadcast.started.wait(), LONGEST_WAIT_SECONDS)
            await programme.execute_update("pause", {"reason": "asked"})
            await asyncio.wait_for(broadcast.resumed.wait(), LONGEST_WAIT_SECONDS)
            state: ProgrammeState = await programme.query(
                "state", result_type=ProgrammeState
            )
    assert broadcast.broadcasts == [("programme:replayed",), ()]
    assert (state.paused, state.scopes_to_notify) == ((), ())
