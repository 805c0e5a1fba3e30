"""A storm of messages over many pairs; in the middle of it one worker is stopped and another one started."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from domain.pair.record_rows import digest
from schemas.effects import (
    Directives,
    FindSlots,
    RecordBatch,
    RefusedBatch,
    RefusedMessage,
)
from schemas.events import SlotsFound
from schemas.ids import TASK_QUEUE, PairRef
from schemas.pair import PairStart
from schemas.policy import Policy
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock
from tests.chaos.senders import FROM_THE_START, UPDATE_NAMES, Message, Sender
from tests.replay.sandbox import workflow_runner
from workflows.pair import PairWorkflow

QUEUE = f"{TASK_QUEUE}-storm"
PACE = 28800.0
"""A day is three seconds."""
POLICY = Policy.model_validate(
    {
        "training": {"modules": ["listening"], "within": "8 weeks"},
        "sessions": {
            "count": 2,
            "every": "1 day",
            "notice": "1 day",
            "window": "1 week",
        },
    }
)
MESSAGES = ((90, 120), (30, 50), (30, 50))
"""To one pair, in turn: every third is flooded until it must continue as new."""
AT_ONCE = 60
"""Pairs that are talked to at once: with more, every answer comes too late for its question."""
BEFORE_THE_STOP = 20
"""Messages a pair."""


TRY_AGAIN = (
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.RESOURCE_EXHAUSTED,
)
"""Errors of a run that continues as new, or whose task timed out; the message was not taken."""


class Closed(Exception):
    """The pair has closed; nobody has anything to say any more."""


class Storm:
    """The activities of all pairs, which keep what they were given, and those who answer what is recorded."""

    def __init__(self, client: Client, pairs: int, seed: int) -> None:
        self.client, self.random = client, Random(seed)
        now = datetime.now(UTC)
        self.clock = Clock(programme_epoch=now, wall_epoch=now, pace=PACE)
        self.senders = {
            sender.pair.workflow_id: sender
            for sender in map(self._sender, range(pairs))
        }
        self.recorded: dict[str, dict[int, set[tuple[str, str]]]] = defaultdict(
            lambda: defaultdict(set)
        )
        """By pair and revision: which activity wrote it, and its digest."""
        self.kept: dict[str, dict[str, tuple[RefusedMessage, ...]]] = defaultdict(dict)
        """By pair and activity."""
        self.sent = 0
        self.stopped_after = 0
        self.rising = asyncio.Event()
        self._at_once = asyncio.Semaphore(AT_ONCE)

    def _sender(self, number: int) -> Sender:
        pair = PairRef(
            programme="storm", region="comex", mentor="p" + "a" * 13, seat=number + 1
        )
        return Sender(
            pair,
            Random(self.random.random()),
            self.random.randint(*MESSAGES[number % len(MESSAGES)]),
        )

    @asynccontextmanager
    async def blown(self) -> AsyncIterator[None]:
        """Say everything to all pairs. One worker is stopped where the storm rises; a fresh one goes on, and stays."""
        over = asyncio.gather(*map(self._live, self.senders.values()))
        over.add_done_callback(lambda _: self.rising.set())
        async with self.worker():
            await self.rising.wait()
        self.stopped_after = self.sent
        async with self.worker():
            await over
            yield

    def worker(self) -> Worker:
        return Worker(
            self.client,
            task_queue=QUEUE,
            workflows=[PairWorkflow],
            activities=[self.record, self.find_slots, self.record_refused_messages],
            workflow_runner=workflow_runner(),
            max_cached_workflows=2000,
        )

    @activity.defn
    async def record(self, batch: RecordBatch) -> Directives:
        pair, by = batch.pair.workflow_id, _by()
        sender = self.senders[pair]
        for record in batch.records:
            if record.revision not in self.recorded[pair]:
                ahead = {
                    n: self.clock.wall(n.not_before or self.clock.programme_epoch)
                    for n in record.notices
                }
                sender.answer(record, ahead)
            self.recorded[pair][record.revision].add((by, digest(record)))
        self.kept[pair][by] = batch.refused
        # A worker that stops may cancel it here: recorded, and the result is lost.
        await asyncio.sleep(0)
        return Directives(paused=sender.random.random() < 0.02)

    @activity.defn
    async def find_slots(self, asked: FindSlots) -> SlotsFound:
        starts = tuple(
            asked.earliest + n * (asked.latest - asked.earliest) / 7
            for n in range(1, 4)
        )
        return SlotsFound(revision=asked.revision, session=asked.session, starts=starts)

    @activity.defn
    async def record_refused_messages(self, batch: RefusedBatch) -> None:
        self.kept[batch.workflow_id][_by()] = batch.refused

    async def _live(self, sender: Sender) -> None:
        async with self._at_once:
            handle = await self._start(sender.pair)
            for message in FROM_THE_START:
                sender.has(datetime.now(UTC), message)
            with suppress(Closed):
                while sender.left > 0:
                    await sender.something_to_say()
                    await self._say(handle, sender)

    async def _start(self, pair: PairRef) -> WorkflowHandle[Any, Any]:
        start = PairStart(
            pair=pair,
            clock=self.clock,
            policy=POLICY,
            calendar=WorkCalendar(),
            starts_at=self.clock.programme(datetime.now(UTC)),
            windows_known=True,
        )
        return await self.client.start_workflow(
            "PairWorkflow", start, id=pair.workflow_id, task_queue=QUEUE
        )

    async def _say(self, handle: WorkflowHandle[Any, Any], sender: Sender) -> None:
        """Send a burst, its updates last, and wait for their results before the next one."""
        burst = sender.burst()
        self.sent += len(burst)
        if self.sent > BEFORE_THE_STOP * len(self.senders):
            self.rising.set()
        taken = await asyncio.gather(
            *(
                _signal(handle, message)
                for message in burst
                if message[0] not in UPDATE_NAMES
            )
        )
        sender.accepted += sum(taken)
        if not all(taken):
            raise Closed
        ids = (UUID(int=sender.random.getrandbits(128)) for _ in burst)
        await asyncio.gather(
            *(
                _decide(handle, message, str(next(ids)))
                for message in burst
                if message[0] in UPDATE_NAMES
            )
        )


def _by() -> str:
    info = activity.info()
    return f"{info.workflow_run_id}/{info.activity_id}"


async def _signal(handle: WorkflowHandle[Any, Any], message: Message) -> bool:
    """Send a signal, again while the run continues as new.

    Returns whether Temporal took it; False when the pair has closed.
    """
    while True:
        try:
            await handle.signal(message[0], args=message[1])
        except RPCError as error:
            if error.status in TRY_AGAIN:
                await asyncio.sleep(0.1)
                continue
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True


async def _decide(handle: WorkflowHandle[Any, Any], message: Message, key: str) -> None:
    """Send an update until there is a result.

    A run that continues as new, or a worker that stops, may leave it without one.
    """
    while True:
        try:
            await handle.execute_update(message[0], args=message[1], id=key)
        except WorkflowUpdateFailedError:
            pass  # refused, as the error says
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            task = asyncio.current_task()
            if (
                task and task.cancelling()
            ):  # the SDK raises this for a task that is cancelled, too
                raise
            continue
        except RPCError as error:
            if error.status in TRY_AGAIN:
                await asyncio.sleep(0.1)
                continue
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
        return
