"""Nothing that arrives holds, ends or leaves unsaid: a pair, a cohort and a programme against nonsense."""

from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from schemas.ids import TASK_QUEUE
from schemas.pair import PairState
from tests.workflows.conftest import PairWorkers
from tests.workflows.played import PlayedActivities
from tests.workflows.test_pair import PAIR, start

SECRET = "Zoe Nonsense"
NOT_JSON = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"{"))
UNKNOWN = RawValue(Payload(metadata={"encoding": b"binary/odd"}, data=b"\xff\xfe"))

SIGNALS: list[tuple[str, list[Any]]] = [
    ("answered", []),
    ("answered", [None]),
    ("answered", [SECRET]),
    ("answered", [{"session": SECRET}]),
    ("answered", [{"session": 1, "sequence": 0, "answer": SECRET}]),
    ("answered", [{"session": 1}, {"session": 2}]),
    ("answered", [NOT_JSON]),
    ("answered", [UNKNOWN]),
    ("answered", [{"session": 1, "sequence": 0, "answer": "yes", "start": "0001-01-01T00:00:00+14:00"}]),
    ("answered", [{"session": 1, "sequence": 0, "answer": "yes", "start": "9999-12-31T23:59:59-14:00"}]),
    ("held", [{"session": -1}]),
    ("held", [{"session": 10**30}]),
    ("matched", [{"mentee": SECRET}]),
    ("answred", [{"session": 1}]),
    (SECRET, []),
]
UPDATES: list[tuple[str, list[Any], str]] = [
    ("sign_off", [], "still missing: volunteer"),
    ("sign_off", [{"rehearsd": True}], "did you mean rehearsed?"),
    ("waive", [{"item": SECRET, "reason": "x"}], "item"),
    ("waive", [{"item": "windows", "reason": "known"}], "not missing; allowed: volunteer"),
    ("resume", [{}], "not paused; allowed: pause"),
    ("reschedule", [{"session": 1}], "no session is proposed"),
    ("rematch", [{"reason": "asked"}], "nobody is matched"),
    ("end", [NOT_JSON], "not readable as JSON"),
    ("end", [{"reason": "a"}, {"reason": "b"}], "2 payloads arrived"),
]


async def a_running_pair(environment: WorkflowEnvironment) -> WorkflowHandle[Any, Any]:
    client: Client = environment.client
    return await client.start_workflow(
        "PairWorkflow", await start(environment), id=PAIR.workflow_id, task_queue=TASK_QUEUE
    )


async def test_a_signal_that_cannot_be_taken_is_kept_with_its_reason(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    played = PlayedActivities(skipping, lambda notice: None)
    with skipping.auto_time_skipping_disabled():
        async with pair_worker(skipping.client, played):
            handle = await a_running_pair(skipping)
            for name, args in SIGNALS:
                await handle.signal(name, args=args)
            state = await handle.query("state", result_type=PairState)
            await handle.execute_update("end", {"reason": "asked"})
            await handle.result()
    assert state.stage == "training"
    refused = [m for batch in played.batches for m in batch.refused]
    assert len(refused) == len(SIGNALS)
    assert SECRET not in str(refused)
    assert "did you mean answered?" in str(refused)


@pytest.mark.parametrize(("name", "args", "says"), UPDATES)
async def test_an_update_that_cannot_be_taken_is_refused_and_says_what_is_allowed(
    name: str, args: list[Any], says: str, skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    played = PlayedActivities(skipping, lambda notice: None)
    with skipping.auto_time_skipping_disabled():
        async with pair_worker(skipping.client, played):
            handle = await a_running_pair(skipping)
            with pytest.raises(WorkflowUpdateFailedError) as refused:
                await handle.execute_update(name, args=args)
            await handle.execute_update("end", {"reason": "asked"})
            await handle.result()
    assert isinstance(refused.value.cause, ApplicationError)
    assert says in refused.value.cause.message
    assert SECRET not in refused.value.cause.message


STARTS: list[list[Any]] = [[], [None], [{}], ["x"], [{"pair": SECRET}], [{"a": 1}, {"b": 2}], [NOT_JSON]]


@pytest.mark.parametrize("args", STARTS)
@pytest.mark.parametrize("kind", ["PairWorkflow", "CohortWorkflow", "ProgrammeWorkflow", "DeliveryWorkflow"])
async def test_an_invalid_start_ends_at_once_and_says_how_to_go_on(
    kind: str, args: list[Any], skipping: WorkflowEnvironment
) -> None:
    from temporalio.worker import Worker

    from tests.workflows.played import nothing_known
    from workers.build import WORKFLOWS
    from workers.sandbox import workflow_runner

    worker = Worker(
        skipping.client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=[nothing_known],
        workflow_runner=workflow_runner(),
    )
    async with worker:
        with pytest.raises(WorkflowFailureError) as failed:
            await skipping.client.execute_workflow(kind, args=args, id="odd", task_queue=TASK_QUEUE)
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError) and cause.type == "InvalidInput"
    assert "Start Workflow Like This One" in cause.message
    assert SECRET not in cause.message
