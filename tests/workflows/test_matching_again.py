"""A cohort matches again when others wait than at the last run that found nothing, though they are as many."""

import asyncio
from contextlib import AsyncExitStack

from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from schemas.cohort import CohortCounts, CohortStart, MatchSummary
from schemas.ids import TASK_QUEUE, CohortRef
from tests.support.cohort_course import READY
from tests.support.offices import Offices, document
from tests.support.waiting import LONGEST_WAIT_SECONDS

NOBODY = READY.model_copy(update={"ready_mentors": 0})


class NobodyFits(Offices):
    """The mentors who waited go, or go on leave, and as many others come some days later."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        super().__init__(environment)
        self.looks = iter([READY, READY, NOBODY, READY, READY])
        self.runs: list[str] = []
        self.seen = asyncio.Event()

    @activity.defn
    async def cohort_counts(self, cohort: CohortRef) -> CohortCounts:
        found = next(self.looks, None)
        self.runs.append("look")
        if found is None:
            self.seen.set()
        return found or READY

    @activity.defn
    async def match_cohort(self, cohort: CohortRef) -> MatchSummary:
        self.runs.append("match")
        return MatchSummary(run=1, proposed=0, unmatched_mentors=2, unmatched_mentees=2)


async def test_it_matches_when_others_take_the_place_of_those_who_went(
    skipping: WorkflowEnvironment,
) -> None:
    played, now = NobodyFits(skipping), await skipping.get_current_time()
    plan = await played.plan(document(now))
    start = CohortStart(plan=plan.cohorts[0], clock=plan.clock, opens_at=now)
    async with AsyncExitStack() as at_work:
        for worker in played.workers():
            await at_work.enter_async_context(worker)
        cohort = await skipping.client.start_workflow(
            "CohortWorkflow",
            start,
            id=start.plan.cohort.workflow_id,
            task_queue=TASK_QUEUE,
        )
        for _ in range(8):
            await skipping.sleep(24 * 3600)
        await asyncio.wait_for(played.seen.wait(), LONGEST_WAIT_SECONDS)
        await cohort.terminate()
    assert played.runs[:7] == ["look", "match", "look", "look", "look", "match", "look"]


class Matching(NobodyFits):
    """The same people wait for ever; `matched` tells of each run."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        super().__init__(environment)
        self.matched: asyncio.Queue[None] = asyncio.Queue()

    @activity.defn
    async def cohort_counts(self, cohort: CohortRef) -> CohortCounts:
        return READY

    @activity.defn
    async def match_cohort(self, cohort: CohortRef) -> MatchSummary:
        self.matched.put_nowait(None)
        return await super().match_cohort(cohort)


async def test_it_matches_again_when_lines_changed_or_a_pause_is_over(
    skipping: WorkflowEnvironment,
) -> None:
    played, now = Matching(skipping), await skipping.get_current_time()
    plan = await played.plan(document(now))
    start = CohortStart(plan=plan.cohorts[0], clock=plan.clock, opens_at=now)
    with skipping.auto_time_skipping_disabled():
        async with AsyncExitStack() as at_work:
            for worker in played.workers():
                await at_work.enter_async_context(worker)
            cohort = await skipping.client.start_workflow(
                "CohortWorkflow",
                start,
                id=start.plan.cohort.workflow_id,
                task_queue=TASK_QUEUE,
            )
            await asyncio.wait_for(played.matched.get(), LONGEST_WAIT_SECONDS)
            await cohort.signal("people_changed", {})
            await asyncio.wait_for(played.matched.get(), LONGEST_WAIT_SECONDS)
            await cohort.terminate()
