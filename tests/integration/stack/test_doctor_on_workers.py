"""What `binome doctor` finds of workers and of tasks that wait for them, with a real server."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.workflowservice.v1 import (
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client, ScheduleIntervalSpec
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.persistence.installation import Presence
from activities.persistence.store import Store
from binome.doctor import checks, loops, runs, schedules, workers
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses
from domain.runs import queues
from schemas.ids import TASK_QUEUE
from schemas.records.processes import Overdue, Part
from tests.support.rehearsal.own_sql import database
from tests.support.temporal_servers import full_server
from tests.support.waiting import until
from workers.settings import load_settings


@workflow.defn(name="PairWorkflow", sandboxed=False)
class IdlePair:
    @workflow.run
    async def run(self, *args: Any) -> None: ...


def idle_worker(client: Client, build: str) -> Worker:
    """Nobody waits for what it does."""
    config = WorkerDeploymentConfig(
        version=WorkerDeploymentVersion("binome", build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
    return Worker(
        client, task_queue=TASK_QUEUE, workflows=[IdlePair], deployment_config=config
    )


async def make_current(client: Client, build: str) -> None:
    async def done() -> bool:
        request = SetWorkerDeploymentCurrentVersionRequest(
            namespace=client.namespace, deployment_name="binome", build_id=build
        )
        service = client.workflow_service
        try:
            await service.set_worker_deployment_current_version(request)
        except RPCError:  # it does not know the worker yet
            return False
        return True

    await until(done)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """On a server of its own: it remembers workers, and which version is current."""
    async with full_server() as server:
        yield server.client


@pytest.fixture
def servers(client: Client, database_url: str) -> ServerAddresses:
    settings = load_settings(database_url=database_url, secret="s" * 32)
    there = {"target_host": client.service_client.config.target_host}
    return ServerAddresses(settings, there, stack=False)


async def test_a_mistyped_queue_or_type_is_named_without_a_worker(
    client: Client, servers: ServerAddresses
) -> None:
    start = client.start_workflow
    await start("ProgrammeWorkflow", id="queue", task_queue="binom")
    await start("ProgramWorkflow", id="type", task_queue=TASK_QUEUE)
    await start("ProgrammeWorkflow", id="well", task_queue=TASK_QUEUE)

    async def listed() -> bool:
        return (await client.count_workflows('ExecutionStatus="Running"')).count == 3

    await until(listed)
    found = {each.subject: each for each in await runs.runs(servers)}
    assert set(found) == {"queue", "type"}
    assert "on a task queue from which no worker" in found["queue"].found
    assert "a workflow type that Binôme does not have" in found["type"].found
    assert "with the task queue binome" in found["queue"].remedy


async def test_tasks_that_wait_too_long_are_named_by_queue_and_version(
    client: Client, servers: ServerAddresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "LONGEST_BACKLOG_SECONDS", 0.0)
    found: list[Diagnosis] = []

    async def told(words: str) -> bool:
        found.append(await workers.task_queues(servers))
        return words in found[-1].found

    start = partial(client.start_workflow, "PairWorkflow", task_queue=TASK_QUEUE)
    await start(id="a")
    await until(partial(told, "1 workflow tasks in binome, the oldest for"))
    async with idle_worker(client, "r1"):
        await make_current(client, "r1")
        await client.get_workflow_handle("a").result()
    await start(id="b")
    await until(partial(told, "workflow tasks in binome for version r1"))
    assert not found[-1].healthy and "docs/runbooks.md" in found[-1].remedy


async def test_workers_that_their_version_keeps_from_all_work_are_named(
    client: Client, servers: ServerAddresses, store: Store
) -> None:
    async def named(words: str) -> bool:
        found = await workers.worker(servers)
        return not found.healthy and words in found.found

    async with idle_worker(client, "r1"):
        await goes_on(store, "r1")
        await until(partial(named, "no version is current, so workers of r1"))
        await goes_on(store, "")
        await make_current(client, "r1")
        await until(partial(named, "one of them has no build id"))


async def goes_on(store: Store, release: str) -> None:
    presence = Presence(store.installation, Part.WORKER, release)
    await presence._write()


async def test_a_full_disk_is_told_of_the_database(
    servers: ServerAddresses, database_url: str
) -> None:
    async with database(database_url) as found:
        await found.do(
            """
            create function full_disk() returns trigger language plpgsql as
                $$ begin raise exception using errcode = '53100'; end $$;
            create trigger full_disk before insert on processes
                execute function full_disk()
            """
        )
    told = await checks.database(servers)
    assert not told.healthy and "PostgreSQL's disk is full" in told.found


class LateServers(ServerAddresses):
    """Temporal as it was when the reconciler last began, an hour ago."""

    async def client(self) -> Any:
        begun = SimpleNamespace(started_at=datetime.now(UTC) - timedelta(hours=1))
        spec = SimpleNamespace(intervals=[ScheduleIntervalSpec(timedelta(minutes=5))])
        state = SimpleNamespace(paused=False)
        found = SimpleNamespace(
            schedule=SimpleNamespace(state=state, spec=spec),
            info=SimpleNamespace(recent_actions=[begun]),
        )

        async def describe() -> Any:
            return found

        handle = SimpleNamespace(describe=describe)
        return SimpleNamespace(get_schedule_handle=lambda _: handle)


async def test_a_schedule_that_does_not_start_any_more_is_told() -> None:
    settings = load_settings(database_url="postgresql://h/d", secret="s" * 32)
    found = await schedules.retention(LateServers(settings, {}, stack=False))
    assert not found.healthy and "its schedule was last started" in found.found


async def test_mails_that_nobody_takes_in_hand_are_told(
    servers: ServerAddresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def overdue(*_: object) -> Overdue:
        return Overdue(mails=3_600)

    well = await loops.delivery(servers)
    monkeypatch.setattr(loops, "ask_store", overdue)
    late = await loops.delivery(servers)
    assert (well.healthy, late.healthy) == (True, False)
    assert "mails have been due for 60 minutes" in late.found
