"""Python clients name handlers by typed references: mypy holds each to its payload and its result."""

from typing import TYPE_CHECKING

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from schemas.cohort import MatchDecision
from schemas.events import Rehearsed, Volunteered
from schemas.pair_updates import PausePair, SignOffMentor
from schemas.rollout import TickNeed
from schemas.stages import Stage
from tests.workflows.test_examples import running
from workflows.cohort import CohortWorkflow
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow


async def test_a_pair_is_signalled_updated_and_queried_by_typed_references(
    skipping: WorkflowEnvironment,
) -> None:
    async with running(skipping, "pair", "pause") as (handle, _):
        pair = skipping.client.get_workflow_handle_for(PairWorkflow.run, handle.id)
        await pair.signal(PairWorkflow.rehearsed, Rehearsed())
        result = await pair.execute_update(
            PairWorkflow.pause, PausePair(reason="asked")
        )
        state = await pair.query(PairWorkflow.state)
    assert state is not None
    assert (state.gate.rehearsed, state.paused) == (True, True)
    assert (result.revision, result.stage) == (state.revision, Stage.TRAINING)


async def test_a_validator_refuses_what_comes_by_a_typed_reference_too(
    skipping: WorkflowEnvironment,
) -> None:
    async with running(skipping, "pair", "pause") as (handle, _):
        pair = skipping.client.get_workflow_handle_for(PairWorkflow.run, handle.id)
        with pytest.raises(WorkflowUpdateFailedError):
            await pair.execute_update(PairWorkflow.sign_off, SignOffMentor())


async def test_a_cohort_returns_its_counts_to_a_typed_reference(
    skipping: WorkflowEnvironment,
) -> None:
    async with running(skipping, "cohort", "approve_matches") as (handle, _):
        cohort = skipping.client.get_workflow_handle_for(CohortWorkflow.run, handle.id)
        counts = await cohort.execute_update(
            CohortWorkflow.approve_matches, MatchDecision(all=True)
        )
    assert counts.pairs == 1


async def test_a_programme_returns_a_sentence_to_a_typed_reference(
    skipping: WorkflowEnvironment,
) -> None:
    async with running(skipping, "programme", "tick_need") as (handle, _):
        programme = skipping.client.get_workflow_handle_for(
            ProgrammeWorkflow.run, handle.id
        )
        reply = await programme.execute_update(
            ProgrammeWorkflow.tick_need, TickNeed(region="est", need="works_council")
        )
    assert reply.upper() == "TICKED"


if TYPE_CHECKING:

    async def wrong_payloads(pair: WorkflowHandle[PairWorkflow, str]) -> None:
        """Each line is an error of types: mypy complains of an ignore that is unused."""
        await pair.signal(PairWorkflow.held, Volunteered())  # type: ignore[misc]
        await pair.execute_update(PairWorkflow.end, PausePair())  # type: ignore[misc]
        result = await pair.execute_update(PairWorkflow.pause, PausePair())
        print(result.pairs)  # type: ignore[attr-defined]  # noqa: T201
