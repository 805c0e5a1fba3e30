"""Traces over OTLP: where they go is said by OpenTelemetry's own variables, `OTEL_EXPORTER_OTLP_ENDPOINT` and so on.

What an exception says is left out of every span: it may quote a value.
"""

from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace import Status

from activities.trace_ids import CHOSEN


class EventIds(RandomIdGenerator):
    """Draws ids, but where they follow from an event."""

    def generate_trace_id(self) -> int:
        ids = CHOSEN.get()
        return ids.trace if ids else super().generate_trace_id()

    def generate_span_id(self) -> int:
        ids = CHOSEN.get()
        return ids.span if ids else super().generate_span_id()


class WithoutMessages(SpanExporter):
    """Exports spans without what exceptions say; that one was raised stays."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_without_messages(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _without_messages(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def tracer_provider(
    part: str, release: str, exporter: SpanExporter | None = None
) -> TracerProvider:
    """Make the provider of a process; spans go out in the background, and at its end."""
    provider = TracerProvider(
        sampler=ParentBased(ALWAYS_ON),
        resource=Resource.create(
            {"service.name": f"binome-{part}", "service.version": release}
        ),
        id_generator=EventIds(),
        span_limits=SpanLimits(max_events=0),
    )
    provider.add_span_processor(
        BatchSpanProcessor(WithoutMessages(exporter or OTLPSpanExporter()))
    )
    return provider
