"""A whole programme in skipped time: only participants, ops and sponsor are played; the rest is real."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Interceptor, Worker

from activities.executions.activities import ExecutionActivities
from activities.executions.executions import TemporalExecutions
from activities.matching.activities import MatchingActivities
from activities.persistence.activities import PersistenceActivities
from activities.persistence.store import Store
from activities.scheduling.activities import SchedulingActivities
from schemas.effects import Directives, QueueNotices, Record, RecordBatch
from schemas.ids import (
    MATCHING_QUEUE,
    TASK_QUEUE,
    PairRef,
    parse_cohort_id,
    programme_workflow_id,
)
from schemas.notices import Notice, Template
from tests.replay.sandbox import workflow_runner
from tests.support.played import ACCEPTED, AnswerLater, PlayedActivities, willing
from tests.support.world import file, line
from workers.build import WORKFLOWS, activity_methods

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
WEEK = "; ".join(f"{day} 09:00-18:00" for day in ("mon", "tue", "wed", "thu", "fri"))
FREE = {"languages": "fr", "windows": WEEK}


def people(document: dict[str, Any]) -> bytes:
    """Two mentees in each region, and mentors enough in those that lend them."""
    lines = [
        line("COACH", roles="supervisor"),
        line("OPS", roles="ops"),
        line("SPONSOR", roles="sponsor"),
    ]
    for region in document["regions"]:
        name = region["region"]
        lenders = region.get("mentors_from", [name])
        lines += [
            line(f"MENTEE-{name}-{n}", name, roles="mentee", **FREE) for n in (1, 2)
        ]
        for n, lender in enumerate([lenders[0], *lenders]):
            lines.append(
                line(
                    f"MENTOR-{name}-{n}",
                    lender,
                    roles="mentor",
                    supervisor="COACH",
                    **FREE,
                )
            )
    return file(*lines)


class WholeActivities:
    """The real activities, with participants who answer what is recorded for them."""

    def __init__(self, environment: WorkflowEnvironment, store: Store) -> None:
        self.environment, self.client = environment, environment.client
        self.store = store
        self.real = PersistenceActivities(store, EXAMPLES, "http://gateway")
        self.executions = ExecutionActivities(store, TemporalExecutions(self.client))
        self.played = PlayedActivities(environment, willing)
        self.matching, self.scheduling = (
            MatchingActivities(store),
            SchedulingActivities(store.agendas),
        )

    @activity.defn
    async def record(self, batch: RecordBatch) -> Directives:
        directives = await self.real.record(batch)
        for record in batch.records:
            await self._play(batch.pair, record)
        return directives

    @activity.defn
    async def queue_notices(self, notices: QueueNotices) -> None:
        await self.real.queue_notices(notices)
        for notice in notices.notices:
            await self._decide(notices, notice)

    async def _play(self, pair: PairRef, record: Record) -> None:
        mentee = record.row.mentee
        others = [
            n
            for n in record.notices
            if n.template not in (Template.READY, Template.MATCH_ANNOUNCED)
        ]
        await self.played._answer(
            pair, record.model_copy(update={"notices": tuple(others)})
        )
        handle = self.client.get_workflow_handle(pair.workflow_id)
        for notice in record.notices:
            if notice.template is Template.MENTOR_INVITATION:
                detail = await self.store.pairs.find(pair.workflow_id)
                assert detail is not None and detail.state is not None
                for module in detail.state.policy.training.modules:
                    await handle.signal("module_completed", {"module": module})
            if notice.template is Template.MATCH_ANNOUNCED:
                await handle.signal(
                    "agreed",
                    {"side": notice.to.value, "mentee": mentee, "charter": True},
                )

    async def _decide(self, about: QueueNotices, notice: Notice) -> None:
        if notice.template is Template.MATCHES_TO_REVIEW:
            cohort = self.client.get_workflow_handle(
                parse_cohort_id(about.scope).workflow_id
            )
            await cohort.start_update(
                "approve_matches", {"all": True}, wait_for_stage=ACCEPTED
            )
        if notice.template is Template.EXTENSION_PROPOSED:
            programme = self.client.get_workflow_handle(
                programme_workflow_id(about.programme)
            )
            decision = {"region": about.region, "reason": "evidence_seen"}
            await programme.start_update("extend", decision, wait_for_stage=ACCEPTED)

    def workers(
        self,
        workflows: Sequence[type] = (),
        activities: Sequence[Any] = (),
        interceptors: Sequence[Interceptor] = (),
    ) -> tuple[Worker, Worker]:
        """One for pairs, one for matching; with workflows, activities and interceptors of a test's own."""
        mine: list[Callable[..., Any]] = [self.record, self.queue_notices]
        real = [
            m
            for m in activity_methods(self.real)
            if m.__name__ not in ("record", "queue_notices")
        ]
        return (
            Worker(
                self.client,
                task_queue=TASK_QUEUE,
                workflows=[*WORKFLOWS, AnswerLater, *workflows],
                activities=[
                    *mine,
                    *real,
                    *activity_methods(self.executions),
                    *activity_methods(self.scheduling),
                    *activities,
                ],
                workflow_runner=workflow_runner(),
                interceptors=interceptors,
            ),
            Worker(
                self.client,
                task_queue=MATCHING_QUEUE,
                activities=activity_methods(self.matching),
                interceptors=interceptors,
            ),
        )
