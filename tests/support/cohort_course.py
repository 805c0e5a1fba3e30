"""A cohort of two pairs: what it finds at each look, and how it runs on the full server in a test."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

from temporalio.client import Client
from temporalio.worker import Worker

from schemas.cohort import CohortCounts
from schemas.ids import CohortRef
from schemas.stages import Outcome, Stage

TRAINING = CohortCounts(pairs=2, stages={Stage.TRAINING: 2}, waiting_mentees=2)
READY = CohortCounts(
    pairs=2, stages={Stage.MATCHING: 2}, ready_mentors=2, waiting_mentees=2
)
PROPOSED = READY.model_copy(update={"proposed": 2})
APPROVED = READY.model_copy(update={"approved": 2})
SESSIONS = CohortCounts(pairs=2, stages={Stage.SESSIONS: 2}, claims=2)
LINES_CHANGED = SESSIONS.model_copy(update={"guard_due": True})
HELD = SESSIONS.model_copy(update={"guard_held": 2})
UNSIGNALLED = SESSIONS.model_copy(update={"guard_to_notify": 2})
GUARDED = SESSIONS.model_copy()
CLOSED = CohortCounts(
    pairs=2, stages={Stage.CLOSED: 2}, outcomes={Outcome.COMPLETED: 2}, sessions_held=8
)


class Course:
    """What a cohort finds at each look; what is done about it moves it on."""

    def __init__(self, days: int) -> None:
        self._looks = iter([TRAINING] * days)
        self._counts = READY

    def look(self) -> CohortCounts:
        return next(self._looks, self._counts)

    def move(self, counts: CohortCounts) -> None:
        self._counts = counts
        if counts is SESSIONS:
            self._looks, self._counts = iter([SESSIONS] * 3), CLOSED


class RunnableCohort(Protocol):
    client: Client
    ref: CohortRef

    def workers(self) -> Sequence[Worker]: ...

    async def begin(self) -> None: ...


@asynccontextmanager
async def running(cohort: RunnableCohort) -> AsyncIterator[None]:
    """Run its workers; its runs end with the test."""
    async with AsyncExitStack() as stack:
        for worker in cohort.workers():
            await stack.enter_async_context(worker)
        await cohort.begin()
        yield
    async for run in cohort.client.list_workflows(
        f'ProgrammeId="{cohort.ref.programme}" and ExecutionStatus="Running"'
    ):
        await cohort.client.get_workflow_handle(run.id).terminate()
