"""Messages that an ended run received and had not recorded: they are read from its history and sent to its successor.

A signal has a natural key, so one too many changes nothing. An update was answered when it was accepted, so it must
not get lost either; it is sent again only where the history shows that no record held it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.service import RPCError, RPCStatusCode

RPC_TIMEOUT = timedelta(seconds=10)
RECORDING_ACTIVITIES: Mapping[str, str] = {
    "pair": "record",
    "programme": "save_programme",
}
"""The activity that records what a workflow received, by kind of workflow."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Message:
    """A signal, or an update with its id."""

    event_id: int
    name: str
    args: tuple[RawValue, ...]
    update_id: str | None = None


@dataclass
class _Reading:
    """The state of one pass through a history: messages received and records made so
    far.
    """

    records: str
    received: list[Message] = field(default_factory=list)
    recording: dict[int, Any] = field(default_factory=dict)
    """Records under way, by the event that scheduled them: all that was received before it is in their input."""
    recorded: int = 0
    """The event that scheduled the last record known to be written."""


async def unrecorded_messages(
    client: Client, workflow_id: str, run_id: str, revision: int
) -> list[Message]:
    """Returns messages that an ended run received and never recorded.

    Args:
        revision: the last one in PostgreSQL when the run was started again.
    """
    records = RECORDING_ACTIVITIES.get(workflow_id.partition(":")[0])
    if records is None or not run_id:
        return []
    reading = _Reading(records)
    try:
        async for event in client.get_workflow_handle(
            workflow_id, run_id=run_id
        ).fetch_history_events():
            _read(reading, event)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return []
    # Written, perhaps, and no run was left to receive the result.
    for scheduled, payloads in reading.recording.items():
        if 0 < await _last_revision(client, payloads) <= revision:
            reading.recorded = max(reading.recorded, scheduled)
    return [
        message for message in reading.received if message.event_id > reading.recorded
    ]


def _read(reading: _Reading, event: HistoryEvent) -> None:
    match event.event_type:
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            signalled = event.workflow_execution_signaled_event_attributes
            reading.received.append(
                Message(
                    event.event_id,
                    signalled.signal_name,
                    _raw(signalled.input.payloads),
                )
            )
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            accepted = event.workflow_execution_update_accepted_event_attributes
            request = accepted.accepted_request
            if request.input.name:  # one that a reset brought over has none, and was recorded before the reset
                args = _raw(request.input.args.payloads)
                reading.received.append(
                    Message(
                        event.event_id, request.input.name, args, request.meta.update_id
                    )
                )
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            scheduled = event.activity_task_scheduled_event_attributes
            if scheduled.activity_type.name == reading.records:
                reading.recording[event.event_id] = scheduled.input.payloads
        case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            ended = event.activity_task_completed_event_attributes.scheduled_event_id
            if ended in reading.recording:
                del reading.recording[ended]
                reading.recorded = max(reading.recorded, ended)
        case EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
            reading.recording.pop(
                event.activity_task_failed_event_attributes.scheduled_event_id, None
            )
        case _:
            pass


def _raw(payloads: Sequence[Payload]) -> tuple[RawValue, ...]:
    return tuple(RawValue(payload) for payload in payloads)


async def _plain(client: Client, message: Message) -> list[RawValue]:
    """The arguments as they were before the codec, which encrypts them anew when they are sent."""
    payloads = [value.payload for value in message.args]
    codec = client.data_converter.payload_codec
    return [*_raw(await codec.decode(payloads) if codec else payloads)]


async def _last_revision(client: Client, payloads: Any) -> int:
    """The newest revision in a record's input; 0 when it holds none."""
    value = (await client.data_converter.decode(payloads))[0]
    if not isinstance(value, dict):
        return 0
    records = value.get("records")
    newest = records[-1] if records else value
    return int(newest.get("revision", 0)) if isinstance(newest, dict) else 0


async def send_again(client: Client, workflow_id: str, messages: list[Message]) -> int:
    """Send messages to the run that goes on. Returns how many; an update that no longer fits is rejected."""
    handle = client.get_workflow_handle(workflow_id)
    for sent, message in enumerate(messages):
        try:
            if message.update_id is None:
                await handle.signal(
                    message.name,
                    args=await _plain(client, message),
                    rpc_timeout=RPC_TIMEOUT,
                )
            else:
                await handle.execute_update(
                    message.name,
                    args=await _plain(client, message),
                    id=message.update_id,
                    rpc_timeout=RPC_TIMEOUT,
                )
        except WorkflowUpdateFailedError:
            log.info(
                "update_no_longer_fits", workflow_id=workflow_id, update=message.name
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return sent
    return len(messages)
