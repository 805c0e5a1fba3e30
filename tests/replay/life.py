"""One pair in skipped time, played step by step: every message comes when it is at rest, as in real life."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from benchmarks.cost import PAIR, Collected, at_rest, with_slots
from schemas.effects import Directives, FindSlots, RecordBatch
from schemas.events import SIGNAL_MODELS, SlotsFound
from schemas.ids import TASK_QUEUE
from schemas.notices import Template
from schemas.pair import PairStart, PairState
from schemas.policy import Policy
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock
from tests.replay.sandbox import workflow_runner
from tests.support.played import Play, willing
from workers.build import WORKFLOWS

POLICY = Policy.model_validate(
    {"training": {"modules": ["listening"]}, "sessions": {"count": 6}}
)


class Troubled(Collected):
    """Activities that a story can put into trouble."""

    free = True
    """Whether both agendas have a time in common."""
    broken = False
    """Whether PostgreSQL holds something else than what is to be recorded."""
    paused = False
    """Whether a pause of the pair's region is in force."""

    @activity.defn
    async def record(self, batch: RecordBatch) -> Directives:
        if self.broken:
            raise ApplicationError(
                "another digest", type="DigestMismatch", non_retryable=True
            )
        await super().record(batch)
        return Directives(paused=self.paused)

    @activity.defn
    async def find_slots(self, asked: FindSlots) -> SlotsFound:
        found = await super().find_slots(asked)
        return found if self.free else found.model_copy(update={"starts": ()})


class Life:
    """A pair under way, and those around it."""

    def __init__(
        self,
        environment: WorkflowEnvironment,
        played: Troubled,
        handle: WorkflowHandle[Any, str],
    ) -> None:
        self.environment, self.played, self.handle = environment, played, handle

    async def until(
        self,
        there: Callable[[PairState], bool],
        play: Play = willing,
        *,
        early_search: bool = False,
    ) -> None:
        """People answer, and time goes by, until it is so; or the pair has closed.

        With `early_search` times come with the signals that make the pair look for them.
        """
        while not there(state := await self.rest()) and not state.outcome:
            now = await self.environment.get_current_time()
            notice = self.played.next_due(now)
            if notice is None:
                await self.environment.sleep(self.played.next_time(state) - now)
            elif notice.template is Template.SIGN_OFF_REQUEST:
                await self.decide("sign_off", rehearsed=True)
            elif (answer := play(notice)) and early_search:
                signal = SIGNAL_MODELS[answer[0]].model_validate(answer[1])
                await self.handle.signal(answer[0], with_slots(signal, state, now))
            elif answer:
                await self.handle.signal(*answer)

    async def rest(self) -> PairState:
        return await at_rest(self.environment, self.handle)

    async def say(self, fact: str, **payload: object) -> None:
        await self.handle.signal(fact, payload)
        await self.rest()

    async def decide(self, decision: str, **payload: object) -> None:
        await self.handle.execute_update(decision, payload, id=decision)

    async def lose_the_run(self) -> None:
        """Somebody terminates it, and another one starts from what PostgreSQL holds."""
        await self.rest()
        await self.handle.terminate()
        self.handle = await _started(
            self.environment, restored=self.played.batches[-1].state
        )

    async def go_by(self, span: timedelta) -> None:
        await self.rest()
        await self.environment.sleep(span)

    async def until_shown(self, words: str) -> None:
        """Wait until the Web UI says so; for a pair that does not come to rest."""
        while (
            words
            not in (
                await self.handle.query("__temporal_workflow_metadata")
            ).current_details
        ):
            await asyncio.sleep(0.01)


@asynccontextmanager
async def a_life(environment: WorkflowEnvironment) -> AsyncIterator[Life]:
    """A pair that begins on a Monday morning, since weekends and working hours count."""
    played = Troubled(environment)
    worker = Worker(
        environment.client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=[played.record, played.find_slots],
        workflow_runner=workflow_runner(),
    )
    await to_monday(environment)
    with environment.auto_time_skipping_disabled():
        async with worker:
            yield Life(environment, played, await _started(environment))


async def to_monday(environment: WorkflowEnvironment) -> None:
    now = await environment.get_current_time()
    monday = (now + timedelta(days=7 - now.weekday())).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    await environment.sleep(monday - now)


async def _started(
    environment: WorkflowEnvironment, restored: dict[str, Any] | None = None
) -> WorkflowHandle[Any, str]:
    now = await environment.get_current_time()
    start = PairStart(
        pair=PAIR,
        clock=Clock(programme_epoch=now, wall_epoch=now),
        policy=POLICY,
        calendar=WorkCalendar(zone="UTC"),
        starts_at=now,
        windows_known=True,
        restored=restored,
    )
    return await environment.client.start_workflow(
        "PairWorkflow",
        start,
        id=PAIR.workflow_id,
        task_queue=TASK_QUEUE,
        result_type=str,
    )
