"""docker-compose.yml does what it says, process by process, with Temporal's four roles together and apart."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    GetClusterInfoRequest,
)
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from binome.stack.ports import free_port
from binome.stack.temporal import RETENTION, missing_search_attributes
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.composed import TEMPORAL, Composed, password_of
from tests.support.cluster.places import Places
from tests.support.cluster.ports import ROLES, low_ports
from tests.support.cluster.servers import run_folder
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import until

TOGETHER, APART = {"temporal-1"}, {f"temporal-{role}-1" for role in ROLES}
MANY = 40
"""Lists at once: more than a server allows by itself, fewer than ours."""


@pytest.fixture(scope="module", params=[TOGETHER, APART], ids=["together", "apart"])
async def composed(
    request: pytest.FixtureRequest, server: ServerFolder
) -> AsyncIterator[Composed]:
    with run_folder() as folder:
        places = Places.drawn(folder, server, free_port(), low_ports(1)[0])
        composed = Composed(places, roles_apart=request.param == APART)
        try:
            await composed.bring_up("temporal-namespace")
            assert composed.processes.keys() - {"postgres"} == request.param
            yield composed
        finally:
            await composed.stop()


@pytest.fixture
async def client(composed: Composed) -> Client:
    return await Client.connect(composed.places.temporal_address)


async def rows(composed: Composed, name: str, statement: str) -> int:
    async with database(composed.cluster().url(name)) as found:
        return int(await found.value(statement))


async def start(client: Client) -> str:
    workflow_id = f"started-{uuid4().hex}"
    await client.start_workflow("Nobodys", id=workflow_id, task_queue="nobodys")
    return workflow_id


async def test_what_is_run_once_comes_to_a_good_end(composed: Composed) -> None:
    assert composed.completed == ["temporal-schema", "temporal-namespace"]


@pytest.mark.parametrize("name", ["temporal-schema", "temporal-namespace"])
async def test_what_is_run_once_may_run_again(composed: Composed, name: str) -> None:
    await composed.complete(name)


async def test_the_namespace_keeps_closed_runs_as_long_as_the_stack_does(
    client: Client,
) -> None:
    found = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace="default")
    )
    kept: Duration = found.config.workflow_execution_retention_ttl
    assert kept.ToTimedelta() == RETENTION


async def test_every_search_attribute_is_there(client: Client) -> None:
    async def none_missing() -> bool:
        return not await missing_search_attributes(client)

    await until(none_missing)


async def test_it_has_the_number_of_shards_that_never_changes(
    composed: Composed, client: Client
) -> None:
    found = await client.workflow_service.get_cluster_info(GetClusterInfoRequest())
    assert found.history_shard_count == 512
    statement = "select count(*) from shards"
    assert await rows(composed, "temporal", statement) == 512


async def test_its_visibility_lies_in_postgres(
    composed: Composed, client: Client
) -> None:
    workflow_id = await start(client)
    statement = f"select count(*) from executions_visibility where workflow_id = '{workflow_id}'"

    async def seen() -> bool:
        return await rows(composed, "temporal_visibility", statement) == 1

    await until(seen)


async def test_it_lists_more_often_than_a_server_allows_by_itself(
    client: Client,
) -> None:
    asked = (client.count_workflows("WorkflowType = 'None'") for _ in range(MANY))
    assert {found.count for found in await asyncio.gather(*asked)} == {0}


async def test_its_connections_stay_within_their_budget(composed: Composed) -> None:
    statement = "select count(*) from pg_stat_activity where usename = 'temporal'"
    assert 0 < await rows(composed, "postgres", statement) <= 60


async def test_a_server_that_is_killed_serves_again(
    composed: Composed, client: Client
) -> None:
    """Each process in turn; its ring holds members that are gone for a while."""

    async def serves() -> bool:
        try:
            workflow_id = await start(client)
            await client.get_workflow_handle(workflow_id).terminate()
        except RPCError:
            return False
        return True

    for key, process in composed.processes.items():
        if key.startswith(TEMPORAL):
            process.kill()
            await composed.healthy(TEMPORAL)
            await until(serves, f"it does not serve since {key} was killed")


async def test_a_backup_of_all_databases_is_restored_and_goes_on(
    composed: Composed, client: Client
) -> None:
    """By the file's own services, taken while all of it serves."""
    workflow_id = await start(client)
    await composed.bring_up("backup")
    with run_folder() as folder:
        places = Places.drawn(
            folder, composed.places.server, free_port(), low_ports(1)[0]
        )
        [day] = carry_over(composed, places)
        restored = Composed(places, accounts_are_there=True)
        try:
            await restored.complete("restore", day)
            await restored.bring_up("temporal-namespace")
            again = await Client.connect(places.temporal_address)
            found = await again.get_workflow_handle(workflow_id).describe()
            assert found.status is WorkflowExecutionStatus.RUNNING
        finally:
            await restored.stop()


def carry_over(composed: Composed, places: Places) -> list[str]:
    """Take backups and secrets to another machine. Returns the days of the backups."""
    shutil.copytree(composed.places.backups, places.backups)
    shutil.copytree(composed.places.secrets, places.secrets, dirs_exist_ok=True)
    password = password_of(composed.cluster())
    places.data.with_name("postgres.password").write_text(password)
    return [folder.name for folder in places.backups.iterdir()]


async def test_the_image_s_file_of_who_may_connect_is_right(composed: Composed) -> None:
    """`roles.sh` adds a line to it, which the image reads when it starts."""
    statement = "select count(*) from pg_hba_file_rules where {}"
    mine = "'backup' = any(user_name) and 'replication' = any(database) and address = 'all'"
    assert await rows(composed, "postgres", statement.format(mine)) == 1
    wrong = statement.format("error is not null")
    assert await rows(composed, "postgres", wrong) == 0
