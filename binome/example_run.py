"""The example run: the Web UI's start links name it, and their form opens filled with its document."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.store import Store
from binome.errors import ServerNotReached
from binome.servers import find_servers
from schemas.ids import EXAMPLE_WORKFLOW_ID, TASK_QUEUE
from workers.settings import EXAMPLES


async def start_example_run(stack: Mapping[str, Any], once_imported: bool) -> None:
    """Start it, unless this stack has one. It only checks: nothing is sent to anyone."""
    while not await _started(stack, once_imported):  # noqa: ASYNC110 - people may be imported by any process
        await asyncio.sleep(1)


async def _started(stack: Mapping[str, Any], once_imported: bool) -> bool:
    """Start the example run; False: not possible now, as nobody is imported or a server restarts."""
    file = EXAMPLES / "demo.json"
    if not file.exists():
        return True
    try:
        if once_imported and not await _people_imported(stack["database_url"]):
            return False
        client = await find_servers(Path(stack["data"])).client()
        document = json.loads(file.read_text("utf-8"))
        # Where nobody overlooks it.
        first = {"programme": document["programme"], "check_only": True}
        await client.start_workflow(
            "ProgrammeWorkflow",
            first | document,
            id=EXAMPLE_WORKFLOW_ID,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
    except WorkflowAlreadyStartedError:
        return True
    except (RPCError, ServerNotReached, DatabaseUnavailable):
        return False
    return True


async def _people_imported(database_url: str) -> bool:
    async with await Store.open(database_url, size=1) as store:
        return bool(await store.people.role_counts())
