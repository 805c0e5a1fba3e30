"""The courses of people imports whose histories are kept."""

from datetime import timedelta
from itertools import repeat
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.exceptions import ApplicationError

from schemas.ids import TASK_QUEUE, people_import_workflow_id
from tests.replay.rollouts import Kept, Rollout, ended, rest
from tests.support.offices import Offices

FILE = "f" * 32
IMPORT = people_import_workflow_id(FILE)


async def people_import(offices: Offices) -> Kept:
    """Previewed, and imported once somebody confirmed it."""
    await start_import(offices)
    await rest(offices, IMPORT)
    await offices.client.get_workflow_handle(IMPORT).signal("file_changed", {})
    await ended(offices, IMPORT)
    return [("people-import", IMPORT)]


async def people_import_forgotten(offices: Offices) -> Kept:
    """Nobody confirmed its preview."""
    await start_import(offices)
    await ended(offices, IMPORT)
    return [("people-import-forgotten", IMPORT)]


async def people_import_failed(offices: Offices) -> Kept:
    """PostgreSQL was away for long; then somebody cancelled it in the Web UI."""
    unavailable = ApplicationError("no", type="DatabaseUnavailable")
    offices.import_failures = repeat(unavailable, 10)
    await start_import(offices)
    await until_ended(offices, 1)
    await rest(offices, IMPORT, stuck=1)  # it failed
    await offices.client.get_workflow_handle(IMPORT).cancel()
    await ended(offices, IMPORT)
    return [("people-import-failed", IMPORT)]


async def start_import(offices: Offices) -> WorkflowHandle[Any, Any]:
    return await offices.client.start_workflow(
        "PeopleImportWorkflow", {"file": FILE}, id=IMPORT, task_queue=TASK_QUEUE
    )


async def until_ended(offices: Offices, ends: int) -> None:
    """Wait until it is written down so often how work on a file ended."""
    while len(offices.ends) < ends:
        await offices.environment.sleep(timedelta(seconds=1))


IMPORT_STORIES: dict[str, Rollout] = {
    story.__name__: story
    for story in (people_import, people_import_forgotten, people_import_failed)
}
