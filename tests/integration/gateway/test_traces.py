"""One trace from the gateway's POST through the workflow to the activity, as a collector receives it over OTLP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import TracerProvider
from temporalio.client import Client

from activities.persistence.store import Store
from gateway.observing.traces import GatewayTraces
from schemas.records.inbox import EventState, NewEvent
from tests.integration.gateway.conftest import Site, open_site
from tests.integration.reconciling.house import House
from workers.observing.telemetry import interceptors
from workers.observing.tracing import tracer_provider


def a_pulse(site: Site) -> NewEvent:
    return NewEvent(
        key="pulse",
        source="page",
        event_id="1",
        type="binome.pulse_received.v1",
        kind="pulse_received",
        person=site.world.ids["ANNA"],
        pair=site.world.pair().workflow_id,
        payload={"session": 1, "pulse": "k"},
    )


class Collector:
    """Receives spans as an OpenTelemetry collector does."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                collector.requests.append(self.rfile.read(length))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1/traces"

    def spans(self) -> list[Span]:
        found = map(ExportTraceServiceRequest.FromString, self.requests)
        return [
            span
            for request in found
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
def collector() -> Any:
    collector = Collector()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


@pytest.fixture
async def provider(collector: Collector) -> AsyncIterator[TracerProvider]:
    exporter = OTLPSpanExporter(collector.url, compression=None)
    provider = tracer_provider("both", "r1", exporter)
    yield provider
    await asyncio.to_thread(provider.shutdown)


def traced(client: Client, provider: TracerProvider) -> Client:
    config = client.config()
    config["interceptors"] = interceptors(provider.get_tracer("test"))
    return Client(**config)


async def test_an_event_is_one_trace_from_the_post_to_the_activity_that_records_it(
    store: Store,
    database_url: str,
    temporal_server: Any,
    provider: TracerProvider,
    collector: Collector,
) -> None:
    client = traced(temporal_server.client, provider)
    tracer = provider.get_tracer("test")
    async with open_site(store, client, "http://localhost", tracer) as site:
        house = House(client, site.world, database_url)
        async with house.at_work():
            await house.start_pairs()
            await site.send("module_completed", "ANNA", module="listening")
            await store.inbox.store([a_pulse(site)])
            await site.gateway.dispatcher.once(datetime.now(UTC))
            await house.revision(2)
            reached = await store.inbox.find("pulse")
            assert reached and reached.state is EventState.DELIVERED
            await house.clear()
    GatewayTraces(tracer).received("pulse", "pulse_received", "binome.pulse", 1)
    await asyncio.to_thread(provider.force_flush)
    spans = collector.spans()
    [post] = [span for span in spans if span.name == "POST /events"]
    trace = {span.name for span in spans if span.trace_id == post.trace_id}
    assert not post.parent_span_id
    assert trace == {
        "POST /events",
        "deliver module_completed",
        "SignalWorkflow:module_completed",
        "HandleSignal:module_completed",
        "StartActivity:record",
        "RunActivity:record",
    }
    assert not any("pulse" in span.name or "concern" in span.name for span in spans)
    everything = b"".join(collector.requests)
    for personal in (b"ANNA", b"example", site.token.encode()):
        assert personal not in everything


async def test_what_an_exception_says_is_in_no_span(
    provider: TracerProvider, collector: Collector
) -> None:
    tracer = provider.get_tracer("test")
    with pytest.raises(ValueError), tracer.start_as_current_span("work"):
        raise ValueError("Anna said something")
    await asyncio.to_thread(provider.force_flush)
    [span] = collector.spans()
    assert span.status.code == 2
    assert b"Anna" not in b"".join(collector.requests)
