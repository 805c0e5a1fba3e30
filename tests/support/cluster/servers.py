"""A real Temporal server on PostgreSQL, for tests that otherwise run on a dev server."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from activities.executions.executions import TemporalExecutions
from binome.stack.ports import free_port
from binome.stack.temporal import SEARCH_ATTRIBUTES
from domain.runs.execution import Execution
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.compose_file import ROOT
from tests.support.cluster.composed import TEMPORAL, Composed, make_secrets
from tests.support.cluster.places import Places
from tests.support.cluster.ports import low_ports
from tests.support.waiting import until
from workers.converter import data_converter

DYNAMIC_VALUE = "--dynamic-config-value"
"""Option of the dev server."""


@asynccontextmanager
async def cluster_server(
    server: ServerFolder, *options: str
) -> AsyncIterator[WorkflowEnvironment]:
    """A server of its own, its four roles apart; `options` as the dev server has them."""
    with run_folder() as folder:
        places = Places.drawn(folder, server, free_port(), *low_ports(1))
        settings = {TEMPORAL: _dynamic_config(folder, options)}
        composed = Composed(places, settings, roles_apart=True)
        try:
            await composed.bring_up("temporal-namespace")
            client = await Client.connect(
                places.temporal_address, data_converter=data_converter
            )
            await _knows_attributes(client)
            yield WorkflowEnvironment.from_client(client)
        finally:
            await composed.stop()


async def _knows_attributes(client: Client) -> None:
    """Wait until frontend and history have read the attributes of the new namespace.

    Each looks for itself, every two seconds. Until then starts are refused and workflow
    tasks fail, which a worker tries again and a test that counts events does not.
    """
    values = dict.fromkeys(SEARCH_ATTRIBUTES, "x")
    probe = Execution("probe", "Probe", None, "All search attributes", values)
    executions = TemporalExecutions(client)
    query = " AND ".join(f"{name} = {value!r}" for name, value in values.items())

    async def listed(status: str) -> bool:
        """Frontend has accepted them, and history has passed them on to visibility."""
        try:
            await executions.start(probe)
            found = await client.count_workflows(
                f"{query} AND ExecutionStatus = {status!r}"
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.INVALID_ARGUMENT:
                raise
            return False
        return found.count == 1

    await until(lambda: listed("Running"))
    await client.get_workflow_handle(probe.workflow_id).terminate()
    await until(lambda: listed("Terminated"))


@contextmanager
def run_folder() -> Iterator[Path]:
    """A folder with secrets that PostgreSQL's account can pass through; removed at the end."""
    memory = Path("/dev/shm")
    parent = memory if os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="binome-cluster-", dir=parent))
    folder.chmod(0o755)
    try:
        make_secrets(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _dynamic_config(folder: Path, options: Sequence[str]) -> dict[str, str]:
    """The compose file's own, and what a test wants besides."""
    if not options:
        return {}
    assert set(options[::2]) == {DYNAMIC_VALUE}, options
    values = [option.partition("=") for option in options[1::2]]
    lines = [f"{name}:\n  - value: {value}\n" for name, _, value in values]
    file = folder / "dynamicconfig.yaml"
    own = (ROOT / "deploy/temporal/dynamicconfig.yaml").read_text()
    file.write_text(own + "".join(lines))
    return {"DYNAMIC_CONFIG_FILE_PATH": str(file)}
