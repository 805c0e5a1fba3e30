"""Whether workers are at work, and how long tasks wait for them, as `binome doctor` says it."""

from collections.abc import Awaitable, Callable

from temporalio.client import Client
from temporalio.service import RPCError

from binome.doctor.asking import ask_store
from binome.doctor.diagnosis import Diagnosis
from binome.errors import ServerNotReached
from binome.servers import ServerAddresses
from domain.runs.processes import WELL, workers_fault
from domain.runs.queues import backlog_fault
from gateway.queues import describe_queues, describe_workers
from schemas.records.queues import QueuesSeen
from schemas.wording.counted import counted


async def worker(servers: ServerAddresses) -> Diagnosis:
    seen = await _asked(servers, describe_workers)
    if seen is None:
        found = "cannot be seen while Temporal does not answer"
        remedy = "start Temporal first; one that has just started needs half a minute"
        return Diagnosis("worker", False, found, remedy)
    if not seen.polled:
        found = "none is at work; whatever is started waits"
        return Diagnosis("worker", False, found, "run: binome worker")
    processes = await ask_store(servers, lambda store: store.installation.processes())
    fault = WELL if processes is None else workers_fault(processes, seen.current)
    if fault == WELL:
        return Diagnosis("worker", True, "at work")
    remedy = (
        "see the workers' logs; start one again: binome worker (all with a BINOME_BUILD_ID, or none), "
        "and make its version current: docs/runbooks.md, No worker goes on"
    )
    return Diagnosis("worker", False, fault, remedy)


async def task_queues(servers: ServerAddresses) -> Diagnosis:
    """Check how long tasks wait, in each queue and for each version of the workers."""
    seen = await _asked(servers, describe_queues)
    if seen is None:
        found = "cannot be seen while Temporal does not answer"
        return Diagnosis("task queues", False, found, "start Temporal first")
    fault = backlog_fault(seen)
    if fault:
        remedy = "start a worker, or more of them: docs/runbooks.md, Tasks wait"
        return Diagnosis("task queues", False, fault, remedy)
    tasks = sum(each.tasks for each in seen.backlogs if not each.version)
    found = f"{counted(tasks, 'task')} waiting, none for long" if tasks else "empty"
    return Diagnosis("task queues", True, found)


async def _asked(
    servers: ServerAddresses, question: Callable[[Client], Awaitable[QueuesSeen]]
) -> QueuesSeen | None:
    """Returns nothing where Temporal does not say."""
    try:
        return await question(await servers.client())
    except (ServerNotReached, RPCError):
        return None
