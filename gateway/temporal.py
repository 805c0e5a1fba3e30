"""Signals, updates and questions to workflows; what can go wrong with them are three errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.converter import PayloadCodec
from temporalio.service import RPCError, RPCStatusCode

from gateway.history import SentSignal, signals_sent
from gateway.queues import describe_queues
from schemas.ids import TASK_QUEUE
from schemas.records.queues import QueuesSeen

_CALL_TIMEOUT = timedelta(seconds=10)
_NOT_ANSWERED = (
    RPCError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    TimeoutError,
    RuntimeError,
)
"""The last is what a client that was never connected raises."""


class WorkflowNotFound(Exception):
    """No such run, or it is closed."""


class TemporalUnavailable(Exception):
    """Temporal, or the worker that would answer, cannot be reached now."""


class UpdateRejected(Exception):
    """The workflow refused an update; its text says why."""


class WorkflowClient:
    """Signals and updates by workflow id and name."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def payload_codec(self) -> PayloadCodec | None:
        """What encrypts the payloads of this client, if anything does."""
        return self._client.data_converter.payload_codec

    async def signal(
        self, workflow_id: str, name: str, payload: dict[str, Any]
    ) -> None:
        """Send a signal.

        Raises:
            WorkflowNotFound: there is no open run under this id.
            TemporalUnavailable: try again later.
        """
        with _errors_named():
            handle = self._client.get_workflow_handle(workflow_id)
            await handle.signal(name, payload, rpc_timeout=_CALL_TIMEOUT)

    async def signal_with_start(
        self,
        workflow: str,
        workflow_id: str,
        argument: BaseModel,
        name: str,
        payload: BaseModel,
        summary: str,
    ) -> None:
        """Send a signal to the open run under this id, which is started if there is none.

        Raises:
            TemporalUnavailable: try again later.
        """
        with _errors_named():
            await self._client.start_workflow(
                workflow,
                argument,
                id=workflow_id,
                task_queue=TASK_QUEUE,
                start_signal=name,
                start_signal_args=[payload],
                static_summary=summary,
                rpc_timeout=_CALL_TIMEOUT,
            )

    async def update(
        self,
        workflow_id: str,
        name: str,
        payload: dict[str, Any],
        update_id: str | None,
    ) -> Any:
        """Send an update and wait for its result; the same `update_id` twice is one update.

        Raises:
            UpdateRejected: the validator refused it; the text is the workflow's.
            WorkflowNotFound: there is no open run under this id.
            TemporalUnavailable: no answer in time; whether it was accepted is unknown.
        """
        with _errors_named():
            handle = self._client.get_workflow_handle(workflow_id)
            return await handle.execute_update(
                name, payload, id=update_id, rpc_timeout=_CALL_TIMEOUT
            )

    async def is_running(self, workflow_id: str) -> bool:
        """Whether the workflow's newest run is open.

        Raises:
            WorkflowNotFound: Temporal knows of no run, or no longer.
            TemporalUnavailable: try again later.
        """
        with _errors_named():
            handle = self._client.get_workflow_handle(workflow_id)
            found = await handle.describe(rpc_timeout=_CALL_TIMEOUT)
        return found.status is WorkflowExecutionStatus.RUNNING

    async def signals_sent(
        self, workflow_id: str, name: str, until: datetime
    ) -> list[SentSignal]:
        """Signals of this name that the workflow received until then, newest first.

        Raises:
            WorkflowNotFound, TemporalUnavailable: as above.
        """
        with _errors_named():
            return await signals_sent(self._client, workflow_id, name, until)

    async def trigger(self, schedule: str) -> None:
        """Run a schedule's action now.

        Raises:
            WorkflowNotFound: there is no such schedule.
            TemporalUnavailable: try again later.
        """
        with _errors_named():
            handle = self._client.get_schedule_handle(schedule)
            await handle.trigger(rpc_timeout=_CALL_TIMEOUT)

    async def queues(self) -> QueuesSeen | None:
        """Returns how long tasks wait; None: Temporal does not say."""
        try:
            return await describe_queues(self._client)
        except _NOT_ANSWERED:
            return None

    async def check_health(self) -> None:
        """Ask Temporal whether it serves.

        Raises:
            TemporalUnavailable: it does not.
        """
        with _errors_named():
            if not await self._client.service_client.check_health(
                timeout=timedelta(seconds=2)
            ):
                raise TemporalUnavailable


@contextmanager
def _errors_named() -> Iterator[None]:
    try:
        yield
    except WorkflowUpdateFailedError as error:  # the reason without its type before it
        reason = getattr(error.cause, "message", str(error.cause))
        raise UpdateRejected(reason) from error
    except _NOT_ANSWERED as error:
        if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
            raise WorkflowNotFound from error
        raise TemporalUnavailable from error


def workflow_url(ui_url: str, namespace: str, workflow_id: str) -> str:
    """Returns the address of a workflow in the Temporal Web UI."""
    return f"{ui_url}/namespaces/{namespace}/workflows/{quote(workflow_id, safe='')}"


def start_form_url(
    ui_url: str, namespace: str, workflow_id: str, task_queue: str
) -> str:
    """Returns the address of the Web UI's form that starts a programme.

    The form is filled with the JSON of the run named `workflow_id`, if there is one.
    """
    ask = f"workflowId={quote(workflow_id, safe='')}&taskQueue={task_queue}&workflowType=ProgrammeWorkflow"
    return f"{ui_url}/namespaces/{namespace}/workflows/start-workflow?{ask}"
