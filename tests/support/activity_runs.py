"""Activities over a store, run without a workflow, and a Temporal that remembers what it was asked."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from temporalio.testing import ActivityEnvironment

from activities.executions.activities import ExecutionActivities
from activities.executions.executions import TemporalExecutions
from activities.persistence.activities import PersistenceActivities
from activities.persistence.store import Store


class Temporal:
    """Remembers what was started and signalled."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.signals: list[tuple[str, str, Any]] = []

    async def start_workflow(
        self, _workflow: str, _start: Any, *, id: str, **_: Any
    ) -> None:
        self.started.append(id)

    def get_workflow_handle(self, workflow_id: str) -> "Temporal.Handle":
        return Temporal.Handle(self, workflow_id)

    class Handle:
        def __init__(self, temporal: "Temporal", workflow_id: str) -> None:
            self.temporal, self.workflow_id = temporal, workflow_id

        async def signal(self, name: str, payload: Any) -> None:
            self.temporal.signals.append((self.workflow_id, name, payload))


class House:
    """The activities over a store, run as the workflow of some id."""

    def __init__(self, store: Store, client: Any = None) -> None:
        self.temporal = cast(Any, client or Temporal())
        examples = Path(__file__).parents[2] / "examples"
        self.do = PersistenceActivities(store, examples, "http://here")
        self.executions = ExecutionActivities(store, TemporalExecutions(self.temporal))

    async def run(
        self,
        method: Callable[..., Awaitable[Any]],
        *args: Any,
        workflow_id: str = "programme:pilot",
    ) -> Any:
        environment = ActivityEnvironment()
        environment.info = environment.info.__class__(
            **{**environment.info.__dict__, "workflow_id": workflow_id}
        )
        return await environment.run(method, *args)
