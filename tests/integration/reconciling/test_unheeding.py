"""Pairs that were not signalled of a pause or its end, since the signalling run was lost."""

import pytest

from tests.integration.reconciling.house import House
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import until
from tests.support.world import COMEX


async def long_ago(house: House, scope: str, *, paused: bool) -> None:
    """Put a pause into force without signalling anybody."""
    await house.store.pauses.set(scope, paused=paused, reason="asked")
    async with database(house.url) as found:
        await found.do("update directives set changed_at = now() - interval '1 hour'")


async def paused_by(house: House) -> tuple[str, ...]:
    state = (await house.detail()).state
    return state.paused_by if state else ()


@pytest.mark.parametrize("scope", [COMEX.workflow_id, "person"])
async def test_the_reconciler_signals_them(house: House, scope: str) -> None:
    await house.start_pairs()
    scope = scope if scope != "person" else f"person:{house.world.ids['ANNA']}"
    for paused in (True, False):
        await long_ago(house, scope, paused=paused)
        await house.reconcile()

        async def obeys(wanted: bool = paused) -> bool:
            return ("directive" in await paused_by(house)) is wanted

        await until(obeys)


async def test_pairs_being_signalled_now_and_pairs_that_obey_are_left_alone(
    house: House,
) -> None:
    await house.start_pairs()
    await house.store.pauses.set(COMEX.workflow_id, paused=True)
    assert await house.store.executions.pairs_not_obeying_pause("", 9) == []
    await long_ago(house, "programme:other", paused=True)
    assert len(await house.store.executions.pairs_not_obeying_pause("", 9)) == 3
    await house.store.pauses.set(COMEX.workflow_id, paused=False)
    assert await house.store.executions.pairs_not_obeying_pause("", 9) == []


async def test_a_terminated_pair_that_was_paused_goes_on_paused_and_one_that_was_resumed_meanwhile_does_not(
    house: House,
) -> None:
    await house.start_pairs()
    await house.pair.execute_update("pause", {"reason": "asked"})
    await long_ago(house, COMEX.workflow_id, paused=True)
    await house.reconcile()

    async def by_both() -> bool:
        return await paused_by(house) == ("pair", "directive")

    await until(by_both)
    await house.pair.terminate()
    await long_ago(house, COMEX.workflow_id, paused=False)
    await house.listed(house.pair_id, "Terminated")
    await house.reconcile()
    await house.reconcile()

    async def by_itself() -> bool:
        return await paused_by(house) == ("pair",)

    await until(by_itself)
