"""The workflow whose handlers a test calls."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio import workflow

from tests.unit.handlers.running import MAKE, FakeActivities, Running


@pytest.fixture
def make(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str, str], tuple[Running, FakeActivities]]:
    """A workflow as its task would make it, without a server, ready for the message of this name."""
    monkeypatch.setattr(
        workflow,
        "info",
        lambda: SimpleNamespace(continued_run_id=None, workflow_id="any"),
    )
    monkeypatch.setattr(workflow, "now", lambda: datetime(2027, 1, 11, 10, tzinfo=UTC))
    monkeypatch.setattr(workflow, "logger", SimpleNamespace(warning=quiet, debug=quiet))
    monkeypatch.setattr(workflow, "sleep", asleep)

    def made(kind: str, name: str) -> tuple[Running, FakeActivities]:
        activities = FakeActivities()
        monkeypatch.setattr(workflow, "execute_activity_method", activities.ask)
        return MAKE[kind](activities, name), activities

    return made


def quiet(*args: Any, **more: Any) -> None: ...


async def asleep(*args: Any, **more: Any) -> None: ...
