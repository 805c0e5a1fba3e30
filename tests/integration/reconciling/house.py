"""Pairs that run for real, and ops who end what they should not."""

from datetime import UTC, datetime
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyExcludeType
from temporalio.api.workflowservice.v1 import (
    DeleteWorkflowExecutionRequest,
    ResetWorkflowExecutionRequest,
)
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import ActivityEnvironment

from activities.executions.executions import TemporalExecutions
from domain.runs.judgement import STUCK_TASK_ATTEMPTS
from schemas.cohort import MatchDecision
from schemas.records.drift import Drift, ReconcileReport
from schemas.records.listings import PairDetail
from schemas.rollout import ProgrammeState, RegionState
from schemas.stages import Outcome, Stage
from tests.integration.reconciling.working_house import WorkingHouse
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


class House(WorkingHouse):
    """One cohort of three pairs: ANNA's, and BRUNO's two."""

    def __init__(self, client: Client, world: World, url: str) -> None:
        super().__init__(client, world, url)
        self.pair_id = world.pair().workflow_id

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
            return await TemporalExecutions(self.client).describe(self.pair_id) is None

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

    def newcomer(self) -> bytes:
        """Somebody who was not there when the cohort opened."""
        return file(
            line("CLARA", "idf", roles="mentor", supervisor="COACH"),
            line("COACH", "idf", roles="supervisor"),
        )

    async def drift(self) -> list[Drift]:
        return await self.store.drift.listing()

    async def ledger(self) -> list[str]:
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

    async def pair_quiet(self) -> bool:
        return await self.quiet(self.pair)

    async def stuck(self) -> bool:
        run = await TemporalExecutions(self.client).describe(self.pair_id)
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
