"""What workflows ask of PostgreSQL, and the starting and telling of pairs that goes with it.

Which failures are retried, and for how long, is in `workflows/options.py`. An ApplicationError of type InvalidInput,
DecisionRefused or DigestMismatch is final.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.executions.starting import (
    cancel_page,
    signal_claims,
    signal_findings,
    signal_page,
    start_page,
)
from activities.persistence.checking import Checking
from activities.persistence.failures import said_shortly
from activities.persistence.store import Store
from activities.persistence.templates import TemplateFolder
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

PAGE = 100
"""Pairs started, or told of their match, between two heartbeats."""
PATIENCE = 60
"""Seconds in which pairs write down a pause, or its end; one that was lost never does."""


class PersistenceActivities:
    """One instance a worker; it holds what activities need and keeps nothing."""

    def __init__(
        self, store: Store, client: Client, templates_dir: Path, public_url: str
    ) -> None:
        self._store = store
        self._client = client
        self._public_url = public_url
        self._checking = Checking(store, TemplateFolder(templates_dir), public_url)

    @activity.defn
    @said_shortly
    async def record(self, batch: RecordBatch) -> Directives:
        return await self._store.record(batch)

    @activity.defn
    @said_shortly
    async def keep_refused(self, batch: RefusedBatch) -> None:
        for message in batch.refused:
            await self._store.keep_refused(
                batch.workflow_id, message.name, message.reason, message.at
            )

    @activity.defn
    @said_shortly
    async def direct(self, change: PauseScope) -> bool:
        """Put a pause of a scope into force, or out of it; pairs that record from now on obey. False: it was so."""
        return await self._store.set_directive(
            change.scope, paused=change.paused, reason=change.reason
        )

    @activity.defn
    @said_shortly
    async def broadcast(self, scope: str) -> int:
        """Have every live pair of a scope look what is in force, a page a second; a retry goes on where it was.

        Its cohorts look as well, or the first match after a pause would wait for their next look; but only when pairs
        have written down what they heard, or those would be matched alone that were quickest.
        """
        after, told = activity.info().heartbeat_details or ("", 0)
        while page := await self._store.pairs_in_scope(scope, after, PAGE):
            await signal_page(self._client, page, "directives_changed", {})
            after, told = page[-1], told + len(page)
            activity.heartbeat(after, told)
            await asyncio.sleep(1 if len(page) == PAGE else 0)
        cohorts = await self._store.cohorts_in_scope(scope)
        over = monotonic() + PATIENCE
        while (
            cohorts
            and monotonic() < over
            and await self._store.unheeding_in_scope(scope)
        ):
            activity.heartbeat(after, told)
            await asyncio.sleep(1)
        await signal_page(self._client, cohorts, "people_changed", {})
        return int(told)

    @activity.defn
    @said_shortly
    async def queue_notices(self, notices: QueueNotices) -> None:
        await self._store.queue(notices)

    @activity.defn
    @said_shortly
    async def check_programme(self, raw: dict[str, Any]) -> CheckResult:
        """Everything that can be said before a start; `without_mentor` and session lengths are matching's to add."""
        return await self._checking.check(
            raw, datetime.now(UTC), activity.info().workflow_id
        )

    @activity.defn
    @said_shortly
    async def claim_programme(self, raw: dict[str, Any]) -> ProgrammePlan:
        """Check a document once more and take the programme's code. A retry gets the plan of the first claim."""
        document, plan, problems, _ = await self._checking.resolve(
            raw, datetime.now(UTC)
        )
        if document is None or plan is None:
            raise ApplicationError(
                refusal(problems), type="InvalidInput", non_retryable=True
            ) from None
        claimed = await self._store.claim_programme(
            document, plan, str(activity.info().workflow_id)
        )
        if claimed is None:
            taken = [await self._checking.taken(document.programme)]
            raise ApplicationError(
                refusal(taken), type="InvalidInput", non_retryable=True
            ) from None
        return claimed

    @activity.defn
    @said_shortly
    async def start_answer(self, programme: str) -> StartResult:
        """Where to look. The programme may be about to start: then its regions are not known yet."""
        plan = await self._store.programme_plan(programme)
        return StartResult(
            programme=programme,
            workflow_id=programme_workflow_id(programme),
            link=self._checking.programme_link(programme),
            regions=tuple(cohort.cohort.region for cohort in plan.cohorts)
            if plan
            else (),
        )

    @activity.defn
    @said_shortly
    async def save_programme(self, state: ProgrammeState) -> None:
        await self._store.save_programme_state(state)

    @activity.defn
    @said_shortly
    async def open_cohort(self, start: CohortStart) -> int:
        """Enrol mentors and mentees; answers how many pairs there are."""
        return await self._store.enrol(start)

    @activity.defn
    @said_shortly
    async def start_pairs(self, start: CohortStart) -> int:
        """Start a workflow for every pair, page by page; answers how many this attempt started."""
        cohort, started, after = start.plan.cohort, 0, ""
        while page := await self._store.pairs_to_start(cohort, after, PAGE):
            ids = await start_page(self._client, start, page)
            await self._store.mark_started(ids)
            after, started = max(ids), started + len(ids)
            activity.heartbeat(started)
        return started

    @activity.defn
    @said_shortly
    async def counts(self, cohort: CohortRef) -> CohortCounts:
        return await self._store.counts(cohort)

    @activity.defn
    @said_shortly
    async def decide_matches(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> CohortCounts:
        await self._store.decide(cohort, decision)
        return await self._store.counts(cohort)

    @activity.defn
    @said_shortly
    async def announce_matches(self, cohort: CohortRef) -> int:
        """Claim the seats of approved matches and tell their pairs; what a crash left untold is told by the retry."""
        claims = await self._store.approved(cohort)
        for first in range(0, len(claims), PAGE):
            page = claims[first : first + PAGE]
            await signal_claims(self._client, page)
            await self._store.announced(cohort, [claim.match for claim in page])
            activity.heartbeat(first + len(page))
        return len(claims)

    @activity.defn
    @said_shortly
    async def tell_of_lines(self, cohort: CohortRef) -> int:
        """Tell pairs that their reporting lines are too close, or no longer; answers how many were told."""
        told = 0
        while page := await self._store.guard_to_tell(cohort, PAGE):
            await signal_findings(self._client, page)
            await self._store.guard_told(page)
            told += len(page)
            activity.heartbeat(told)
        return told

    @activity.defn
    @said_shortly
    async def settle_guard(self, cohort: CohortRef, release: bool, reason: str) -> int:
        """What ops decided about pairs that are held; answers how many. The same decision again finds none."""
        return await self._store.settle_guard(cohort, release=release, reason=reason)

    @activity.defn
    @said_shortly
    async def restore_programme(self, programme: str) -> ProgrammeOnRecord:
        """What a programme whose run was lost goes on from."""
        return await self._store.restored_programme(programme)

    @activity.defn
    @said_shortly
    async def end_pairs(self, cohort: CohortRef) -> int:
        """Ask every pair of a cohort to end, page by page; answers how many had not closed when they were asked."""
        clock = await self._store.programme_clock(cohort.programme)
        wall = datetime.now(UTC)
        await self._store.close_unstarted(
            cohort, clock.programme(wall) if clock else wall
        )
        after, left = "", 0
        while page := await self._store.pairs_to_end(cohort, after, PAGE):
            await cancel_page(self._client, page)
            after, left = page[-1], left + len(page)
            activity.heartbeat(left)
            await asyncio.sleep(
                1 if len(page) == PAGE else 0
            )  # their ends want to be recorded meanwhile
        return left

    @activity.defn
    @said_shortly
    async def close_cohort(self, plan: CohortPlan) -> Evidence:
        """Weigh the evidence and close; a retry answers what was weighed first."""
        evidence = await self._store.evidence(plan)
        clock = await self._store.programme_clock(plan.cohort.programme)
        wall = datetime.now(UTC)
        return await self._store.close_cohort(
            plan.cohort, evidence, clock.programme(wall) if clock else wall
        )
