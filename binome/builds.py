"""Builds of this installation's workers, as Temporal knows them, and which of them gets
the tasks.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.deployment.v1 import WorkerDeploymentInfo, WorkerDeploymentVersion
from temporalio.api.enums.v1 import VersionDrainageStatus
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentVersionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from gateway.queues import describe_deployment, newest_first
from schemas.ids import TASK_QUEUES

LOOK_EVERY = timedelta(seconds=1)
WHOLE = 100
"""Percent of the workflows."""
_NOT_YET = (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION)
"""Temporal does not know the build, or one of its queues has no worker."""


@dataclass(frozen=True)
class Build:
    """A build id that workers have had, newest first in a list."""

    build_id: str
    percent: float
    """Share of the workflows that go to it: 100 for the current one while none is ramping."""
    drained: bool | None
    """Whether no pinned workflow is left on it; None: it is at work, or never was."""


class BuildNotReady(Exception):
    """Raised when a build does not take tasks of every queue; the message names those
    that it lacks.
    """


async def known_builds(client: Client, deployment: str) -> list[Build]:
    """Returns every build of the deployment; none where no worker has had one."""
    info = await _described(client, deployment)
    if info is None:
        return []
    routing = info.routing_config
    ramping = routing.ramping_deployment_version.build_id
    percent = routing.ramping_version_percentage if ramping else 0.0
    shares = {_current(info): WHOLE - percent, ramping: percent}
    return [
        Build(
            each.deployment_version.build_id,
            shares.get(each.deployment_version.build_id, 0.0),
            _drained(each.drainage_info.status),
        )
        for each in newest_first(info)
    ]


async def use_build(
    client: Client,
    version: WorkerDeploymentVersion,
    percent: float,
    wait: timedelta,
) -> None:
    """Send workflows to a build, at their next task, once it takes tasks of every queue.

    Args:
        percent: 100 makes it the current one; less leaves the rest to that.
        wait: for how long to wait for its workers, of wall time.

    Raises:
        BuildNotReady: it does not take them after that time.
        RPCError: Temporal refused for another reason, or does not answer.
    """
    try:
        async with asyncio.timeout(wait.total_seconds()):
            while True:
                if not await _missing_queues(client, version) and await _taken(
                    client, version, percent
                ):
                    return
                await asyncio.sleep(LOOK_EVERY.total_seconds())
    except TimeoutError:
        missing = await _missing_queues(client, version)
        found = ", ".join(sorted(missing)) or "one of its queues"
        raise BuildNotReady(f"no worker of it takes tasks of {found}") from None


async def current_build(client: Client, deployment: str) -> str | None:
    """Returns the build id whose workers get what is not ramping; None: those without
    one do.
    """
    info = await _described(client, deployment)
    return (_current(info) or None) if info is not None else None


def _current(info: WorkerDeploymentInfo) -> str:
    return info.routing_config.current_deployment_version.build_id


def _drained(status: VersionDrainageStatus.ValueType) -> bool | None:
    if status == VersionDrainageStatus.VERSION_DRAINAGE_STATUS_UNSPECIFIED:
        return None
    return status == VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINED


async def _described(client: Client, deployment: str) -> WorkerDeploymentInfo | None:
    """Returns nothing where no worker has had that name."""
    try:
        return await describe_deployment(client, deployment)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise


async def _missing_queues(
    client: Client, version: WorkerDeploymentVersion
) -> frozenset[str]:
    try:
        found = await client.workflow_service.describe_worker_deployment_version(
            DescribeWorkerDeploymentVersionRequest(
                namespace=client.namespace, deployment_version=version
            )
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return frozenset(TASK_QUEUES)
        raise
    return frozenset(TASK_QUEUES) - {queue.name for queue in found.version_task_queues}


async def _taken(
    client: Client, version: WorkerDeploymentVersion, percent: float
) -> bool:
    """Whether Temporal took the change; it refuses while a queue has nobody."""
    service = client.workflow_service
    try:
        if percent == WHOLE:
            await service.set_worker_deployment_current_version(
                SetWorkerDeploymentCurrentVersionRequest(
                    namespace=client.namespace,
                    deployment_name=version.deployment_name,
                    build_id=version.build_id,
                    identity=client.identity,
                )
            )
        else:
            await service.set_worker_deployment_ramping_version(
                SetWorkerDeploymentRampingVersionRequest(
                    namespace=client.namespace,
                    deployment_name=version.deployment_name,
                    build_id=version.build_id,
                    percentage=percent,
                    identity=client.identity,
                )
            )
    except RPCError as error:
        if error.status in _NOT_YET:
            return False
        raise
    return True
