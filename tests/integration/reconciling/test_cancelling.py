"""Cancelled cohorts and programmes: their pairs end first, with their invites withdrawn, and nobody is left behind."""

from temporalio.client import WorkflowExecutionStatus

from schemas.stages import Outcome, Stage
from tests.integration.reconciling.house import House
from tests.integration.reconciling.test_others import a_programme, running
from tests.support.waiting import until


async def outcomes(house: House) -> dict[str, int]:
    counts = await house.store.cohorts.counts(house.comex)
    assert counts.stages == {Stage.CLOSED: counts.pairs}
    return {outcome.value: n for outcome, n in counts.outcomes.items()}


async def test_a_cancelled_cohort_ends_its_pairs_and_then_closes(house: House) -> None:
    await a_programme(house)
    await house.cohort.cancel()
    assert await house.cohort.result() == "closed"
    assert (await house.cohort.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert await outcomes(house) == {Outcome.ENDED_EARLY.value: 3}


async def test_a_cancelled_programme_ends_its_cohorts_and_then_itself(
    house: House,
) -> None:
    await a_programme(house)
    await house.programme.cancel()
    await house.programme.result()
    assert not await running(house, house.cohort.id)
    assert await outcomes(house) == {Outcome.ENDED_EARLY.value: 3}
    status = await house.store.status.find(house.code)
    assert status is not None and status.status == "closed"


async def test_a_pair_without_a_run_is_ended_when_it_has_one_again(
    house: House,
) -> None:
    await a_programme(house)
    lost = await house.any_pair()
    await house.client.get_workflow_handle(lost).terminate()
    await house.cohort.cancel()
    await house.listed(lost, "Terminated")
    await house.reconcile()
    assert await house.cohort.result() == "closed"
    assert await outcomes(house) == {Outcome.ENDED_EARLY.value: 3}


async def test_a_programme_that_is_cancelled_before_its_day_opens_nothing(
    house: House,
) -> None:
    await house.close_the_factories_programme()
    await house.start_programme(starts_on="2027-03-01")
    await until(house.waits)
    await house.programme.cancel()
    await house.programme.result()
    assert await house.store.programmes.cohorts(house.code) == []
