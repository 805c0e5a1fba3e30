"""A real gateway over real PostgreSQL and Temporal, as the gateway's own tests have it; and one over fakes."""

from collections.abc import AsyncIterator

import httpx
import pytest

from activities.persistence.store import Store
from tests.attacks.senders import gateway_of
from tests.integration.conftest import world
from tests.integration.gateway.conftest import listen, listeners, site
from tests.unit.gateway.conftest import at_home

__all__ = ["at_home", "http", "listen", "listeners", "site", "world"]


@pytest.fixture
async def http(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway that has PostgreSQL alone."""
    async with gateway_of(store) as client:
        yield client
