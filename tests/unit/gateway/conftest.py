"""A gateway over fakes for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.gateway.factories import House, house


@pytest.fixture
async def at_home() -> AsyncIterator[House]:
    async with house() as made:
        yield made
