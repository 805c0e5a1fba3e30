"""Whether the process lives, whether all it needs is there, and numbers for Prometheus."""

from collections.abc import Awaitable, Mapping

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from activities.persistence.store import Store
from domain.access.permissions import Permission
from gateway.access.declared import Door, needs, opened_by
from gateway.access.route import AccessRoute
from gateway.context import CurrentGateway
from gateway.edge.dependencies import within_address_rate
from schemas.records.processes import Part

router = APIRouter(tags=["health"], route_class=AccessRoute)


@router.get("/healthz")
@opened_by(Door.ANYBODY)
async def alive() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz", dependencies=[Depends(within_address_rate)])
@opened_by(Door.ANYBODY)
async def ready(gateway: CurrentGateway) -> Response:
    """200 when PostgreSQL and Temporal answer, events are delivered and rows written, else 503 with what is not.

    A missing worker is told and keeps nobody out: what arrives is kept until there is one.
    """
    parts = {
        "postgres": await _answers(gateway.store.ping()),
        "temporal": await _answers(gateway.workflows.check_health()),
        "dispatcher": gateway.dispatcher.alive or not gateway.options.dispatch,
        "writing": gateway.presence.writes or not gateway.options.dispatch,
    }
    well = all(parts.values())
    told = parts | {"worker": await _worker_goes_on(gateway.store)}
    words = {name: "up" if up else "down" for name, up in told.items()}
    return JSONResponse(
        {"status": "ready" if well else "not ready", **words}, 200 if well else 503
    )


async def _worker_goes_on(store: Store) -> bool:
    try:
        processes = await store.installation.processes()
    except Exception:  # PostgreSQL is told by itself
        return False
    return any(each.part is Part.WORKER and each.goes_on for each in processes)


async def _answers(question: Awaitable[None]) -> bool:
    try:
        await question
    except Exception:  # whatever it is, the part does not answer
        return False
    return True


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
)
@needs(Permission.SEE_PROGRAMME)
async def metrics(gateway: CurrentGateway) -> Response:
    events = await gateway.store.inbox.counts()
    notices = await gateway.store.outbox.counts()
    drift = await gateway.store.drift.counts()
    refused = await gateway.store.refused_messages.count()
    lines = [
        *_family("binome_events", "Events in the inbox by state.", events),
        *_family("binome_notices", "Notices in the outbox by state.", notices),
        *_family(
            "binome_drift",
            "Runs that are not as the record has them, by kind.",
            drift,
            "kind",
        ),
        "# HELP binome_refused_messages Messages that a workflow could not read.",
        "# TYPE binome_refused_messages gauge",
        f"binome_refused_messages {refused}",
    ]
    return PlainTextResponse(
        "\n".join(lines) + "\n", media_type="text/plain; version=0.0.4"
    )


def _family(
    name: str, text: str, counts: Mapping[str, int], label: str = "state"
) -> list[str]:
    values = [
        f'{name}{{{label}="{value}"}} {count}'
        for value, count in sorted(counts.items())
    ]
    return [f"# HELP {name} {text}", f"# TYPE {name} gauge", *values]
