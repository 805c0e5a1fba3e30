"""Every example that the Web UI, the console and the docs show is accepted by a live workflow."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.common import RawValue
from temporalio.testing import WorkflowEnvironment

from schemas.cohort import CohortCounts, CohortStart
from schemas.examples import example
from schemas.handlers import SIGNALS_BY_WORKFLOW, UPDATES_BY_WORKFLOW
from schemas.ids import TASK_QUEUE
from schemas.pair import PairState
from schemas.pair_updates import PausePair
from schemas.programme import ProgrammePlan
from schemas.rollout import (
    ProgrammeOnRecord,
    ProgrammeState,
    RegionPhase,
    RegionState,
)
from schemas.stages import Stage
from tests.support.lives import A_START, PAIR
from tests.support.waiting import until
from tests.unit.domain.pair.factories import matched, proposed, started
from tests.unit.domain.pair.test_guard import frozen
from tests.workflows.nonsense import Offices, plan_at
from workflows.pairs.pair_restoring import snapshot

CODE = "ours"
ENDS = {("pair", "declined"), ("pair", "person_left")}
"""Signals after whose example the run ends."""
COUNTED = {"resume", "accept_people_change", "dismiss_people_change"}
"""Updates of a cohort that are refused unless something is paused or held."""


class OfficesOnRecord(Offices):
    """Offices of a cohort that is paused and holds pairs, and of a programme on record."""

    def __init__(self, plan: ProgrammePlan, name: str) -> None:
        super().__init__(plan)
        self.name = name

    @activity.defn(dynamic=True)
    async def anything(self, args: Sequence[RawValue]) -> Any:
        cohort = self.plan.cohorts[0].cohort.workflow_id
        match activity.info().activity_type:
            case "cohort_counts" if self.name in COUNTED:
                stages = {Stage.TRAINING: 1}
                return CohortCounts(
                    pairs=1, stages=stages, paused=(cohort,), guard_held=1
                )
            case "load_programme":
                return on_record(self.plan, self.name)
        return await super().anything(args)


def pair_before(name: str) -> PairState:
    """A pair that accepts the update of this name."""
    match name:
        case "sign_off":
            return started(training={"modules": []}).state.having(
                gate=started().state.gate.model_copy(
                    update={"volunteered": True, "windows": True, "rehearsed": True}
                )
            )
        case "resume":
            return started().on(PausePair()).state
        case "reschedule":
            return proposed().state
        case "rematch":
            return matched().state
        case "keep":
            return frozen().state
        case _:
            return started().state


def on_record(plan: ProgrammePlan, name: str) -> ProgrammeOnRecord:
    """The programme's example region is `est`, which needs its works council."""
    comex, est = (RegionState(plan=cohort) for cohort in plan.cohorts)
    if name == "conclude":
        ref = est.plan.cohort.model_copy(update={"wave": 2})
        second = est.plan.model_copy(update={"cohort": ref})
        est = RegionState(plan=second, status=RegionPhase.PROPOSED)
    comex = comex.model_copy(update={"status": RegionPhase.OPEN})
    scopes = (f"programme:{CODE}",) if name == "resume" else ()
    state = ProgrammeState(
        plan=plan, now=plan.starts_at, regions=(comex, est), paused=scopes
    )
    return ProgrammeOnRecord(plan=plan, state=state)


def plan_with_est(now: datetime) -> ProgrammePlan:
    est = {"region": "est", "after": "comex", "needs": ["works_council"]}
    return plan_at(now, est)


async def start(
    environment: WorkflowEnvironment, kind: str, name: str, plan: ProgrammePlan
) -> WorkflowHandle[Any, Any]:
    cohort = plan.cohorts[0]
    now = await environment.get_current_time()
    before = pair_before(name)
    pair = A_START.model_copy(
        update={"policy": before.policy, "restored": snapshot(before)}
    )
    starts: dict[str, tuple[str, str, Any]] = {
        "pair": ("PairWorkflow", PAIR.workflow_id, pair),
        "cohort": (
            "CohortWorkflow",
            cohort.cohort.workflow_id,
            CohortStart(plan=cohort, clock=plan.clock, opens_at=now),
        ),
        "programme": (
            "ProgrammeWorkflow",
            f"programme:{CODE}",
            {"programme": CODE, "restored": True},
        ),
    }
    workflow_type, workflow_id, given = starts[kind]
    return await environment.client.start_workflow(
        workflow_type, given, id=workflow_id, task_queue=TASK_QUEUE
    )


@asynccontextmanager
async def running(
    environment: WorkflowEnvironment, kind: str, name: str
) -> AsyncIterator[tuple[WorkflowHandle[Any, Any], Offices]]:
    plan = plan_with_est(await environment.get_current_time())
    offices = OfficesOnRecord(plan, name)
    async with AsyncExitStack() as stack:
        stack.enter_context(environment.auto_time_skipping_disabled())
        for worker in offices.workers(environment):
            await stack.enter_async_context(worker)
        handle = await start(environment, kind, name, plan)
        await ready(handle, kind)
        yield handle, offices


async def ready(handle: WorkflowHandle[Any, Any], kind: str) -> None:
    """A cohort decides once it has counted, and a programme once it is restored."""

    async def decides() -> bool:
        state = await handle.query("state")
        return bool(state) and (kind != "cohort" or state["polls"] > 0)

    await until(decides, f"{kind} decides")


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, each in SIGNALS_BY_WORKFLOW.items() for name in each],
)
async def test_the_example_of_a_signal_is_accepted_live(
    kind: str, name: str, skipping: WorkflowEnvironment
) -> None:
    async with running(skipping, kind, name) as (handle, offices):
        await handle.signal(name, example(SIGNALS_BY_WORKFLOW[kind][name]))
        if (kind, name) in ENDS:
            await handle.result()
        else:
            await handle.signal("nobody_knows_this")

            async def saved() -> bool:
                return bool(offices.kept)

            await until(saved, "what was refused is saved")
    assert name not in {message.name for message in offices.kept}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, each in UPDATES_BY_WORKFLOW.items() for name in each],
)
async def test_the_example_of_an_update_is_accepted_live(
    kind: str, name: str, skipping: WorkflowEnvironment
) -> None:
    async with running(skipping, kind, name) as (handle, _):
        assert await handle.execute_update(
            name, example(UPDATES_BY_WORKFLOW[kind][name])
        )
