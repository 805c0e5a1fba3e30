"""Nothing that arrives holds, ends or passes unsaid: every start, signal, update and query, against every nonsense."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from schemas.ids import TASK_QUEUE
from tests.replay.sandbox import workflow_runner
from tests.support.played import nothing_known
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.workflows.nonsense import (
    MODELS,
    NONSENSE,
    SECRET,
    Offices,
    live,
    plan_at,
    refused,
    wrong_in,
)
from workers.build import WORKFLOWS

DEFINED = {
    str(found.name): found
    for found in map(workflow._Definition.must_from_class, WORKFLOWS)
}
LASTING = [
    kind for kind in DEFINED if kind not in ("ReconcilerWorkflow", "RetentionWorkflow")
]
SIGNALS = [(kind, name) for kind in LASTING for name in DEFINED[kind].signals if name]
UPDATES = [(kind, name) for kind in LASTING for name in DEFINED[kind].updates if name]


def test_every_handler_of_every_workflow_takes_part() -> None:
    """And nothing but signals, updates and the query `state` can be sent to one."""
    for kind, defined in DEFINED.items():
        names = {name for name in (*defined.signals, *defined.updates) if name}
        assert names == set(MODELS[kind])
        assert None in defined.signals, (
            "a signal with an unknown name would wait in a buffer for ever"
        )
        assert set(defined.queries) <= {"state"}


class Live:
    """One run, and what it could not take."""

    def __init__(self, handle: WorkflowHandle[Any, Any], offices: Offices) -> None:
        self.handle, self.offices = handle, offices

    async def has_kept(self, number: int) -> str:
        """Wait until so many refused messages are written down; answers them as text."""
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while len(self.offices.kept) < number:
                await asyncio.sleep(0.01)
        assert len(self.offices.kept) == number
        return " ".join(
            f"{message.name} {message.reason}" for message in self.offices.kept
        )

    async def is_well(self) -> None:
        """It runs, no task of it has failed, and it answers."""
        if not self.handle.id.startswith(("delivery:", "people_import:")):
            await self.handle.query("state")
        history = await self.handle.fetch_history()
        assert (await self.handle.describe()).status is WorkflowExecutionStatus.RUNNING
        failed = (
            EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
            EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
        )
        assert not [event for event in history.events if event.event_type in failed]


@asynccontextmanager
async def a_live(kind: str, environment: WorkflowEnvironment) -> AsyncIterator[Live]:
    plan = plan_at(await environment.get_current_time())
    offices = Offices(plan)
    with environment.auto_time_skipping_disabled():
        async with AsyncExitStack() as stack:
            for worker in offices.workers(environment):
                await stack.enter_async_context(worker)
            yield Live(await live(kind, environment, plan), offices)


@pytest.mark.parametrize(("kind", "name"), SIGNALS)
async def test_a_signal_that_cannot_be_taken_is_kept_with_its_reason(
    kind: str, name: str, skipping: WorkflowEnvironment
) -> None:
    model = MODELS[kind][name]
    sent = [
        args
        for args in (NONSENSE | wrong_in(model)).values()
        if refused(model, args, strict=False)
    ]
    async with a_live(kind, skipping) as run:
        for args in sent:
            await run.handle.signal(name, args=args)
        kept_text = await run.has_kept(len(sent))
        await run.is_well()
    assert SECRET not in kept_text and len(kept_text) < 1_000 * len(sent)


async def test_the_web_ui_calls_a_record_of_what_was_refused_by_that_name(
    skipping: WorkflowEnvironment,
) -> None:
    async with a_live("PairWorkflow", skipping) as run:
        await run.handle.signal("held", args=[SECRET])
        await run.has_kept(1)
        history = await run.handle.fetch_history()
    summaries = [
        json.loads(event.user_metadata.summary.data)
        for event in history.events
        if event.HasField("user_metadata")
    ]
    # One record may hold the start too: "started, what was refused".
    records = [set(summary.split(", ")) for summary in summaries]
    assert any("what was refused" in kinds for kinds in records)


@pytest.mark.parametrize("kind", LASTING)
async def test_a_signal_that_nobody_knows_is_kept_with_its_reason(
    kind: str, skipping: WorkflowEnvironment
) -> None:
    sent = [
        (name, args)
        for name in ("answred", SECRET, "x" * 900)
        for args in NONSENSE.values()
    ]
    async with a_live(kind, skipping) as run:
        for name, args in sent:
            await run.handle.signal(name, args=args)
        kept_text = await run.has_kept(len(sent))
        await run.is_well()
    assert SECRET not in kept_text and "unknown signal with 2 payloads" in kept_text


@pytest.mark.parametrize(("kind", "name"), UPDATES)
async def test_an_update_that_cannot_be_taken_is_refused_and_says_why(
    kind: str, name: str, skipping: WorkflowEnvironment
) -> None:
    model = MODELS[kind][name]
    async with a_live(kind, skipping) as run:
        for args in (NONSENSE | wrong_in(model)).values():
            if not refused(model, args, strict=True):
                continue
            with pytest.raises(WorkflowUpdateFailedError) as refusal:
                await run.handle.execute_update(name, args=args)
            cause = refusal.value.cause
            assert isinstance(cause, ApplicationError) and cause.type == "Refused"
            assert cause.message.startswith(f"{name}: ") and SECRET not in cause.message
        await run.is_well()


@pytest.mark.parametrize("kind", [kind for kind in LASTING if DEFINED[kind].queries])
async def test_a_query_takes_no_notice_of_what_comes_with_it(
    kind: str, skipping: WorkflowEnvironment
) -> None:
    async with a_live(kind, skipping) as run:
        for args in NONSENSE.values():
            answer = await run.handle.query("state", args=args)
            assert answer is None or answer["schema_version"] == 1
        await run.is_well()


@pytest.mark.parametrize("kind", LASTING)
async def test_an_invalid_start_ends_at_once_and_says_how_to_go_on(
    kind: str, skipping: WorkflowEnvironment
) -> None:
    worker = Worker(
        skipping.client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=[nothing_known],
        workflow_runner=workflow_runner(),
    )
    async with worker:
        for what, args in NONSENSE.items():
            with pytest.raises(WorkflowFailureError) as failed:
                await skipping.client.execute_workflow(
                    kind, args=args, id=f"odd {what}", task_queue=TASK_QUEUE
                )
            cause = failed.value.cause
            assert (
                isinstance(cause, ApplicationError) and cause.type == "InvalidInput"
            ), what
            assert "Start Workflow Like This One" in cause.message
            assert SECRET not in cause.message and len(cause.message) < 2_000


WORDS: list[tuple[str, list[Any], str]] = [
    ("sign_off", [], "still missing: volunteer"),
    ("sign_off", [{"rehearsd": True}], "did you mean rehearsed?"),
    ("waive", [{"item": SECRET, "reason": "x"}], "item"),
    (
        "waive",
        [{"item": "windows", "reason": "known"}],
        "not missing; allowed: volunteer",
    ),
    ("resume", [{}], "not paused; allowed: pause"),
    ("resume", [{"scope": "directive"}], "is decided there; allowed: pair"),
    ("reschedule", [{"session": 1}], "no session is proposed"),
    ("rematch", [{"reason": "asked"}], "nobody is matched"),
    ("end", NONSENSE["a lone brace"], "not readable as JSON"),
    ("end", NONSENSE["two payloads"], "2 payloads arrived"),
]


@pytest.mark.parametrize(("name", "args", "says"), WORDS)
async def test_a_refusal_says_what_is_allowed(
    name: str, args: list[Any], says: str, skipping: WorkflowEnvironment
) -> None:
    async with a_live("PairWorkflow", skipping) as run:
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await run.handle.execute_update(name, args=args)
    assert isinstance(refusal.value.cause, ApplicationError)
    assert (
        says in refusal.value.cause.message
        and SECRET not in refusal.value.cause.message
    )
