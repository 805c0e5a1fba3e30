"""The reconciler as Temporal starts it, and the runs that it can only report."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.worker import Worker

from schemas.ids import RECONCILE_SCHEDULE, TASK_QUEUE
from schemas.records.drift import DriftKind, ReconcileReport, RepairAction
from tests.integration.reconciling.house import House
from tests.support.waiting import until
from workers.installation import OtherInstallation, refuse_other_installation
from workers.schedules import ensure_schedules


@workflow.defn(name="PairWorkflow", sandboxed=False)
class BrokenPair:
    """A release that cannot go on with the histories of the one before."""

    @workflow.run
    async def run(self, *args: Any) -> str:
        raise RuntimeError("broken")


async def test_a_worker_that_starts_again_leaves_the_schedule_as_it_is(
    house: House,
) -> None:
    schedule = house.client.get_schedule_handle(RECONCILE_SCHEDULE)
    await ensure_schedules(house.client, timedelta(minutes=5), "ours")
    await schedule.pause()
    await ensure_schedules(house.client, timedelta(minutes=5), "ours")
    await ensure_schedules(house.client, timedelta(minutes=10), "ours")
    found = (await schedule.describe()).schedule
    assert [spec.every for spec in found.spec.intervals] == [timedelta(minutes=10)]
    assert found.spec.jitter == timedelta(minutes=2)
    assert found.state.paused
    await schedule.delete()


async def test_another_installation_is_refused_in_the_same_namespace(
    house: House,
) -> None:
    every, schedule = (
        timedelta(minutes=5),
        house.client.get_schedule_handle(RECONCILE_SCHEDULE),
    )
    await refuse_other_installation(house.client, "ours")
    await ensure_schedules(house.client, every, "ours")
    await refuse_other_installation(house.client, "ours")
    for refused in (
        refuse_other_installation(house.client, "theirs"),
        ensure_schedules(house.client, every, "theirs"),
    ):
        with pytest.raises(OtherInstallation, match="TEMPORAL_NAMESPACE"):
            await refused
    await schedule.delete()
    await ensure_schedules(house.client, every, "theirs")
    await schedule.delete()


async def test_ops_run_it_from_the_web_ui_and_read_its_report(house: House) -> None:
    await house.start_pairs()
    await house.pair.terminate()
    await house.listed(house.pair_id, "Terminated")
    await ensure_schedules(house.client, timedelta(minutes=5), "ours")
    schedule = house.client.get_schedule_handle(RECONCILE_SCHEDULE)
    await schedule.trigger()

    async def begun() -> bool:
        return bool((await schedule.describe()).info.recent_actions)

    await until(begun)
    run = (await schedule.describe()).info.recent_actions[-1].action.workflow_id  # type: ignore[attr-defined]
    report = await house.client.get_workflow_handle(
        run, result_type=ReconcileReport
    ).result()
    await schedule.delete()
    assert report.found[DriftKind.ENDED] == report.repaired >= 1


async def test_a_run_whose_task_keeps_failing_is_reported_and_left_alone(
    house: House,
) -> None:
    await house.start_pairs()
    async with house.nobody_at_work():
        await house.pair.signal("rehearsed", {})
        broken = Worker(
            house.client,
            task_queue=TASK_QUEUE,
            workflows=[BrokenPair],
            max_cached_workflows=0,
        )
        async with broken:
            await until(house.stuck)
        await house.overdue()
        report = await house.reconcile()
    assert report.found[DriftKind.STUCK] >= 1
    (drift,) = [
        drift for drift in await house.drift() if drift.workflow_id == house.pair_id
    ]
    assert (drift.kind, drift.why, drift.repair, drift.open) == (
        DriftKind.STUCK,
        "workflow_task",
        None,
        True,
    )
    await until(house.pair_quiet)
    await house.reconcile()
    (drift,) = [
        drift for drift in await house.drift() if drift.workflow_id == house.pair_id
    ]
    assert (drift.repair, drift.open) == (RepairAction.BY_ITSELF, False)
