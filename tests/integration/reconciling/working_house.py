"""Workers at work over a world, and a programme of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.executions.activities import ExecutionActivities
from activities.executions.executions import TemporalExecutions, unless_gone
from activities.executions.record_history import RecordHistory
from activities.matching.activities import MatchingActivities
from activities.persistence.activities import PersistenceActivities
from activities.persistence.lost_records import LostRecords
from activities.persistence.store import Store
from activities.reconciler.activities import ReconcilerActivities
from activities.scheduling.activities import SchedulingActivities
from schemas.cohort import CohortState
from schemas.ids import MATCHING_QUEUE, TASK_QUEUE, CohortRef
from tests.replay.sandbox import workflow_runner
from tests.support.waiting import until
from tests.support.world import (
    COMEX,
    World,
)
from workers.build import WORKFLOWS, activity_methods

EXAMPLES = Path(__file__).parents[3] / "examples"


class WorkingHouse:
    """All workers but those of delivery, and a programme that runs."""

    def __init__(self, client: Client, world: World, url: str) -> None:
        self.client, self.world, self.store, self.url = client, world, world.store, url
        self.executions = TemporalExecutions(client)
        self.starting = ExecutionActivities(self.store, self.executions)
        self.lost_records = LostRecords(
            self.store.records, self.store.drift, RecordHistory(client)
        )
        self.persistence = PersistenceActivities(
            self.store, EXAMPLES, "http://here", self.lost_records
        )
        self.reconciling = self.reconciler()
        self.code = f"real-{uuid4().hex[:8]}"
        """The code of the programme that runs here; the server remembers those of other tests."""

    def reconciler(
        self, store: Store | None = None, settle: timedelta = timedelta(0)
    ) -> ReconcilerActivities:
        return ReconcilerActivities(
            store or self.store,
            self.executions,
            self.client,
            self.lost_records,
            settle,
        )

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        await self._begin_work()
        yield
        await self._workers.aclose()

    async def _begin_work(self) -> None:
        self._workers = AsyncExitStack()
        for worker in self._make_workers():
            await self._workers.enter_async_context(worker)

    def _make_workers(self) -> list[Worker]:
        parts = (
            self.persistence,
            self.starting,
            SchedulingActivities(self.store.agendas),
            self.reconciling,
        )
        light = [method for part in parts for method in activity_methods(part)]
        matching = activity_methods(MatchingActivities(self.store))
        return [
            Worker(
                self.client,
                task_queue=TASK_QUEUE,
                workflows=WORKFLOWS,
                activities=light,
                workflow_runner=workflow_runner(),
            ),
            Worker(self.client, task_queue=MATCHING_QUEUE, activities=matching),
        ]

    async def clear(self) -> None:
        """Leave no run behind for the next test's worker."""
        async for found in self.client.list_workflows('ExecutionStatus="Running"'):
            await unless_gone(self.client.get_workflow_handle(found.id).terminate())

    @asynccontextmanager
    async def nobody_at_work(self) -> AsyncIterator[None]:
        await self._workers.aclose()
        yield
        await self._begin_work()

    async def quiet(self, handle: WorkflowHandle[Any, Any]) -> bool:
        """No workflow task waits, and no activity."""
        found = (await handle.describe()).raw_description
        return not (found.HasField("pending_workflow_task") or found.pending_activities)

    async def listed(self, workflow_id: str, status: str) -> None:
        """Wait until visibility has heard."""
        query = f'WorkflowId="{workflow_id}" AND ExecutionStatus="{status}"'

        async def there() -> bool:
            return (await self.client.count_workflows(query)).count > 0

        await until(there)

    async def start_programme(
        self, starts_on: str = "2026-01-12"
    ) -> WorkflowHandle[Any, Any]:
        regions = [{"region": "comex", "mentors_from": ["idf"]}]
        raw = {"programme": self.code, "starts_on": starts_on, "regions": regions}
        return await self.client.start_workflow(
            "ProgrammeWorkflow", raw, id=self.programme.id, task_queue=TASK_QUEUE
        )

    @property
    def programme(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(f"programme:{self.code}")

    @property
    def comex(self) -> CohortRef:
        """The one cohort of the programme that runs."""
        return COMEX.model_copy(update={"programme": self.code})

    @property
    def cohort(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(self.comex.workflow_id)

    async def begun(self) -> int:
        """How many of its pairs have recorded their beginning."""
        listed = await self.store.pairs.in_cohort(self.comex)
        return sum(1 for pair in listed if pair.next_step)

    async def any_pair(self) -> str:
        return (await self.store.pairs.in_cohort(self.comex))[0].pair.workflow_id

    async def saved(self, status: str) -> bool:
        """Whether the programme has written down that its one region stands so."""
        state = await self.store.programmes.state(self.code)
        return state is not None and [region.status for region in state.regions] == [
            status
        ]

    async def waits(self) -> bool:
        """Whether the programme has taken its code and waits for its day."""
        return await self.store.programmes.plan(
            self.code
        ) is not None and await self.quiet(self.programme)

    async def looked(self) -> None:
        """Wait until the cohort has enrolled and counted."""

        async def counted() -> bool:
            state = await self.cohort.query("state", result_type=CohortState)
            return bool(state.polls)

        await until(counted)

    async def runs_of(self, workflow_id: str) -> int:
        await self.listed(workflow_id, "Running")
        return (await self.client.count_workflows(f'WorkflowId="{workflow_id}"')).count
