"""How the demo begins: the people file is imported and the programme started, unless they were before."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import (
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from binome.errors import StackFailed
from binome.servers import find_servers
from schemas.ids import TASK_QUEUE, programme_workflow_id

STATUS_CHECK_SECONDS = 0.3
"""Seconds between two looks whether the programme is there."""


async def import_people(stack: Mapping[str, Any], people: bytes) -> None:
    """Import people as `binome import` does; the same file again changes nothing.

    Raises:
        StackFailed: the file shipped with the project was changed and is wrong.
    """
    async with find_servers(Path(stack["data"])).store() as store:
        found = await store.imports.apply(people)
    if found.problems:
        raise StackFailed(
            "examples/people.csv: "
            + "; ".join(str(problem) for problem in found.problems)
        )


async def start_programme(
    stack: Mapping[str, Any], document: Mapping[str, Any], client: httpx.AsyncClient
) -> None:
    """Start the programme under a fixed id, so that a restarted demo finds it; return once it has a status.

    Raises:
        StackFailed: the document shipped with the project was changed and is refused.
    """
    temporal = await find_servers(Path(stack["data"])).client()
    workflow_id = programme_workflow_id(document["programme"])
    try:
        handle: WorkflowHandle[Any, Any] = await temporal.start_workflow(
            "ProgrammeWorkflow",
            dict(document),
            id=workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
    except WorkflowAlreadyStartedError:
        handle = temporal.get_workflow_handle(workflow_id)
    while (
        await client.get(f"/api/programmes/{document['programme']}/status")
    ).status_code != httpx.codes.OK:
        await _raise_if_refused(handle)
        await asyncio.sleep(STATUS_CHECK_SECONDS)


async def _raise_if_refused(handle: WorkflowHandle[Any, Any]) -> None:
    if (await handle.describe()).status is WorkflowExecutionStatus.FAILED:
        try:
            await handle.result()
        except WorkflowFailureError as error:
            raise StackFailed(f"examples/demo.json: {error.cause}") from None
