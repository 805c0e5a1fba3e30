"""A gateway in which no import is done in a moment."""

from collections.abc import AsyncIterator

import pytest

from gateway.imports import ImportQueue
from tests.unit.gateway.factories import House, house


@pytest.fixture
async def slow_home() -> AsyncIterator[House]:
    """No file is waited for, so that each shows its page."""
    async with house() as made:
        made.app.state.imports = ImportQueue(
            made.store.imports, made.gateway.dispatcher.wake, moment=0
        )
        made.browser.follow_redirects = True
        yield made
        await made.app.state.imports.close()
