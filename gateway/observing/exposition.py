"""GET /metrics: what was counted, and what PostgreSQL and Temporal say now."""

from collections import Counter
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import Gauge
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from domain.access.permissions import Permission
from gateway.access.declared import needs
from gateway.access.route import AccessRoute
from gateway.context import CurrentGateway, Gateway

router = APIRouter(tags=["health"], route_class=AccessRoute)


@router.get("/metrics", response_class=Response)
@needs(Permission.SEE_PROGRAMME)
async def metrics(gateway: CurrentGateway) -> Response:
    """Numbers in Prometheus' text format."""
    await _read_postgresql(gateway)
    _measure(gateway)
    text = generate_latest(gateway.metrics.registry)
    return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)


async def _read_postgresql(gateway: Gateway) -> None:
    store, found = gateway.store, gateway.metrics
    _set(found.events, await store.inbox.counts())
    _set(found.notices, await store.outbox.counts())
    _set(found.drift, await store.drift.counts())
    found.refused_messages.set(await store.refused_messages.count())
    found.reconciler_looks.set(await store.drift.look())
    overdue = await store.installation.overdue()
    _set(found.overdue, overdue.model_dump())
    processes = await store.installation.processes()
    going_on = Counter(
        (each.part.value, each.release) for each in processes if each.goes_on
    )
    found.processes.clear()
    for labels, count in going_on.items():
        found.processes.labels(*labels).set(count)


def _measure(gateway: Gateway) -> None:
    found, presence = gateway.metrics, gateway.presence
    found.writes.set(presence.writes or not gateway.options.dispatch)
    found.loop_delay.set(presence.loop_delay_seconds)
    _set(found.connections, gateway.store.connections())
    seen = gateway.queues.seen
    found.queue_tasks.clear()
    found.queue_age.clear()
    for each in seen.backlogs if seen else ():
        labels = (each.queue, each.kind, each.version)
        found.queue_tasks.labels(*labels).set(each.tasks)
        found.queue_age.labels(*labels).set(each.seconds)


def _set(gauge: Gauge, values: Mapping[str, float]) -> None:
    """Set a gauge of one label; what has no value any more goes."""
    gauge.clear()
    for label, value in values.items():
        gauge.labels(label).set(value)
