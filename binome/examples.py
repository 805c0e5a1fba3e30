"""The example run: the Web UI's start links name it, and their form opens filled with its document."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from schemas.ids import TASK_QUEUE
from workers.client import connect

EXAMPLES = Path(__file__).parent.parent / "examples"
RUN_ID = "example"


async def leave_example(stack: Mapping[str, Any]) -> None:
    """Start it, unless this stack has one. It only checks: nothing is sent to anyone."""
    client = await connect(target_host=stack["temporal"], namespace=stack["namespace"])
    document = EXAMPLES / "demo.json"
    if not document.exists() or await _is_there(client):
        return
    checked = json.loads(document.read_text("utf-8")) | {"check_only": True}
    try:
        await client.start_workflow(
            "ProgrammeWorkflow",
            checked,
            id=RUN_ID,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
    except WorkflowAlreadyStartedError:
        return


async def _is_there(client: Client) -> bool:
    try:
        await client.get_workflow_handle(RUN_ID).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True
