"""The example run: the Web UI's start links name it, and their form opens filled with its document."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.store import Store
from schemas.ids import TASK_QUEUE
from workers.client import connect

EXAMPLES = Path(__file__).parent.parent / "examples"
RUN_ID = "example"


async def start_example_run(stack: Mapping[str, Any], once_imported: bool) -> None:
    """Start it, unless this stack has one. It only checks: nothing is sent to anyone."""
    while not await _started(stack, once_imported):  # noqa: ASYNC110 - people may be imported by any process
        await asyncio.sleep(1)


async def _started(stack: Mapping[str, Any], once_imported: bool) -> bool:
    """Start the example run; False: not possible now, as nobody is imported or a server
    restarts.
    """
    document = EXAMPLES / "demo.json"
    if not document.exists():
        return True
    try:
        if once_imported and not await _people_imported(stack["database_url"]):
            return False
        client = await connect(
            target_host=stack["temporal"], namespace=stack["namespace"]
        )
        if not await _is_there(client):
            await _start(client, json.loads(document.read_text("utf-8")))
    except (RPCError, RuntimeError, DatabaseUnavailable):
        return False
    return True


async def _start(client: Client, document: dict[str, Any]) -> None:
    with suppress(WorkflowAlreadyStartedError):
        await client.start_workflow(
            "ProgrammeWorkflow",
            {"programme": document["programme"], "check_only": True}
            | document,  # where nobody overlooks it
            id=RUN_ID,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )


async def _people_imported(database_url: str) -> bool:
    store = await Store.open(database_url, size=1)
    try:
        return bool(await store.people.role_counts())
    finally:
        await store.close()


async def _is_there(client: Client) -> bool:
    try:
        await client.get_workflow_handle(RUN_ID).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True
