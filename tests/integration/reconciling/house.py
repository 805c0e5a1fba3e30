"""Pairs that run for real, and ops who end what they should not."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyExcludeType
from temporalio.api.workflowservice.v1 import (
    DeleteWorkflowExecutionRequest,
    ResetWorkflowExecutionRequest,
)
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.executions.activities import ExecutionActivities
from activities.executions.executions import Executions
from activities.matching.activities import MatchingActivities
from activities.persistence.activities import PersistenceActivities
from activities.persistence.store import Store
from activities.reconciler.activities import ReconcilerActivities
from activities.scheduling.activities import SchedulingActivities
from domain.runs.judgement import STUCK_TASK_ATTEMPTS
from schemas.cohort import CohortState, MatchDecision
from schemas.drift import Drift, ReconcileReport
from schemas.ids import MATCHING_QUEUE, TASK_QUEUE, CohortRef
from schemas.listings import PairDetail
from schemas.rollout import ProgrammeState, RegionState
from schemas.stages import Outcome, Stage
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import until
from tests.support.world import (
    AT,
    COMEX,
    World,
    cohort_start,
    file,
    line,
    record,
)
from workers.build import WORKFLOWS, methods
from workers.sandbox import workflow_runner

EXAMPLES = Path(__file__).parents[3] / "examples"


class House:
    """One cohort of three pairs: ANNA's, and BRUNO's two."""

    def __init__(self, client: Client, world: World, url: str) -> None:
        self.client, self.world, self.store, self.url = client, world, world.store, url
        self.executions = Executions(client)
        self.starting = ExecutionActivities(self.store, self.executions)
        self.persistence = PersistenceActivities(self.store, EXAMPLES, "http://here")
        self.reconciling = self.reconciler()
        self.pair_id = world.pair().workflow_id
        self.code = f"real-{uuid4().hex[:8]}"
        """Of the programme that runs here; the server remembers those of other tests."""

    def reconciler(
        self, store: Store | None = None, settle: timedelta = timedelta(0)
    ) -> ReconcilerActivities:
        return ReconcilerActivities(
            store or self.store, self.executions, self.client, settle
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
        light = [method for part in parts for method in methods(part)]
        matching = methods(MatchingActivities(self.store))
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
            await self.client.get_workflow_handle(found.id).terminate()

    @asynccontextmanager
    async def nobody_at_work(self) -> AsyncIterator[None]:
        await self._workers.aclose()
        yield
        await self._begin_work()

    @property
    def pair(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(self.pair_id)

    async def start_pairs(self) -> None:
        """Each has recorded its beginning when this returns."""
        start = cohort_start(self.world.plan).model_copy(
            update={"opens_at": datetime.now(UTC)}
        )
        await ActivityEnvironment().run(self.starting.start_pairs, start)
        for mentor, seat in (("ANNA", 1), ("BRUNO", 1), ("BRUNO", 2)):
            await self.revision(1, self.world.pair(mentor, seat).workflow_id)

    async def reconcile(self) -> ReconcileReport:
        """One run of the activity, outside of its workflow."""
        return await ActivityEnvironment().run(self.reconciling.reconcile)

    async def detail(self, pair: str | None = None) -> PairDetail:
        detail = await self.store.pairs.find(pair or self.pair_id)
        assert detail is not None
        return detail

    async def revision(self, least: int, pair: str | None = None) -> None:
        """Wait until the pair, or another, has recorded so much."""

        async def there() -> bool:
            detail = await self.store.pairs.find(pair or self.pair_id)
            return (
                detail is not None
                and detail.state is not None
                and detail.state.revision >= least
            )

        await until(there)

    async def ready(self) -> None:
        """The pair waits for a match."""
        await self.pair.signal("volunteered", {"windows": True, "charter": True})
        await self.pair.signal("module_completed", {"module": "listening"})
        await self.revision(3)
        await self.pair.execute_update("sign_off", {"rehearsed": True})

        async def matching() -> bool:
            return (await self.detail()).stage is Stage.MATCHING

        await until(matching)

    async def claim(self, mentee: str) -> None:
        """Ops approve a match; the seat is claimed, and the pair is told if it can be."""
        await self.store.matches.save_run(
            COMEX, [self.world.proposal("ANNA", mentee)], []
        )
        await self.store.reviews.decide(COMEX, MatchDecision(all=True))
        await ActivityEnvironment().run(self.starting.announce_matches, COMEX)

    async def matched(self) -> bool:
        state = (await self.detail()).state
        return state is not None and state.match is not None

    async def delete(self) -> None:
        """As if Temporal had lost the run."""
        execution = WorkflowExecution(workflow_id=self.pair_id)
        namespace = self.client.namespace
        await self.client.workflow_service.delete_workflow_execution(
            DeleteWorkflowExecutionRequest(
                namespace=namespace, workflow_execution=execution
            )
        )

        async def gone() -> bool:
            return await Executions(self.client).describe(self.pair_id) is None

        await until(gone)

    async def close_the_factories_programme(self) -> None:
        """It holds the mentors' seats, and has no run that the reconciler would not begin."""
        for mentor, seat in (("ANNA", 1), ("BRUNO", 1), ("BRUNO", 2)):
            await self.world.record(
                record(1, stage=Stage.CLOSED, outcome=Outcome.LEFT),
                mentor=mentor,
                seat=seat,
            )
        made = self.world.plan
        await self.store.cohorts.close(
            COMEX, await self.store.cohorts.evidence(made.cohorts[0]), AT
        )
        regions = tuple(
            RegionState(plan=cohort, status="closed") for cohort in made.cohorts
        )
        await self.store.programmes.save_state(
            ProgrammeState(plan=made, now=AT, revision=9, regions=regions)
        )

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

    def newcomer(self) -> bytes:
        """Somebody who was not there when the cohort opened."""
        return file(
            line("CLARA", "idf", roles="mentor", supervisor="COACH"),
            line("COACH", "idf", roles="supervisor"),
        )

    async def drift(self) -> list[Drift]:
        return await self.store.drift.listing()

    async def told(self) -> list[str]:
        """The pair's ledger."""
        return [line.what for line in await self.store.pairs.ledger(self.pair_id)]

    async def reset_to_the_first_task(
        self, *forgotten: ResetReapplyExcludeType.ValueType
    ) -> None:
        first = None
        async for event in self.pair.fetch_history_events():
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                first = event.event_id
                break
        assert first is not None
        await self.client.workflow_service.reset_workflow_execution(
            ResetWorkflowExecutionRequest(
                namespace=self.client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=self.pair_id),
                reason="by mistake",
                workflow_task_finish_event_id=first,
                request_id="reset",
                reset_reapply_exclude_types=forgotten,
            )
        )

    async def suspended(self) -> bool:
        found = await self.pair.describe()
        return found.search_attributes.get("Health") == ["suspended"]

    async def quiet(self, handle: WorkflowHandle[Any, Any] | None = None) -> bool:
        """No workflow task waits, and no activity."""
        found = (await (handle or self.pair).describe()).raw_description
        return not (found.HasField("pending_workflow_task") or found.pending_activities)

    async def stuck(self) -> bool:
        run = await Executions(self.client).describe(self.pair_id)
        return run is not None and run.task_attempts >= STUCK_TASK_ATTEMPTS

    async def overdue(self) -> None:
        """As if a deadline of the pair had passed long ago."""
        async with database(self.url) as found:
            await found.do("update pairs set next_at = '2026-01-01'")

    async def listed_suspended(self) -> None:
        query = f'WorkflowId="{self.pair_id}" AND Health="suspended"'

        async def there() -> bool:
            return (await self.client.count_workflows(query)).count > 0

        await until(there)

    async def listed(self, workflow_id: str, status: str) -> None:
        """Wait until visibility has heard."""
        query = f'WorkflowId="{workflow_id}" AND ExecutionStatus="{status}"'

        async def there() -> bool:
            return (await self.client.count_workflows(query)).count > 0

        await until(there)
