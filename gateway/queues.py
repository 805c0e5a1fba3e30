"""What Temporal says of our task queues; the same for the gateway's health and for `binome doctor`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from temporalio.api.deployment.v1 import WorkerDeploymentInfo, WorkerDeploymentVersion
from temporalio.api.enums.v1 import TaskQueueType, WorkerDeploymentVersionStatus
from temporalio.api.taskqueue.v1 import TaskQueue, TaskQueueStats
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
)
from temporalio.client import Client

from schemas.ids import TASK_QUEUE, TASK_QUEUES
from schemas.records.queues import QueueBacklog, QueuesSeen

WORKFLOW = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
ACTIVITY = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
QUEUES = ((TASK_QUEUE, WORKFLOW), *((name, ACTIVITY) for name in TASK_QUEUES))
MOST_VERSIONS = 5
"""Versions that are asked about, newest first; older ones are drained."""
RPC_TIMEOUT = timedelta(seconds=5)
LOOK_EVERY_SECONDS = 15.0


class QueueWatch:
    """Looks at the queues every few seconds, so that no request has to wait for it."""

    def __init__(self, look: Callable[[], Awaitable[QueuesSeen | None]]) -> None:
        self._look = look
        self.seen: QueuesSeen | None = None
        """As of the last look; None: Temporal did not say."""

    async def run(self) -> None:
        while True:
            self.seen = await self._look()
            await asyncio.sleep(LOOK_EVERY_SECONDS)


async def describe_queues(client: Client) -> QueuesSeen:
    """Ask how long tasks wait, in each queue and for each version that is not drained.

    Raises:
        RPCError: Temporal does not say.
    """
    described = await asyncio.gather(
        *(_describe(client, name, kind) for name, kind in QUEUES)
    )
    whole = [
        _backlog(name, kind, answer.stats)
        for (name, kind), answer in zip(QUEUES, described, strict=True)
    ]
    current = described[0].versioning_info.current_deployment_version
    name = current.deployment_name
    versions = await _by_version(client, name) if name else []
    return QueuesSeen(
        backlogs=(*whole, *versions),
        polled=bool(described[0].pollers),
        current=current.build_id,
    )


async def describe_workers(client: Client) -> QueuesSeen:
    """Ask whether workers poll, and which version is current; not how long tasks wait.

    Raises:
        RPCError: Temporal does not say. A server that was killed and started again
            refuses the question for some 20 s: its ring still has old members.
    """
    described = await _describe(client, TASK_QUEUE, WORKFLOW)
    return QueuesSeen(
        polled=bool(described.pollers),
        current=described.versioning_info.current_deployment_version.build_id,
    )


async def _describe(
    client: Client, name: str, kind: "TaskQueueType.ValueType"
) -> DescribeTaskQueueResponse:
    return await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=name),
            task_queue_type=kind,
            report_stats=True,
        ),
        timeout=RPC_TIMEOUT,
    )


async def describe_deployment(client: Client, deployment: str) -> WorkerDeploymentInfo:
    """Ask for the versions that workers of this name have had, and which of them gets tasks.

    Raises:
        RPCError: no worker has had that name, or Temporal does not say.
    """
    found = await client.workflow_service.describe_worker_deployment(
        DescribeWorkerDeploymentRequest(
            namespace=client.namespace, deployment_name=deployment
        ),
        timeout=RPC_TIMEOUT,
    )
    return found.worker_deployment_info


def newest_first(
    info: WorkerDeploymentInfo,
) -> list[WorkerDeploymentInfo.WorkerDeploymentVersionSummary]:
    return sorted(
        info.version_summaries,
        key=lambda summary: summary.create_time.ToNanoseconds(),
        reverse=True,
    )


async def _by_version(client: Client, deployment: str) -> list[QueueBacklog]:
    versions = newest_first(await describe_deployment(client, deployment))
    drained = WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED
    of_each = await asyncio.gather(
        *(
            _of_version(client, summary.deployment_version)
            for summary in versions[:MOST_VERSIONS]
            if summary.status != drained
        )
    )
    return [backlog for backlogs in of_each for backlog in backlogs]


async def _of_version(
    client: Client, version: WorkerDeploymentVersion
) -> Sequence[QueueBacklog]:
    found = await client.workflow_service.describe_worker_deployment_version(
        DescribeWorkerDeploymentVersionRequest(
            namespace=client.namespace,
            deployment_version=version,
            report_task_queue_stats=True,
        ),
        timeout=RPC_TIMEOUT,
    )
    return [
        _backlog(each.name, each.type, each.stats, version.build_id)
        for each in found.version_task_queues
        if (each.name, each.type) in QUEUES
    ]


def _backlog(
    queue: str,
    kind: "TaskQueueType.ValueType",
    stats: TaskQueueStats,
    version: str = "",
) -> QueueBacklog:
    tasks = stats.approximate_backlog_count
    age = stats.approximate_backlog_age.ToTimedelta() if tasks else timedelta(0)
    return QueueBacklog(
        queue=queue,
        kind="workflow" if kind == WORKFLOW else "activity",
        version=version,
        tasks=tasks,
        seconds=age.total_seconds(),
    )
