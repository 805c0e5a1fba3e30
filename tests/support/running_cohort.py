"""A cohort on the full server: its workers run, and its runs end with the test."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

from temporalio.client import Client
from temporalio.worker import Worker

from schemas.ids import CohortRef


class RunnableCohort(Protocol):
    client: Client
    ref: CohortRef

    def workers(self) -> Sequence[Worker]: ...

    async def begin(self) -> None: ...


@asynccontextmanager
async def running(cohort: RunnableCohort) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for worker in cohort.workers():
            await stack.enter_async_context(worker)
        await cohort.begin()
        yield
    async for run in cohort.client.list_workflows(
        f'ProgrammeId="{cohort.ref.programme}" and ExecutionStatus="Running"'
    ):
        await cohort.client.get_workflow_handle(run.id).terminate()
