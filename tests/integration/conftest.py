"""A small organisation in a store of its own."""

import pytest

from activities.persistence.store import Store
from tests.support.world import World


@pytest.fixture
async def world(store: Store) -> World:
    return await World.make(store)
