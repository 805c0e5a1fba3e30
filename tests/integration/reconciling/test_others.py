"""Cohorts, programmes and deliveries whose runs were lost; two reconcilers at once; parts that are away."""

import asyncio
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.persistence.store import Store
from activities.reconciler.activities import SETTLED_AFTER
from schemas.records.drift import DriftKind
from schemas.rollout import ProgrammeState
from tests.integration.reconciling.house import House
from tests.support.waiting import until
from tests.support.world import file, line


async def running(house: House, workflow_id: str) -> bool:
    run = await house.executions.describe(workflow_id)
    return run is not None and run.open


async def a_programme(house: House) -> None:
    """One that runs with its cohort of three pairs; the factories' own programme is over."""
    await house.close_the_factories_programme()
    await house.start_programme()

    async def begun() -> bool:
        return await house.begun() == 3 and await house.saved("open")

    await until(begun)


async def test_a_terminated_cohort_goes_on_without_enrolling_anybody_twice(
    house: House,
) -> None:
    await a_programme(house)
    await house.cohort.terminate()
    await house.store.imports.apply(house.newcomer())
    await house.reconcile()
    assert await running(house, house.cohort.id)
    await house.looked()
    assert await house.begun() == 3


async def test_a_cohort_looks_at_changed_reporting_lines_before_its_next_day(
    house: House,
) -> None:
    await a_programme(house)
    await house.looked()
    await house.store.imports.apply(
        file(line("ANNA", "idf", roles="mentor", manager="BOSS", supervisor="COACH"))
    )
    assert await house.store.guard.due() == [house.cohort.id]
    await house.reconcile()

    async def looked_at_lines() -> bool:
        return await house.store.guard.due() == []

    await until(looked_at_lines)


async def test_a_terminated_programme_goes_on_from_where_its_regions_stood(
    house: House,
) -> None:
    await a_programme(house)
    await house.programme.terminate()
    await house.reconcile()
    state = await house.programme.query("state", result_type=ProgrammeState)
    assert [region.status for region in state.regions] == ["open"]
    assert await house.runs_of(house.cohort.id) == 1


async def test_a_programme_receives_that_a_cohort_closed_while_it_had_no_run(
    house: House,
) -> None:
    await a_programme(house)
    await house.programme.terminate()
    await house.cohort.cancel()
    await house.cohort.result()
    await house.reconcile()
    await house.programme.result()
    assert await house.saved("closed")


async def test_a_delivery_that_does_not_run_is_started(house: House) -> None:
    await house.reconcile()
    assert await running(house, "delivery:mail")
    await house.client.get_workflow_handle("delivery:mail").terminate()
    await house.reconcile()
    assert await running(house, "delivery:mail")


async def test_two_reconcilers_at_once_start_a_pair_once(house: House) -> None:
    await house.start_pairs()
    await house.pair.terminate()
    await house.listed(house.pair_id, "Terminated")
    other = house.reconciler()
    await asyncio.gather(house.reconcile(), ActivityEnvironment().run(other.reconcile))
    assert (await house.ledger()).count("restarted") == 1
    assert await house.runs_of(house.pair_id) == 2


async def test_a_postgresql_lost_in_the_middle_is_retried_from_there(
    house: House,
) -> None:
    closed_store = await Store.open(house.url)
    await closed_store.close()
    environment = ActivityEnvironment()
    with pytest.raises(ApplicationError) as failed:
        await environment.run(house.reconciler(closed_store).reconcile)
    assert (failed.value.type, failed.value.non_retryable) == (
        "DatabaseUnavailable",
        False,
    )


async def test_what_changed_just_now_is_left_alone(house: House) -> None:
    await house.start_pairs()
    await house.pair.terminate()
    await house.listed(house.pair_id, "Terminated")
    await ActivityEnvironment().run(house.reconciler(settle=SETTLED_AFTER).reconcile)
    assert not await running(house, house.pair_id)
    assert [d for d in await house.drift() if d.workflow_id == house.pair_id] == []


async def test_what_a_crash_cut_short_is_finished_by_the_next_run(
    house: House, monkeypatch: Any
) -> None:
    await house.start_pairs()
    async with house.nobody_at_work():
        await house.pair.signal("volunteered", {"windows": True, "charter": True})
        await house.pair.terminate()
        await house.listed(house.pair_id, "Terminated")
    with monkeypatch.context() as broken:
        broken.setattr("activities.reconciler.repairs.send_again", crash)
        assert (await house.reconcile()).failed
    await house.reconcile()
    await house.revision(2)
    assert (await house.ledger()).count("restarted") == 1
    assert not [
        d for d in await house.drift() if d.workflow_id == house.pair_id and d.open
    ]


async def crash(*_: Any) -> int:
    raise ZeroDivisionError


async def test_a_run_with_a_mistyped_task_queue_or_type_is_named_until_it_ends(
    house: House,
) -> None:
    start = house.client.start_workflow
    wrong = [
        await start("ProgrammeWorkflow", id="queue", task_queue="binom"),
        await start("ProgramWorkflow", id="type", task_queue="binome"),
    ]
    for each in wrong:
        await house.listed(each.id, "Running")
    await house.reconcile()
    report = await house.reconcile()
    found = {drift.workflow_id: drift for drift in await house.drift()}
    ours = [found[each.id] for each in wrong]
    assert report.found[DriftKind.MISPLACED] == report.left == 2
    assert [(drift.why, drift.open) for drift in ours] == [
        ("task_queue", True),
        ("workflow_type", True),
    ]
    for each in wrong:
        await each.terminate()
        await house.listed(each.id, "Terminated")
    await house.reconcile()
    assert not any(drift.open for drift in await house.drift())
