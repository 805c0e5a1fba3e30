"""A gateway in which no import is done in a moment."""

from collections.abc import AsyncIterator

import pytest

from gateway.imports import PeopleImportRequests
from tests.unit.gateway.factories import House, house


@pytest.fixture
async def slow_home(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """No file is waited for, so that each shows its page."""
    monkeypatch.setattr("activities.importing.activities.LOOK_EVERY_SECONDS", 0.001)
    async with house() as made:
        made.app.state.imports = PeopleImportRequests(
            made.store.people_files, made.gateway.workflows, moment=0
        )
        made.browser.follow_redirects = True
        yield made
