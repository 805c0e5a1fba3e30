"""Runs that differ from what PostgreSQL holds: what was found, repaired, and is to do."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import needs
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import note_decision
from gateway.console.render import back, page
from gateway.context import CurrentGateway, Gateway
from gateway.temporal import TemporalUnavailable, WorkflowNotFound
from schemas.ids import RECONCILE_SCHEDULE

router = APIRouter(prefix="/runs", route_class=ConsoleRoute)


@router.get("")
@needs(Permission.REPAIR)
async def runs(request: Request, gateway: CurrentGateway) -> Response:
    return await _runs(request, gateway)


async def _runs(
    request: Request, gateway: Gateway, refused: str | None = None
) -> Response:
    return page(
        request,
        gateway,
        "runs",
        409 if refused else 200,
        drift=await gateway.store.drift.listing(),
        schedule=f"{gateway.options.ui_url}/namespaces/{gateway.options.namespace}/schedules/{RECONCILE_SCHEDULE}",
        refused=refused,
    )


@router.post("/look")
@needs(Permission.REPAIR)
async def run_reconciler(
    request: Request, gateway: CurrentGateway, user: CurrentUser
) -> Response:
    """Run the reconciler now."""
    await note_decision(gateway, user, RECONCILE_SCHEDULE, "run_reconciler")
    try:
        await gateway.workflows.trigger(RECONCILE_SCHEDULE)
    except WorkflowNotFound:
        return await _runs(
            request,
            gateway,
            "There is no schedule yet; a worker makes it when it starts.",
        )
    except TemporalUnavailable:
        return await _runs(
            request, gateway, "Temporal does not answer now; try again in a moment."
        )
    return back("/runs", "looking")
