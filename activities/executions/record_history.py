"""What pairs recorded, read from their histories: the other copy of what PostgreSQL holds."""

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from activities.executions.executions import RPC_TIMEOUT, unless_gone
from schemas.effects import RecordBatch

RECORD = "record"
"""The activity that records transitions of a pair."""


class RecordHistory:
    """Reads histories of one Temporal namespace."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def recorded_after(
        self, workflow_id: str, run_id: str, revision: int
    ) -> list[RecordBatch]:
        """Returns the batches that a run and the runs before it recorded, oldest first.

        It begins with the batch that holds the revision after `revision`; with a later
        one where Temporal has deleted older runs.
        """
        batches: list[RecordBatch] = []
        while run_id:
            found, run_id = await self._of_run(workflow_id, run_id)
            batches = found + batches
            if batches and batches[0].records[0].revision <= revision + 1:
                break
        return [batch for batch in batches if batch.records[-1].revision > revision]

    async def _of_run(
        self, workflow_id: str, run_id: str
    ) -> tuple[list[RecordBatch], str]:
        """Returns the batches of one run, and the id of the run before it; "": none."""
        handle = self._client.get_workflow_handle(workflow_id, run_id=run_id)
        history = await unless_gone(handle.fetch_history(rpc_timeout=RPC_TIMEOUT))
        if history is None:
            return [], ""
        started = history.events[0].workflow_execution_started_event_attributes
        batches = [
            await self._batch(payloads) for payloads in _completed(history.events)
        ]
        return [batch for batch in batches if batch.records], (
            started.continued_execution_run_id
        )

    async def _batch(self, payloads: list[Payload]) -> RecordBatch:
        values = await self._client.data_converter.decode(payloads, [RecordBatch])
        batch: RecordBatch = values[0]
        return batch


def _completed(events: Sequence[HistoryEvent]) -> list[list[Payload]]:
    """Returns the inputs of records that were written, in the order of their beginning."""
    scheduled, completed = {}, set()
    for event in events:
        match event.event_type:
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                attributes = event.activity_task_scheduled_event_attributes
                if attributes.activity_type.name == RECORD:
                    scheduled[event.event_id] = list(attributes.input.payloads)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                ended = event.activity_task_completed_event_attributes
                completed.add(ended.scheduled_event_id)
            case _:
                pass
    return [scheduled[event_id] for event_id in sorted(completed & scheduled.keys())]
