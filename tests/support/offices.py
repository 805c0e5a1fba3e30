"""Fakes at the activity boundary of programmes, cohorts and delivery: everything goes well, unless a story says so."""

import asyncio
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import chain, repeat
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.programme.plan import dated_regions, plan_of
from schemas.cohort import (
    CohortCounts,
    CohortStart,
    Evidence,
    MatchDecision,
    MatchSummary,
)
from schemas.effects import PauseScope, QueueNotices, RefusedBatch
from schemas.guard import GuardResult
from schemas.ids import (
    MATCHING_QUEUE,
    NOTIFICATIONS_QUEUE,
    TASK_QUEUE,
    CohortRef,
    programme_workflow_id,
)
from schemas.matches.matching import MenteesWithoutMentor
from schemas.notices import Template
from schemas.programme import (
    CheckResult,
    CohortPlan,
    Problem,
    ProgrammeDocument,
    ProgrammePlan,
    StartResult,
)
from schemas.records.drift import ReconcileReport
from schemas.records.outbox import DeliveryReport
from schemas.records.retention import RetentionReport
from schemas.rollout import ProgrammeOnRecord, ProgrammeState
from tests.replay.import_offices import ImportOffices
from tests.replay.sandbox import workflow_runner
from tests.support.cohort_course import (
    APPROVED,
    GUARDED,
    HELD,
    PROPOSED,
    READY,
    SESSIONS,
    UNSIGNALLED,
    Course,
)
from workers.build import WORKFLOWS, activity_methods


class Offices(ImportOffices):
    """What PostgreSQL, matching and the mail server would answer, and what ops and the sponsor decide."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        self.environment, self.client = environment, environment.client
        self.training = 3
        """Days that a training takes."""
        self.courses: defaultdict[str, Course] = defaultdict(
            lambda: Course(self.training)
        )
        self.asked: list[tuple[Template, QueueNotices]] = []
        """What waits for ops or the sponsor to decide."""
        self.paused: tuple[str, ...] = ()
        self.record = ProgrammeOnRecord()
        self.holds = 0
        """How often ops were asked about a change of people."""
        self.ending = chain((2,), repeat(0))
        """Pairs that are still there when a cohort has them end."""
        self.failures = iter(
            [ApplicationError("no", type="Stopped", non_retryable=True)]
        )
        super().__init__()
        self.deliveries = chain(repeat(DeliveryReport(sent=1), 21))

    @activity.defn
    async def check_programme(self, raw: dict[str, Any]) -> CheckResult:
        if not raw["regions"]:
            problem = Problem(path="regions", what="too short")
            return CheckResult(programme="replayed", ok=False, problems=(problem,))
        plan = await self.plan(raw)
        people = {
            "comex": {"mentor": 2, "mentee": 2},
            "idf": {"mentor": 2, "mentee": 2},
        }
        return CheckResult(
            programme="replayed",
            ok=True,
            regions=tuple(dated_regions(plan, people)),
            plans=plan.cohorts,
        )

    @activity.defn
    async def claim_programme(self, raw: dict[str, Any]) -> ProgrammePlan:
        return await self.plan(raw)

    @activity.defn
    async def start_result(self, programme: str) -> StartResult:
        return StartResult(
            programme=programme,
            workflow_id=programme_workflow_id(programme),
            link="http://gateway",
        )

    @activity.defn
    async def save_programme(self, state: ProgrammeState) -> None:
        self.record = ProgrammeOnRecord(plan=state.plan, state=state)

    @activity.defn
    async def find_mentees_without_mentor(
        self, plan: CohortPlan
    ) -> MenteesWithoutMentor:
        return MenteesWithoutMentor()

    @activity.defn
    async def open_cohort(self, start: CohortStart) -> int:
        return 2

    @activity.defn
    async def start_pairs(self, start: CohortStart) -> int:
        return 2

    @activity.defn
    async def cohort_counts(self, cohort: CohortRef) -> CohortCounts:
        return (
            self.courses[cohort.workflow_id]
            .look()
            .model_copy(update={"paused": self.paused})
        )

    @activity.defn
    async def match_cohort(self, cohort: CohortRef) -> MatchSummary:
        self.courses[cohort.workflow_id].move(PROPOSED)
        return MatchSummary(run=1, proposed=2, unmatched_mentors=0, unmatched_mentees=0)

    @activity.defn
    async def decide_matches(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> CohortCounts:
        counts = READY if decision.rerun else APPROVED
        self.courses[cohort.workflow_id].move(counts)
        return counts

    @activity.defn
    async def check_and_decide_matches(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> CohortCounts:
        return PROPOSED

    @activity.defn
    async def announce_matches(self, cohort: CohortRef) -> int:
        for failure in self.failures:
            raise failure
        self.courses[cohort.workflow_id].move(SESSIONS)
        return 2

    @activity.defn
    async def check_reporting_lines(self, cohort: CohortRef) -> GuardResult:
        self.holds += 1
        self.courses[cohort.workflow_id].move(HELD)
        return GuardResult(pairs=2, held=2, hold=self.holds)

    @activity.defn
    async def decide_people_change(
        self, cohort: CohortRef, accept: bool, reason: str
    ) -> int:
        self.courses[cohort.workflow_id].move(UNSIGNALLED if accept else GUARDED)
        return 2

    @activity.defn
    async def signal_guard_findings(self, cohort: CohortRef) -> int:
        self.courses[cohort.workflow_id].move(GUARDED)
        return 2

    @activity.defn
    async def close_cohort(self, plan: CohortPlan) -> Evidence:
        return Evidence(
            cohort=plan.cohort, pairs=2, completed=2, on_course=1.0, sessions_held=8, answers=0, aims_met=True
        )  # fmt: skip

    @activity.defn
    async def queue_notices(self, notices: QueueNotices) -> None:
        self.asked += [(notice.template, notices) for notice in notices.notices]

    @activity.defn
    async def record_refused_messages(self, batch: RefusedBatch) -> None: ...

    @activity.defn
    async def set_pause(self, change: PauseScope) -> bool:
        self.paused = (change.scope,) if change.paused else ()
        return True

    @activity.defn
    async def signal_scope(self, scope: str) -> int:
        return 2

    @activity.defn
    async def cancel_pairs(self, cohort: CohortRef) -> int:
        return next(self.ending)

    @activity.defn
    async def load_programme(self, programme: str) -> ProgrammeOnRecord:
        return self.record

    @activity.defn
    async def reconcile(self) -> ReconcileReport:
        return ReconcileReport(examined=2)

    @activity.defn
    async def retain(self) -> RetentionReport:
        return RetentionReport(pairs_archived=2)

    @activity.defn
    async def deliver_notices(self, channel: str) -> DeliveryReport:
        for report in self.deliveries:
            return report
        for failure in self.failures:
            raise failure
        await asyncio.Event().wait()  # until its worker stops
        raise AssertionError

    async def decide(self) -> None:
        """Approve whatever was asked."""
        while self.asked:
            template, about = self.asked.pop()
            if template is Template.MATCHES_TO_REVIEW:
                await self._update(about.scope, "approve_matches", {"all": True})
            if template is Template.EXTENSION_PROPOSED:
                await self._update(
                    about.scope,
                    "tick_need",
                    {"region": about.region, "need": "works_council"},
                )
                await self._update(
                    about.scope,
                    "extend",
                    {"region": about.region, "reason": "evidence_seen"},
                )

    async def _update(
        self, workflow_id: str, name: str, decision: dict[str, Any]
    ) -> None:
        await self.client.get_workflow_handle(workflow_id).execute_update(
            name, decision, id=f"{workflow_id}:{name}"
        )

    async def plan(self, raw: dict[str, Any]) -> ProgrammePlan:
        plan, problems = plan_of(
            ProgrammeDocument.model_validate(raw),
            await self.environment.get_current_time(),
        )
        assert plan is not None, problems
        return plan

    def workers(self) -> list[Worker]:
        """One worker for each of the three queues, over these fakes."""
        queues = (TASK_QUEUE, MATCHING_QUEUE, NOTIFICATIONS_QUEUE)
        return [
            Worker(
                self.client,
                task_queue=queue,
                workflows=WORKFLOWS if queue == TASK_QUEUE else (),
                activities=activity_methods(self),
                workflow_runner=workflow_runner(),
            )
            for queue in queues
        ]


def document(now: datetime, **changes: Any) -> dict[str, Any]:
    """Two regions, the second after the first and with a need; it starts in a week."""
    starts: date = (now + timedelta(weeks=1)).date()
    regions = [
        {"region": "comex"},
        {"region": "idf", "after": "comex", "needs": ["works_council"]},
    ]
    return {
        "programme": "replayed",
        "starts_on": starts.isoformat(),
        "regions": regions,
        **changes,
    }
