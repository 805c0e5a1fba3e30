"""Whether the process lives, and whether all that it needs is there."""

from collections.abc import Awaitable

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response

from activities.persistence.store import Store
from domain.runs.loops import write_fault_in_words
from domain.runs.processes import workers_fault
from domain.runs.queues import backlog_fault
from gateway.access.declared import Door, opened_by
from gateway.access.route import AccessRoute
from gateway.context import CurrentGateway, Gateway
from gateway.edge.dependencies import within_address_rate

router = APIRouter(tags=["health"], route_class=AccessRoute)


@router.get("/healthz")
@opened_by(Door.ANYBODY)
async def alive() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz", dependencies=[Depends(within_address_rate)])
@opened_by(Door.ANYBODY)
async def ready(gateway: CurrentGateway) -> Response:
    """200 when PostgreSQL and Temporal answer, events are delivered and rows written, else 503 with what is not.

    A missing worker and tasks that wait are told and keep nobody out: what arrives is
    kept until there is one.
    """
    works = gateway.options.dispatch
    parts = {
        "postgres": await _answers(gateway.store.ping()),
        "temporal": await _answers(gateway.workflows.check_health()),
        "dispatcher": gateway.dispatcher.goes_on or not works,
        "writing": gateway.presence.writes or not works,
    }
    well = all(parts.values())
    why = await _faults(gateway)
    told = parts | {name: name not in why for name in ("worker", "queues")}
    words = {name: "up" if up else "down" for name, up in told.items()}
    answer: dict[str, object] = {"status": "ready" if well else "not ready", **words}
    return JSONResponse(answer | ({"why": why} if why else {}), 200 if well else 503)


async def _faults(gateway: Gateway) -> dict[str, str]:
    """Returns in words what is wrong, by part."""
    seen = gateway.queues.seen
    fault = gateway.presence.fault
    found = {
        "writing": write_fault_in_words(fault) if fault else "",
        "worker": await _workers_fault(gateway.store, seen.current if seen else ""),
        "queues": backlog_fault(seen) if seen else "",
    }
    return {part: words for part, words in found.items() if words}


async def _workers_fault(store: Store, current: str) -> str:
    try:
        processes = await store.installation.processes()
    except Exception:  # PostgreSQL is told by itself
        return "cannot be seen while PostgreSQL does not answer"
    return workers_fault(processes, current)


async def _answers(question: Awaitable[None]) -> bool:
    try:
        await question
    except Exception:  # whatever it is, the part does not answer
        return False
    return True
