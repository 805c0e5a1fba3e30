"""Signals that a workflow received, read from its histories in Temporal; kept nowhere else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowExecution

CALL_TIMEOUT = timedelta(seconds=10)
RUNS_READ = 50
SIGNALS_FOUND = 20


@dataclass(frozen=True)
class SentSignal:
    """A signal's payload; not `readable` where it is no JSON, or where there was none."""

    at: datetime
    value: Any = None
    readable: bool = False


async def signals_sent(
    client: Client, workflow_id: str, name: str, until: datetime
) -> list[SentSignal]:
    """The newest signals of this name, until then, to the workflow's runs that Temporal still has.

    Raises:
        RPCError: Temporal does not answer.
    """
    escaped = workflow_id.replace("\\", "\\\\").replace('"', '\\"')
    listed = client.list_workflows(
        f'WorkflowId = "{escaped}"', limit=RUNS_READ, rpc_timeout=CALL_TIMEOUT
    )
    runs = sorted(
        [run async for run in listed if run.start_time <= until],
        key=lambda run: run.start_time,
    )
    found: list[SentSignal] = []
    while runs and len(found) < SIGNALS_FOUND:
        found += await _signals_in_run(client, runs.pop(), name, until)
    return sorted(found, key=lambda sent: sent.at, reverse=True)


async def _signals_in_run(
    client: Client, run: WorkflowExecution, name: str, until: datetime
) -> list[SentSignal]:
    handle = client.get_workflow_handle(run.id, run_id=run.run_id)
    found: list[SentSignal] = []
    async for event in handle.fetch_history_events(rpc_timeout=CALL_TIMEOUT):
        at = event.event_time.ToDatetime(UTC)
        signal = event.workflow_execution_signaled_event_attributes
        if signal.signal_name == name and at <= until:
            found.append(await _read_signal(client, at, signal.input.payloads))
    return found[-SIGNALS_FOUND:]


async def _read_signal(
    client: Client, at: datetime, payloads: Sequence[Payload]
) -> SentSignal:
    try:
        codec = client.data_converter.payload_codec
        plain = await codec.decode(payloads) if codec else payloads
        return SentSignal(at, json.loads(plain[0].data), readable=True)
    except (
        Exception
    ):  # whatever a codec or parser may raise: nothing of it is shown then
        return SentSignal(at)
