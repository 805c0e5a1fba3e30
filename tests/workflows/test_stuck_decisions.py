"""A decision that cannot be carried out for long holds up nothing else of its cohort."""

import asyncio
from contextlib import AsyncExitStack
from itertools import chain, repeat

import pytest
from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from schemas.cohort import CohortCounts, CohortStart, MatchDecision
from schemas.effects import PauseScope
from schemas.ids import TASK_QUEUE, CohortRef
from tests.replay.rollouts import rest
from tests.support.offices import Offices, document
from tests.support.played import ACCEPTED
from tests.support.waiting import LONGEST_WAIT_SECONDS
from workflows import options

PIN = {"pin": [{"mentor": "p" + "a" * 13, "mentee": "p" + "b" * 13}]}


class Stuck(Offices):
    """Neither a pin nor a pause gets anywhere."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        super().__init__(environment)
        self.running, self.tried = asyncio.Event(), asyncio.Event()
        self.ending = chain(repeat(0))

    @activity.defn
    async def cohort_counts(self, cohort: CohortRef) -> CohortCounts:
        self.running.set()
        return await super().cohort_counts(cohort)

    @activity.defn
    async def check_and_decide_matches(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> CohortCounts:
        self.tried.set()
        raise ApplicationError("away")

    @activity.defn
    async def set_pause(self, change: PauseScope) -> bool:
        self.tried.set()
        raise ApplicationError("away")


async def a_cohort(stuck: Stuck) -> WorkflowHandle[object, object]:
    plan = await stuck.plan(document(await stuck.environment.get_current_time()))
    start = CohortStart(plan=plan.cohorts[0], clock=plan.clock, opens_at=plan.starts_at)
    return await stuck.client.start_workflow(
        "CohortWorkflow", start, id=start.plan.cohort.workflow_id, task_queue=TASK_QUEUE
    )


@pytest.mark.parametrize(
    ("update", "decision"), [("approve_matches", PIN), ("pause", {})]
)
async def test_a_cohort_with_a_stuck_decision_can_be_cancelled_in_a_long_run(
    skipping: WorkflowEnvironment,
    monkeypatch: pytest.MonkeyPatch,
    update: str,
    decision: dict[str, object],
) -> None:
    monkeypatch.setattr(options, "EVENTS_PER_RUN", 30)
    stuck = Stuck(skipping)
    with skipping.auto_time_skipping_disabled():
        async with AsyncExitStack() as at_work:
            for worker in stuck.workers():
                await at_work.enter_async_context(worker)
            run = await a_cohort(stuck)
            await asyncio.wait_for(stuck.running.wait(), LONGEST_WAIT_SECONDS)
            await run.start_update(update, decision, wait_for_stage=ACCEPTED)
            await asyncio.wait_for(stuck.tried.wait(), LONGEST_WAIT_SECONDS)
            await long_run(run)
            await rest(stuck, run.id, stuck=1)
            await run.cancel()
            await asyncio.wait_for(run.result(), LONGEST_WAIT_SECONDS)


async def long_run(run: WorkflowHandle[object, object]) -> None:
    """Whatever it does not know is written down, in a few events each."""
    while (await run.describe()).history_length <= 2 * options.EVENTS_PER_RUN:
        await run.signal("nonsense")
        await asyncio.sleep(0.05)
