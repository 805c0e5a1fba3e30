"""The one composition root: what is built from the settings, and how it is put together."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.runtime import Runtime
from temporalio.worker import Worker

from activities.executions.activities import ExecutionActivities
from activities.executions.executions import TemporalExecutions
from activities.executions.record_history import RecordHistory
from activities.importing.activities import ImportActivities
from activities.matching.activities import MatchingActivities
from activities.matching.own_process import ChildSetUp
from activities.notifications.activities import DeliveryActivities
from activities.persistence.activities import PersistenceActivities
from activities.persistence.installation import Presence
from activities.persistence.lost_records import LostRecords
from activities.persistence.store import Store
from activities.reconciler.activities import ReconcilerActivities
from activities.retention.activities import RetentionActivities
from activities.scheduling.activities import SchedulingActivities
from domain.erasure.digests import keyed_digest
from domain.notices.partitions import MOST_PARTITIONS
from gateway.links import Links
from schemas.ids import (
    MATCHING_QUEUE,
    NOTIFICATIONS_QUEUE,
    TASK_QUEUE,
    TASK_QUEUES,
)
from schemas.records.processes import Part
from workers.client import connect, register_keys
from workers.logging import configure_logging
from workers.mail import sender_for
from workers.memory import workflows_that_fit
from workers.observing.telemetry import interceptors, measuring_runtime, tracing, watch
from workers.payload_keys import PayloadKeyRing
from workers.retention import retention_policy
from workers.runner import workflow_runner
from workers.schedules import ensure_schedules, reconciler_settle_time
from workers.secrets import DATA_KEYS, ERASURES, LINKS, derived_keys
from workers.settings import EXAMPLES, Settings
from workers.versioning import deployment, unversioned_build
from workers.waiting import wait_for
from workflows.cohort import CohortWorkflow
from workflows.delivery import DeliveryWorkflow
from workflows.pair import PairWorkflow
from workflows.people_import import PeopleImportWorkflow
from workflows.programme import ProgrammeWorkflow
from workflows.reconciler import ReconcilerWorkflow
from workflows.retention import RetentionWorkflow

WORKFLOWS = (
    ProgrammeWorkflow,
    CohortWorkflow,
    PairWorkflow,
    DeliveryWorkflow,
    ReconcilerWorkflow,
    RetentionWorkflow,
    PeopleImportWorkflow,
)
MATCHING_CONNECTIONS = 1
"""Connections of a process that matches; it does one thing after another."""
SHUTDOWN_GRACE = timedelta(seconds=7)
"""How long activities may finish at a stop; what does not is retried elsewhere.

A process is gone within 8 seconds.
"""
STICKY_TIMEOUT = timedelta(minutes=1)
"""How long a task waits for the worker that has its workflow cached; then any takes it, and
replays its history. With the SDK's 10 seconds a backlog of as much makes more work and so
grows. Tasks of the last seconds before a worker was killed wait so long.
"""
SHARE_OF_NOT_CACHED = 0.5
"""Part of the pollers for tasks of workflows that no worker has cached. With the SDK's 0.2 a
cohort waited for a minute and a half while pairs were served.
"""

log = structlog.get_logger()


@dataclass(frozen=True)
class Activities:
    """All activity objects of one worker, over one store."""

    persistence: PersistenceActivities
    executions: ExecutionActivities
    scheduling: SchedulingActivities
    matching: MatchingActivities
    delivery: DeliveryActivities
    reconciler: ReconcilerActivities
    retention: RetentionActivities
    importing: ImportActivities


def build_activities(settings: Settings, store: Store, client: Client) -> Activities:
    links = Links(
        derived_keys(settings, LINKS), settings.public_url, settings.console_address()
    )
    executions = TemporalExecutions(client)
    lost_records = LostRecords(store.records, store.drift, RecordHistory(client))
    examples = settings.examples_dir or EXAMPLES
    return Activities(
        PersistenceActivities(
            store, examples, settings.console_address(), lost_records
        ),
        ExecutionActivities(store, executions),
        SchedulingActivities(store.agendas),
        MatchingActivities(store, _matching_child(settings)),
        DeliveryActivities(
            store.outbox,
            sender_for(settings),
            links,
            executions,
            store.privacy_notices,
            partitions=settings.mail_partitions,
        ),
        ReconcilerActivities(
            store,
            executions,
            client,
            lost_records,
            reconciler_settle_time(settings.reconcile_every),
            settings.mail_partitions,
        ),
        RetentionActivities(
            store,
            retention_policy(settings),
            partial(keyed_digest, derived_keys(settings, ERASURES)[0]),
        ),
        ImportActivities(store.people_files),
    )


def _matching_child(settings: Settings) -> ChildSetUp:
    return ChildSetUp(
        partial(Store.open, settings.database_address(), MATCHING_CONNECTIONS),
        partial(configure_logging, settings.log_level, settings.log_format),
    )


def activity_methods(activities: object) -> Sequence[Any]:
    """The activities of a class: every public coroutine method that Temporal's decorator marked."""
    found = (
        getattr(activities, name)
        for name in dir(activities)
        if not name.startswith("_")
    )
    return [f for f in found if hasattr(f, "__temporal_activity_definition")]


def main_queue_activities(activities: Activities) -> list[Any]:
    """The activities that hold up nobody, and share a queue with the workflows."""
    return [
        *activity_methods(activities.persistence),
        *activity_methods(activities.executions),
        *activity_methods(activities.scheduling),
        *activity_methods(activities.reconciler),
        *activity_methods(activities.retention),
        *activity_methods(activities.importing),
    ]


def build_workers(
    client: Client, activities: Activities, settings: Settings
) -> list[Worker]:
    """Builds one worker a queue: a heavy match or a slow mail server never holds up a pair.

    All three are of one version: what a workflow asks of another queue goes to a worker
    of its own release.
    """
    release = deployment(settings)
    worker = partial(
        Worker,
        client,
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
        deployment_config=release,
        build_id=None if release else unversioned_build(),
    )
    return [
        worker(
            task_queue=TASK_QUEUE,
            workflows=WORKFLOWS,
            activities=main_queue_activities(activities),
            workflow_runner=workflow_runner(),
            max_cached_workflows=settings.cached_workflows or workflows_that_fit(),
            max_concurrent_workflow_tasks=settings.workflow_tasks,
            sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
            nonsticky_to_sticky_poll_ratio=SHARE_OF_NOT_CACHED,
            max_concurrent_activities=settings.light_activities,
        ),
        worker(
            task_queue=MATCHING_QUEUE,
            activities=activity_methods(activities.matching),
            max_concurrent_activities=settings.matching_runs,
        ),
        worker(
            task_queue=NOTIFICATIONS_QUEUE,
            activities=activity_methods(activities.delivery),
            max_concurrent_activities=MOST_PARTITIONS,
        ),
    ]


@asynccontextmanager
async def running_workers(settings: Settings, client: Client) -> AsyncIterator[Store]:
    """Workers at work over a store of their own."""
    keys = derived_keys(settings, DATA_KEYS)
    open_store = partial(Store.open, settings.database_address(), wrapping_keys=keys)
    async with (
        await wait_for(open_store, "PostgreSQL") as store,
        AsyncExitStack() as stack,
    ):
        client = await register_keys(client, "worker", store.payload_keys)
        await ensure_schedules(
            client, settings.reconcile_every, await store.installation.id()
        )
        activities = build_activities(settings, store, client)
        workers = build_workers(client, activities, settings)
        await stack.enter_async_context(at_work(workers))
        await TemporalExecutions(client).start_deliveries(settings.mail_partitions)
        presence = Presence(store.installation, Part.WORKER, settings.build_id or "")
        meter = client.service_client.config.runtime or Runtime.default()
        for showing in (
            presence.run(),
            watch(meter.metric_meter, store, activities.delivery, presence),
        ):
            stack.push_async_callback(_cancelled, asyncio.create_task(showing))
        yield store


@asynccontextmanager
async def at_work(workers: Sequence[Worker]) -> AsyncIterator[None]:
    """Run workers for a block. They stop together: one after another, each would take its grace."""
    async with AsyncExitStack() as stack:
        for worker in workers:
            await stack.enter_async_context(worker)
        try:
            yield
        finally:
            await asyncio.gather(*(worker.shutdown() for worker in workers))


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; waits for Temporal and PostgreSQL to be there first."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    keys = PayloadKeyRing.of(settings)
    runtime = measuring_runtime(settings)
    with tracing(settings, "worker") as tracer:
        observed = {"runtime": runtime, "interceptors": interceptors(tracer)}
        client = await wait_for(lambda: connect(keys, **observed), "Temporal")
        async with running_workers(settings, client):
            log.info(
                "worker_ready",
                queues=[*TASK_QUEUES],
                build_id=settings.build_id or "unversioned",
            )
            await stop.wait()
            log.info("worker_stopping")
