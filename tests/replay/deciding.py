"""What a replayed run decides, against what is recorded.

Temporal compares the kinds and order of a replay's steps, and not their contents. A pair
that comes to another state than it had recorded would go on from there, against its own
record.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.api.history.v1 import HistoryEvent
from temporalio.worker import (
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

Asked = tuple[str, Any]
"""Type of an activity, and its first argument."""


class ActivityInputs(Interceptor):
    """Notes what runs ask of activities while they are replayed, by run id."""

    def __init__(self) -> None:
        self.asked: defaultdict[str, list[Asked]] = defaultdict(list)

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        input.unsafe_extern_functions["listen"] = lambda run, activity, asked: (
            self.asked[run].append((activity, asked))
        )
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Outbound(outbound))


class _Outbound(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:
        listen = workflow.extern_functions()["listen"]
        listen(
            workflow.info().run_id,
            input.activity,
            input.args[0] if input.args else None,
        )
        return super().start_activity(input)


def decided_otherwise(
    events: Sequence[HistoryEvent], asked: Sequence[Asked]
) -> tuple[HistoryEvent, str] | None:
    """The first event at which a run writes down another state than it did, and which parts of it differ."""
    scheduled = [
        event
        for event in events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    for event, (activity, given) in zip(scheduled, asked, strict=False):
        attributes = event.activity_task_scheduled_event_attributes
        if activity in ("record", "save_programme"):
            before = json.loads(attributes.input.payloads[0].data)
            if differing := _differing(
                _state(activity, before),
                _state(activity, given.model_dump(mode="json")),
            ):
                return event, ", ".join(differing)
    return None


def _state(activity: str, written: dict[str, Any]) -> dict[str, Any]:
    """The state of a pair with the revisions that led to it; of a programme as it is saved."""
    if activity == "save_programme":
        return written
    return {
        **written["state"],
        "revisions": [record["revision"] for record in written["records"]],
    }


def _differing(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """A field that is new, and has no value yet, is no other decision."""
    return sorted(
        name
        for name in {*before, *now}
        if (before.get(name) or None) != (now.get(name) or None)
    )
