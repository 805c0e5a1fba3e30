"""A whole programme whose pairs are terminated at every turn: it ends as one that nobody touched, mail for mail."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.api.testservice.v1 import (
    LockTimeSkippingRequest,
    UnlockTimeSkippingRequest,
)
from temporalio.testing import WorkflowEnvironment

from activities.executions.executions import TemporalExecutions
from activities.executions.record_history import RecordHistory
from activities.persistence.lost_records import LostRecords
from activities.persistence.store import Store
from activities.reconciler.repairs import Repairer
from schemas.effects import Directives, RecordBatch
from schemas.ids import TASK_QUEUE
from schemas.stages import Stage
from tests.support.rehearsal.own_sql import database
from tests.support.temporal_servers import skipping_server
from tests.support.waiting import until
from tests.support.whole import FREE, WholeActivities
from tests.support.world import file, line

PEOPLE = file(
    line("COACH", roles="supervisor"),
    line("OPS", roles="ops"),
    line("SPONSOR", roles="sponsor"),
    line("BOSS", roles="mentee", **FREE),
    line("MENTOR", roles="mentor", supervisor="COACH", **FREE),
)
DOCUMENT: dict[str, Any] = {
    "starts_on": "2027-01-11",
    "training": {"modules": ["listening"]},
    "sessions": {"count": 3},
    "matching": {"approval": "automatic"},
    "regions": [{"region": "comex"}],
}
NOTICES = """
select body ->> 'template' as what, body ->> 'to' as who, coalesce(body ->> 'session', '-') as session
from outbox where programme = $1
"""
RESTING = (
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
)
Whole = TypeVar("Whole", bound=WholeActivities)
ALWAYS = -timedelta(days=36500)
"""Skipped time runs ahead of the wall, and what it ended has settled."""


class Terminating(WholeActivities):
    """Ends the pair's run at each new step of its life, as soon as the step is recorded."""

    def __init__(self, environment: WorkflowEnvironment, store: Store) -> None:
        super().__init__(environment, store)
        self.repairer = Repairer(
            store,
            TemporalExecutions(environment.client),
            environment.client,
            LostRecords(store.records, store.drift, RecordHistory(environment.client)),
            ALWAYS,
        )
        self.ends: dict[str, asyncio.Task[None]] = {}
        self.one_at_a_time = asyncio.Lock()
        self.repaired_stages: set[str] = set()
        """Stages in which it was ended; everybody answers at once, and feedback may be over before that."""

    @activity.defn
    async def record(self, batch: RecordBatch) -> Directives:
        directives = await super().record(batch)
        row = batch.records[-1].row if batch.records else None
        step = (
            f"{row.stage}:{row.next_step}"
            if row and row.stage is not Stage.CLOSED
            else None
        )
        if step and step not in self.ends:
            self.ends[step] = asyncio.create_task(
                self._end(batch.pair.workflow_id, step)
            )
        return directives

    async def _end(self, pair: str, step: str) -> None:
        """Time stands still meanwhile: people who are in time stay so."""
        async with self.one_at_a_time:
            await self.client.test_service.lock_time_skipping(LockTimeSkippingRequest())
            await until(lambda: self._rests(pair))
            if await self._lives(pair):
                await self.client.get_workflow_handle(pair).terminate()
                repair = await self.repairer.examine(pair)
                assert repair is not None and repair.repaired
                self.repaired_stages.add(step.partition(":")[0])
                await until(lambda: self._rests(pair))
            await self.client.test_service.unlock_time_skipping(
                UnlockTimeSkippingRequest()
            )

    async def _lives(self, pair: str) -> bool:
        run = await TemporalExecutions(self.client).describe(pair)
        return run is not None and run.open

    async def _rests(self, pair: str) -> bool:
        """Whether its task is done and it waits: this server skips no time after a task that it lost."""
        events = [
            event
            async for event in self.client.get_workflow_handle(
                pair
            ).fetch_history_events()
        ]
        return events[-1].event_type in RESTING


async def notices(url: str, programme: str) -> Counter[tuple[str, ...]]:
    async with database(url) as found:
        rows = await found.rows(NOTICES, programme)
    return Counter((row["what"], row["who"], row["session"]) for row in rows)


async def lived(
    url: str, made: type[WholeActivities], programme: str
) -> tuple[WholeActivities, Counter[tuple[str, ...]], Any]:
    """A whole programme; what was sent in it and what came of it."""
    store = await Store.open(url)
    await store.imports.apply(PEOPLE)
    async with skipping_server() as skipping:
        whole = made(skipping, store)
        first, second = whole.workers()
        async with first, second:
            await skipping.client.execute_workflow(
                "ProgrammeWorkflow",
                {**DOCUMENT, "programme": programme},
                id=f"programme:{programme}",
                task_queue=TASK_QUEUE,
            )
    status = await store.status.find(programme)
    await store.close()
    return whole, await notices(url, programme), status


async def test_a_pair_that_is_ended_at_every_turn_comes_to_the_same_end(
    database_url: str,
) -> None:
    _, undisturbed, _ = await lived(database_url, WholeActivities, "first")
    whole, disturbed, status = await lived(database_url, Terminating, "second")
    assert isinstance(whole, Terminating)
    await asyncio.gather(*whole.ends.values())
    assert whole.repaired_stages >= {"training", "matching", "sessions"}
    assert disturbed == undisturbed
    assert status.regions[0].outcomes == {"completed": 1}
