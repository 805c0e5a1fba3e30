"""A pair whose run is ended or reset goes on from what PostgreSQL holds of it."""

from temporalio.api.enums.v1 import ResetReapplyExcludeType
from temporalio.client import WorkflowExecutionStatus

from schemas.pair import PairState
from schemas.records.drift import DriftKind, RepairAction
from schemas.records.inbox import EventState, NewEvent
from schemas.stages import Outcome, Stage
from tests.integration.reconciling.house import House
from tests.support.waiting import until


async def state_of(house: House) -> PairState:
    """Without the time of its last event: an event that changes nothing is one, too."""
    state: PairState = await house.pair.query("state", result_type=PairState)
    return state.model_copy(update={"now": state.clock.programme_epoch})


async def test_nothing_is_wrong_with_pairs_that_run(house: House) -> None:
    await house.start_pairs()
    await house.listed(house.pair_id, "Running")
    report = await house.reconcile()
    assert (
        DriftKind.SUSPENDED not in report.found
        and DriftKind.OUTLIVED not in report.found
    )
    assert not [
        drift for drift in await house.drift() if drift.workflow_id.startswith("pair:")
    ]


async def test_a_terminated_pair_goes_on_from_where_it_was(house: House) -> None:
    await house.start_pairs()
    await house.pair.signal("volunteered", {"windows": True, "charter": True})
    await house.revision(2)
    before = await state_of(house)
    await house.pair.terminate()
    await house.listed(house.pair_id, "Terminated")
    await house.reconcile()
    assert await state_of(house) == before
    assert (await house.ledger())[-1] == "restarted"
    found = [
        drift for drift in await house.drift() if drift.workflow_id == house.pair_id
    ]
    assert [(d.kind, d.why, d.repair, d.open) for d in found] == [
        (DriftKind.ENDED, "terminated", RepairAction.RESTARTED, False)
    ]


async def test_a_vanished_pair_is_started_again(house: House) -> None:
    await house.start_pairs()
    await house.delete()
    await house.reconcile()
    assert (await state_of(house)).stage is Stage.TRAINING
    assert [d.why for d in await house.drift() if d.workflow_id == house.pair_id] == [
        "absent"
    ]


async def test_a_pair_that_is_reset_is_started_again_from_the_record(
    house: House,
) -> None:
    await house.start_pairs()
    await house.pair.signal("volunteered", {"windows": True, "charter": True})
    await house.revision(2)
    before = await state_of(house)
    await house.reset_to_the_first_task()
    await until(house.suspended)
    await house.listed_suspended()
    await house.reconcile()
    assert await state_of(house) == before
    assert not await house.suspended()


async def test_a_signal_that_the_ended_run_had_and_did_not_record_is_not_lost(
    house: House,
) -> None:
    await house.start_pairs()
    async with house.nobody_at_work():
        await house.pair.signal("volunteered", {"windows": True, "charter": True})
        await house.pair.terminate()
        await house.listed(house.pair_id, "Terminated")
    await house.reconcile()
    await house.revision(2)
    assert (await state_of(house)).gate.volunteered


async def test_an_event_that_was_delivered_and_not_recorded_is_delivered_again(
    house: House,
) -> None:
    await house.start_pairs()
    event = NewEvent(
        key="k",
        source="page",
        event_id="e",
        type="binome.rehearsed.v1",
        kind="rehearsed",
        pair=house.pair_id,
    )
    await house.store.inbox.store([event])
    await house.store.inbox.mark("k", EventState.DELIVERED, reached=[house.pair_id])
    await house.pair.terminate()
    await house.listed(house.pair_id, "Terminated")
    await house.reconcile()
    stored = await house.store.inbox.find("k")
    assert stored is not None
    assert (stored.state, stored.reason, stored.reached) == (
        EventState.STORED,
        "pair_restarted",
        (),
    )


async def test_a_decision_on_a_suspended_pair_is_not_lost(house: House) -> None:
    await house.start_pairs()
    await house.pair.signal("volunteered", {"windows": True, "charter": True})
    await house.revision(2)
    await house.reset_to_the_first_task()
    await until(house.suspended)
    await house.pair.execute_update("waive", {"item": "rehearsal", "reason": "asked"})
    await house.listed_suspended()
    await house.reconcile()
    assert (await state_of(house)).gate.waived == ("rehearsal",)


async def test_a_pair_that_is_closed_on_record_runs_no_longer(house: House) -> None:
    await house.start_pairs()
    await house.pair.execute_update("end", {"reason": "asked"})
    await house.pair.result()
    await house.reset_to_the_first_task(
        ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE
    )
    await until(house.pair_quiet)
    await house.listed(house.pair_id, "Running")
    await house.reconcile()
    assert (await house.pair.describe()).status is WorkflowExecutionStatus.TERMINATED
    assert (await house.detail()).outcome is Outcome.ENDED_EARLY
    assert (await house.reconcile()).found.get(DriftKind.ENDED, 0) == 0


async def test_a_pair_that_ends_again_and_again_is_left_to_people(house: House) -> None:
    await house.start_pairs()
    for _ in range(6):
        await house.pair.terminate()
        await house.listed(house.pair_id, "Terminated")
        await house.reconcile()
    (newest, *_) = [
        drift for drift in await house.drift() if drift.workflow_id == house.pair_id
    ]
    assert (newest.repair, newest.open) == (RepairAction.GIVEN_UP, True)


async def test_a_match_claimed_while_the_pair_had_no_run_is_announced(
    house: House,
) -> None:
    await house.start_pairs()
    await house.ready()
    await house.pair.terminate()
    await house.claim("BOSS")
    await house.listed(house.pair_id, "Terminated")
    await house.reconcile()
    await until(house.matched)
