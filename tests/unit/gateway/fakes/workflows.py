"""Signals and updates, kept in place of Temporal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from temporalio.converter import PayloadCodec

from gateway.history import SentSignal
from gateway.temporal import TemporalUnavailable, WorkflowNotFound
from schemas.records.queues import QueuesSeen


class FakeWorkflows:
    """Keeps signals and updates; `failing` is raised instead when it is set."""

    def __init__(self) -> None:
        self.signals: list[tuple[str, str, dict[str, Any]]] = []
        self.updates: list[tuple[str, str, dict[str, Any]]] = []
        self.deciders: list[str | None] = []
        """Who asked for each update; `updates` leaves it out."""
        self.triggered: list[str] = []
        self.failing: Exception | None = None
        self.missing: set[str] = set()
        self.ended: set[str] = set()
        self.earlier: list[SentSignal] = []
        self.payload_codec: PayloadCodec | None = None
        self.wake_import: Callable[[str], None] = lambda _: None
        """Has a worker look at an uploaded file."""

    async def signal(
        self, workflow_id: str, name: str, payload: dict[str, Any]
    ) -> None:
        if self.failing:
            raise self.failing
        if workflow_id in self.missing:
            raise WorkflowNotFound
        self.signals.append((workflow_id, name, payload))

    async def signal_with_start(
        self,
        workflow: str,
        workflow_id: str,
        argument: BaseModel,
        name: str,
        payload: BaseModel,
        summary: str,
    ) -> None:
        if self.failing:
            raise self.failing
        self.wake_import(workflow_id.rpartition(":")[2])

    async def update(
        self,
        workflow_id: str,
        name: str,
        payload: dict[str, Any],
        update_id: str | None,
    ) -> Any:
        if self.failing:
            raise self.failing
        self.deciders.append(payload.get("by"))
        asked = {key: value for key, value in payload.items() if key != "by"}
        self.updates.append((workflow_id, name, asked))
        return None

    async def is_running(self, workflow_id: str) -> bool:
        if isinstance(self.failing, WorkflowNotFound | TemporalUnavailable):
            raise self.failing
        return workflow_id not in self.ended

    async def signals_sent(
        self, workflow_id: str, name: str, until: datetime
    ) -> list[SentSignal]:
        return [sent for sent in self.earlier if sent.at <= until]

    async def trigger(self, schedule: str) -> None:
        if self.failing:
            raise self.failing
        self.triggered.append(schedule)

    async def queues(self) -> QueuesSeen | None:
        return None

    async def check_health(self) -> None:
        if self.failing:
            raise self.failing
