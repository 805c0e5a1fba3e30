"""Activities that read and write PostgreSQL.

Which failures are retried, and for how long, is in `workflows/options.py`. An ApplicationError of type InvalidInput,
DecisionRefused or DigestMismatch is final.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.metrics import SESSIONS, count
from activities.persistence.checking import ProgrammeChecker
from activities.persistence.lost_records import LostRecords
from activities.persistence.records import RevisionGap
from activities.persistence.store import Store
from activities.persistence.templates import TemplateFolder
from activities.redaction import redacted_failures
from domain.programme.document import refusal
from schemas.cohort import CohortCounts, CohortStart, Evidence, MatchDecision
from schemas.effects import (
    Directives,
    PauseScope,
    QueueNotices,
    RecordBatch,
    RefusedBatch,
)
from schemas.ids import CohortRef, programme_workflow_id
from schemas.programme import CheckResult, CohortPlan, ProgrammePlan, StartResult
from schemas.rollout import ProgrammeOnRecord, ProgrammeState


class PersistenceActivities:
    """Activities that read and write PostgreSQL; each worker has one instance."""

    def __init__(
        self,
        store: Store,
        templates_dir: Path,
        console_url: str,
        lost_records: LostRecords | None = None,
    ) -> None:
        self._store = store
        self._lost_records = lost_records
        self._checking = ProgrammeChecker(
            store, TemplateFolder(templates_dir), console_url
        )

    @activity.defn
    @redacted_failures
    async def record(self, batch: RecordBatch) -> Directives:
        """Record transitions; first those before them that PostgreSQL has lost, as by the restoring of a backup."""
        try:
            directives = await self._store.records.record(batch)
        except RevisionGap as gap:
            if self._lost_records is None:
                raise
            run_id = str(activity.info().workflow_run_id)
            return await self._lost_records.record_after_gap(batch, run_id, gap.stored)
        _count_sessions(batch)
        return directives

    @activity.defn
    @redacted_failures
    async def record_refused_messages(self, batch: RefusedBatch) -> None:
        for message in batch.refused:
            await self._store.refused_messages.add(
                batch.workflow_id, message.name, message.reason, message.at
            )

    @activity.defn
    @redacted_failures
    async def set_pause(self, change: PauseScope) -> bool:
        """Put a pause of a scope into force, or out of it; pairs that record from now on obey. False: it was so."""
        return await self._store.pauses.set(
            change.scope, paused=change.paused, reason=change.reason
        )

    @activity.defn
    @redacted_failures
    async def queue_notices(self, notices: QueueNotices) -> None:
        await self._store.records.queue(notices)

    @activity.defn
    @redacted_failures
    async def check_programme(self, raw: dict[str, Any]) -> CheckResult:
        """Check a document before a start; matching adds mentees without a mentor, and session lengths."""
        return await self._checking.check(
            raw, datetime.now(UTC), activity.info().workflow_id
        )

    @activity.defn
    @redacted_failures
    async def claim_programme(self, raw: dict[str, Any]) -> ProgrammePlan:
        """Check a document once more and take the programme's code. A retry gets the plan of the first claim."""
        document, plan, problems, _ = await self._checking.resolve(
            raw, datetime.now(UTC)
        )
        if document is None or plan is None:
            raise ApplicationError(
                refusal(problems), type="InvalidInput", non_retryable=True
            ) from None
        claimed = await self._store.programmes.claim(
            document, plan, str(activity.info().workflow_id)
        )
        if claimed is None:
            taken = [await self._checking.taken(document.programme)]
            raise ApplicationError(
                refusal(taken), type="InvalidInput", non_retryable=True
            ) from None
        return claimed

    @activity.defn
    @redacted_failures
    async def start_result(self, programme: str) -> StartResult:
        """Return where a programme runs; no regions while it is about to start."""
        plan = await self._store.programmes.plan(programme)
        return StartResult(
            programme=programme,
            workflow_id=programme_workflow_id(programme),
            link=self._checking.programme_link(programme),
            regions=tuple(cohort.cohort.region for cohort in plan.cohorts)
            if plan
            else (),
        )

    @activity.defn
    @redacted_failures
    async def save_programme(self, state: ProgrammeState) -> None:
        await self._store.programmes.save_state(state)

    @activity.defn
    @redacted_failures
    async def open_cohort(self, start: CohortStart) -> int:
        """Enrol mentors and mentees. Returns how many pairs there are."""
        return await self._store.cohorts.open(start)

    @activity.defn
    @redacted_failures
    async def cohort_counts(self, cohort: CohortRef) -> CohortCounts:
        """Count pairs and what waits; figures that may be published now are published."""
        await self._store.releases.publish_due(cohort, await self._now(cohort))
        return await self._store.cohorts.counts(cohort)

    @activity.defn
    @redacted_failures
    async def decide_matches(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> CohortCounts:
        await self._store.reviews.decide(cohort, decision)
        return await self._store.cohorts.counts(cohort)

    @activity.defn
    @redacted_failures
    async def decide_people_change(
        self, cohort: CohortRef, accept: bool, reason: str
    ) -> int:
        """Write down what ops decided about held pairs. Returns how many; the same decision again finds none."""
        return await self._store.guard.decide(cohort, accept=accept, reason=reason)

    @activity.defn
    @redacted_failures
    async def load_programme(self, programme: str) -> ProgrammeOnRecord:
        """Load what a programme whose run was lost goes on from."""
        return await self._store.programmes.on_record(programme)

    @activity.defn
    @redacted_failures
    async def close_cohort(self, plan: CohortPlan) -> Evidence:
        """Weigh the evidence and close. A retry returns what was weighed first."""
        cohort = plan.cohort
        now = await self._now(cohort)
        await self._store.releases.publish_due(cohort, now)
        weighed = await self._store.cohorts.evidence(plan)
        return await self._store.cohorts.close(cohort, weighed, now)

    async def _now(self, cohort: CohortRef) -> datetime:
        """Now, as the programme's time; wall time for an unknown programme."""
        clock = await self._store.programmes.clock(cohort.programme)
        wall = datetime.now(UTC)
        return clock.programme(wall) if clock else wall


def _count_sessions(batch: RecordBatch) -> None:
    """Count sessions that came to an end.

    One whose answer got lost counts twice, and so does one that is said to be held after
    it was given up.
    """
    ended = (
        session.status
        for record in batch.records
        for session in record.sessions
        if not session.status.live
    )
    for status in ended:
        count(activity.metric_meter(), SESSIONS, 1, status.value)
