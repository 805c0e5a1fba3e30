"""A small programme whose pairs run on the full server, over a database of its own."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from tests.integration.reconciling.house import House
from tests.support.world import World


@pytest.fixture
async def house(
    database_url: str, temporal_server: WorkflowEnvironment
) -> AsyncIterator[House]:
    store = await Store.open(database_url)
    made = House(temporal_server.client, await World.make(store), database_url)
    async with made.at_work():
        yield made
    await made.clear()
    await store.close()
