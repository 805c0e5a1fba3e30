"""Traces through workflows: an activity belongs to the message that led to it.

A pair lives for months and reacts to hundreds of messages. By itself the SDK's
interceptor has one trace for all of a workflow; here each message goes on with the trace
that it came with, and so do the activities that it leads to. What a timer leads to is
traced by itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from opentelemetry import context as current
from opentelemetry.trace import SpanKind
from temporalio import worker, workflow
from temporalio.api.common.v1 import Payload
from temporalio.contrib.opentelemetry import (
    TracingInterceptor,
    TracingWorkflowInboundInterceptor,
)

LED_TO_WITHIN = timedelta(minutes=1)
"""Time of the workflow between a message and an activity that it led to; a record that
PostgreSQL refuses meanwhile is one activity that goes on."""


class MessageTracing(TracingInterceptor):
    """The SDK's interceptor, with workflows traced by message."""

    def workflow_interceptor_class(
        self, input: worker.WorkflowInterceptorClassInput
    ) -> type[TracingWorkflowInboundInterceptor]:
        super().workflow_interceptor_class(input)
        return WorkflowMessages


class WorkflowMessages(TracingWorkflowInboundInterceptor):
    """Handles messages in the traces that they came with; one for each run."""

    def __init__(self, next: worker.WorkflowInboundInterceptor) -> None:
        super().__init__(_ActivitiesOfMessages(next, self))
        self._last: tuple[current.Context, datetime] | None = None

    def _load_workflow_context_carrier(self) -> None:
        """A run has no trace of its own, or it would last for months."""

    async def handle_signal(self, input: worker.HandleSignalInput) -> None:
        with self._message(input.headers, f"HandleSignal:{input.signal}"):
            await self.next.handle_signal(input)

    async def handle_update_handler(self, input: worker.HandleUpdateInput) -> object:
        with self._message(input.headers, f"HandleUpdate:{input.update}"):
            return await self.next.handle_update_handler(input)

    def handle_update_validator(self, input: worker.HandleUpdateInput) -> None:
        self.next.handle_update_validator(input)

    @contextmanager
    def _message(self, headers: Mapping[str, Payload], name: str) -> Iterator[None]:
        header = headers.get(self.header_key)
        if header is None:
            self._last = None
            yield
            return
        [carrier] = self.payload_converter.from_payloads([header])
        context = self.text_map_propagator.extract(carrier, current.Context())
        self._last = context, workflow.now()
        token = current.attach(self._set_on_context(context))
        try:
            self._completed_span(name, kind=SpanKind.SERVER)
            yield
        finally:
            current.detach(token)

    def context_of_activity(self) -> current.Context:
        if self._last and workflow.now() - self._last[1] <= LED_TO_WITHIN:
            return self._set_on_context(self._last[0])
        return current.Context()


class _ActivitiesOfMessages(worker.WorkflowInboundInterceptor):
    """Stands between the workflow and the SDK's interceptor, which makes a span of each activity."""

    def __init__(
        self, next: worker.WorkflowInboundInterceptor, messages: WorkflowMessages
    ) -> None:
        super().__init__(next)
        self._messages = messages

    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        super().init(_StartsActivities(outbound, self._messages))


class _StartsActivities(worker.WorkflowOutboundInterceptor):
    def __init__(
        self, next: worker.WorkflowOutboundInterceptor, messages: WorkflowMessages
    ) -> None:
        super().__init__(next)
        self._messages = messages

    def start_activity(
        self, input: worker.StartActivityInput
    ) -> workflow.ActivityHandle[Any]:
        token = current.attach(self._messages.context_of_activity())
        try:
            return super().start_activity(input)
        finally:
            current.detach(token)
