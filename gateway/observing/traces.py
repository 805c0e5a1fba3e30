"""Traces of requests, and of events from receipt to pair. They hold routes and codes, no address and no person."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import time_ns

from opentelemetry.context import Context
from opentelemetry.trace import (
    NonRecordingSpan,
    NoOpTracer,
    Span,
    SpanContext,
    SpanKind,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from activities.trace_ids import chosen, trace_of_event
from domain.releases.live_counts import may_be_traced

UNTRACED = ("/events", "/healthz", "/readyz", "/metrics", "/static/")
"""Each event has a trace of its own; the others say nothing."""


class GatewayTraces:
    """Begins and goes on with traces; without a tracer nothing is traced."""

    def __init__(self, tracer: Tracer | None = None) -> None:
        self._tracer = tracer or NoOpTracer()

    @contextmanager
    def request(self, method: str, path: str) -> Iterator[Span | None]:
        """Trace a request; whoever knows its route names the span."""
        if path.startswith(UNTRACED):
            yield None
            return
        with self._tracer.start_as_current_span(
            method, Context(), SpanKind.SERVER, record_exception=False
        ) as span:
            yield span

    def received(self, key: str, kind: str, event_type: str, begun_ns: int) -> None:
        """Begin the trace of an event that was stored."""
        if not may_be_traced(kind):
            return
        with chosen(trace_of_event(key)):
            span = self._tracer.start_span(
                "POST /events",
                Context(),
                SpanKind.SERVER,
                {"binome.event_type": event_type},
                start_time=begun_ns,
            )
        span.end(time_ns())

    @contextmanager
    def delivering(self, key: str, kind: str) -> Iterator[None]:
        """Go on with it. When somebody gave a mark or asked for help is not traced, here and at the pair."""
        ids = trace_of_event(key)
        flags = TraceFlags.SAMPLED if may_be_traced(kind) else TraceFlags.DEFAULT
        parent = NonRecordingSpan(
            SpanContext(ids.trace, ids.span, True, TraceFlags(flags))
        )
        with self._tracer.start_as_current_span(
            f"deliver {kind}", set_span_in_context(parent, Context())
        ):
            yield
