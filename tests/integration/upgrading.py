"""Two releases of Binôme's workers on one full server: fakes at the activity boundary, all else real."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowUpdateStage
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from schemas.effects import Directives, FindSlots, RecordBatch
from schemas.events import SlotsFound
from schemas.ids import TASK_QUEUE
from schemas.notices import Notice, Template
from schemas.records.outbox import DeliveryReport
from schemas.time.clock import Clock
from tests.replay.sandbox import workflow_runner
from tests.support.played import willing
from tests.support.temporal_servers import PROGRAMS, full_server
from tests.support.waiting import until
from workers.build import WORKFLOWS, at_work, build_workers
from workers.settings import load_settings

DEPLOYMENT = "binome"
LOOK = 0.05
SOON = (
    "matching.wv.VersionDrainageStatusVisibilityGracePeriod",
    "matching.wv.VersionDrainageStatusRefreshInterval",
)
"""The server looks for what a version still has to do some minutes after it was replaced; here at once."""


class People:
    """All participants: they answer each notice when its time comes, but for those that keep silent."""

    def __init__(
        self, client: Client, clock: Clock, silent: dict[str, Template]
    ) -> None:
        self.client, self.clock = client, clock
        self.silent = silent
        """Workflow id of a pair, and what nobody answers there."""
        self._answering: set[asyncio.Task[None]] = set()

    def hear(self, pair: str, notice: Notice) -> None:
        if self.silent.get(pair) is not notice.template:
            task = asyncio.create_task(self._answer(pair, notice))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, pair: str, notice: Notice) -> None:
        handle = self.client.get_workflow_handle(pair)
        if notice.not_before:
            until = self.clock.wall(notice.not_before) - datetime.now(UTC)
            await asyncio.sleep(max(0.0, until.total_seconds()))
        if notice.template is Template.SIGN_OFF_REQUEST:
            await handle.start_update(
                "sign_off",
                {"rehearsed": True},
                wait_for_stage=WorkflowUpdateStage.COMPLETED,
            )
        elif answers := willing(notice):
            await handle.signal(*answers)


class Release:
    """The activities of one release, and its workers."""

    def __init__(self, people: People, build: str) -> None:
        self.people, self.build = people, build
        self.delivering = asyncio.Event()

    @activity.defn
    async def record(self, batch: RecordBatch) -> Directives:
        for record in batch.records:
            for notice in record.notices:
                self.people.hear(batch.pair.workflow_id, notice)
        return Directives()

    @activity.defn
    async def find_slots(self, asked: FindSlots) -> SlotsFound:
        start = asked.earliest + timedelta(days=1)
        return SlotsFound(
            revision=asked.revision, session=asked.session, starts=(start,)
        )

    @activity.defn
    async def deliver_notices(self, channel: str) -> DeliveryReport:
        """Until its worker stops, as the real one."""
        self.delivering.set()
        while not activity.is_worker_shutdown():
            activity.heartbeat()
            await asyncio.sleep(LOOK)
        return DeliveryReport()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Workers of all three queues, put together as those of `binome worker`, and of its version."""
        settings = load_settings(
            database_url="postgresql://nobody@nowhere/none",
            secret="s" * 32,
            deployment_name=DEPLOYMENT,
            build_id=self.build,
        )
        none = SimpleNamespace()
        fakes: Any = SimpleNamespace(
            persistence=self,
            matching=self,
            delivery=self,
            scheduling=none,
            executions=none,
            reconciler=none,
            retention=none,
            importing=none,
        )
        async with at_work(build_workers(self.people.client, fakes, settings)):
            yield

    def unversioned(self) -> Worker:
        """A worker for pairs alone. It keeps none of them in memory: the server would wait for it when it has gone."""
        return Worker(
            self.people.client,
            task_queue=TASK_QUEUE,
            workflows=WORKFLOWS,
            activities=[self.record, self.find_slots],
            workflow_runner=workflow_runner(),
            max_cached_workflows=0,
        )


@asynccontextmanager
async def a_server_that_drains_at_once() -> AsyncIterator[WorkflowEnvironment]:
    settings = [
        word for name in SOON for word in ("--dynamic-config-value", f'{name}="1s"')
    ]
    async with full_server(*settings) as environment:
        yield environment


async def deployment_command(client: Client, *words: str) -> str | None:
    """Run `temporal worker deployment …` as docs/upgrading.md shows it; None: it was refused."""
    address = client.service_client.config.target_host
    process = await asyncio.create_subprocess_exec(
        PROGRAMS / "temporal", "worker", "deployment", *words, "--address", address, "--deployment-name", DEPLOYMENT,
        stdout=PIPE, stderr=DEVNULL,
    )  # fmt: skip
    out, _ = await process.communicate()
    return None if process.returncode else out.decode()


async def make_current(client: Client, build: str) -> None:
    """Once the server knows all of its queues; before that the command is refused."""
    await until(
        lambda: _done(client, "set-current-version", "--build-id", build, "--yes")
    )


async def drained(client: Client, build: str) -> None:
    """Wait until nothing is left for a release to do."""

    async def look() -> bool:
        return "drained" in (
            await deployment_command(client, "describe-version", "--build-id", build)
            or ""
        )

    await until(look)


async def builds(client: Client, workflow_id: str) -> list[str]:
    """The releases that carried a workflow's tasks out, in order, each once."""
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    done = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    tasks = [
        e.workflow_task_completed_event_attributes
        for e in history.events
        if e.event_type == done
    ]
    found = [task.deployment_version.build_id for task in tasks]
    return [build for at, build in enumerate(found) if found[at - 1 : at] != [build]]


async def held(client: Client, workflow_id: str) -> str:
    """Wait until a workflow's task has failed; what the Web UI says of it."""

    async def look() -> bool:
        history = await client.get_workflow_handle(workflow_id).fetch_history()
        failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
        answers.extend(
            e.workflow_task_failed_event_attributes.failure.message
            for e in history.events
            if e.event_type == failed
        )
        return bool(answers)

    answers: list[str] = []
    await until(look)
    return answers[0]


async def _done(client: Client, *words: str) -> bool:
    return await deployment_command(client, *words) is not None
