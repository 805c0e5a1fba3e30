"""A programme stands still for two months and goes on: nothing is sent meanwhile, nothing is lost by it."""

import asyncio
from datetime import datetime, timedelta

import pytest
from temporalio import activity, workflow
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from schemas.effects import Directives, Record, RecordBatch
from schemas.ids import TASK_QUEUE, PairRef
from schemas.notices import Template
from schemas.rollout import ProgrammeState
from tests.support.played import ACCEPTED, PlayedActivities
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.support.whole import WholeActivities
from tests.workflows.conftest import PairWorkers
from tests.workflows.test_pair import PAIR, start
from tests.workflows.test_waves import DOCUMENT, PEOPLE
from workflows import options

LONG_PAUSE = timedelta(days=60)


@workflow.defn
class ResumeLater:
    """Ops, who come back after two months."""

    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(LONG_PAUSE)
        await workflow.execute_activity(
            "resume_all", start_to_close_timeout=timedelta(seconds=10)
        )


class StandingStill(WholeActivities):
    """Ops pause everything at the first proposal of a second session."""

    def __init__(self, environment: WorkflowEnvironment, store: Store) -> None:
        super().__init__(environment, store)
        self.paused_at: datetime | None = None
        self.sent_notices: list[tuple[datetime, str]] = []

    async def _play(self, pair: PairRef, record: Record) -> None:
        await super()._play(pair, record)
        self.sent_notices += [(record.at, notice.template) for notice in record.notices]
        asked = {(n.template, n.session) for n in record.notices}
        if self.paused_at is None and (Template.SESSION_PROPOSED, 2) in asked:
            self.paused_at = record.at
            programme = self.client.get_workflow_handle("programme:ours")
            await programme.start_update(
                "pause", {"reason": "reorganised"}, wait_for_stage=ACCEPTED
            )
            await self.client.start_workflow(
                ResumeLater.run, id="ops", task_queue=TASK_QUEUE
            )

    @activity.defn
    async def resume_all(self) -> None:
        programme = self.client.get_workflow_handle("programme:ours")
        await programme.start_update("resume", {}, wait_for_stage=ACCEPTED)


async def test_a_programme_that_stood_still_ends_as_planned_and_later(
    skipping: WorkflowEnvironment, database_url: str
) -> None:
    store = await Store.open(database_url)
    await store.imports.apply(PEOPLE)
    whole = StandingStill(skipping, store)
    document = {
        **DOCUMENT,
        "sessions": {"count": 3},
        "extension": {},
        "regions": [{"region": "comex"}],
    }
    first, second = whole.workers(
        workflows=[ResumeLater], activities=[whole.resume_all]
    )
    async with first, second:
        programme = await skipping.client.start_workflow(
            "ProgrammeWorkflow", document, id="programme:ours", task_queue=TASK_QUEUE
        )
        await programme.result()
        state: ProgrammeState = await programme.query(
            "state", result_type=ProgrammeState
        )
    status = await store.status.find("ours")
    await store.close()
    assert status is not None and status.regions[0].sessions_held == 6
    assert (state.paused, state.scopes_to_notify) == ((), ())
    stopped = [at for at, template in whole.sent_notices if template == "pair_paused"]
    went_on = [at for at, template in whole.sent_notices if template == "pair_resumed"]
    assert min(went_on) - max(stopped) > LONG_PAUSE - timedelta(days=2)
    assert [
        template
        for at, template in whole.sent_notices
        if max(stopped) < at < min(went_on)
    ] == []


class Obeying(PlayedActivities):
    """Records are answered with what is in force."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        super().__init__(environment, lambda notice: None)
        self.paused = False
        self.recorded = {
            event: asyncio.Event() for event in ("started", "pause", "resume")
        }

    @activity.defn
    async def record(self, batch: RecordBatch) -> Directives:
        await super().record(batch)
        for event in self.recorded.keys() & {record.event for record in batch.records}:
            self.recorded[event].set()
        return Directives(paused=self.paused)


async def test_a_pair_that_is_signalled_applies_what_is_in_force(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    played = Obeying(skipping)
    with skipping.auto_time_skipping_disabled():
        async with pair_worker(skipping.client, played):
            handle = await skipping.client.start_workflow(
                "PairWorkflow",
                await start(skipping),
                id=PAIR.workflow_id,
                task_queue=TASK_QUEUE,
            )
            for event, played.paused in (("pause", True), ("resume", False)):
                await handle.signal("directives_changed")
                await asyncio.wait_for(
                    played.recorded[event].wait(), LONGEST_WAIT_SECONDS
                )
            await handle.execute_update("end", {"reason": "asked"})
            await handle.result()
    sent_notices = [
        line.what
        for _, record in sorted(played.records.items())
        for line in record.lines
    ]
    assert sent_notices == ["started", "paused", "resumed", "ended", "closed"]


async def test_a_pair_signalled_while_it_continues_as_new_reads_what_is_in_force(
    skipping: WorkflowEnvironment,
    pair_worker: PairWorkers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        options, "EVENTS_PER_RUN", 6
    )  # a quiet run has five, and one that is told anything eight
    played = Obeying(skipping)
    with skipping.auto_time_skipping_disabled():
        async with pair_worker(skipping.client, played):
            handle = await skipping.client.start_workflow(
                "PairWorkflow",
                await start(skipping),
                id=PAIR.workflow_id,
                task_queue=TASK_QUEUE,
            )
            await asyncio.wait_for(
                played.recorded["started"].wait(), LONGEST_WAIT_SECONDS
            )
            for event, played.paused in (("pause", True), ("resume", False)):
                await handle.signal("directives_changed")
                await asyncio.wait_for(
                    played.recorded[event].wait(), LONGEST_WAIT_SECONDS
                )
            await handle.terminate()
