"""A store on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from activities.persistence.store import Store
from tests.support.world import World


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def world(store: Store) -> World:
    return await World.make(store)
