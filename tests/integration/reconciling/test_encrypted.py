"""What the reconciler sends again reaches its pair also where histories are encrypted."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from tests.integration.reconciling import test_pairs
from tests.integration.reconciling.house import House
from tests.support.encryption import FIRST, client_with
from tests.support.world import World


@pytest.fixture
async def encrypted_house(
    database_url: str, temporal_server: WorkflowEnvironment
) -> AsyncIterator[House]:
    store = await Store.open(database_url)
    client = client_with(temporal_server.client, FIRST)
    made = House(client, await World.make(store), database_url)
    async with made.at_work():
        yield made
    await made.clear()
    await store.close()


async def test_a_signal_that_was_not_recorded_is_not_lost(
    encrypted_house: House,
) -> None:
    await (
        test_pairs.test_a_signal_that_the_ended_run_had_and_did_not_record_is_not_lost(
            encrypted_house
        )
    )


async def test_a_decision_on_a_suspended_pair_is_not_lost(
    encrypted_house: House,
) -> None:
    await test_pairs.test_a_decision_on_a_suspended_pair_is_not_lost(encrypted_house)
