"""Activities that start, signal and end executions, page by page.

Pairs are top-level executions, so that a cohort never has 100,000 children.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from temporalio import activity

from activities.executions.executions import TemporalExecutions
from activities.executions.ports import ExecutionStore
from activities.redaction import redacted_failures
from domain.runs.execution import pair_execution
from schemas.cohort import CohortStart
from schemas.ids import CohortRef

PAGE = 100
"""Pairs started or signalled between two heartbeats."""
SIGNAL_PAGE = 500
"""Pairs of a pause between two heartbeats: each page waits for its slowest signal."""
SIGNALS_A_SECOND = 600
"""Most pairs signalled a second of those that are to do something about it at once: a
pause of 100,000 reaches the last in three minutes. A frontend of Temporal takes 2,400
requests a second; Temporal Cloud slows down whoever sends more than was agreed."""
OBEYED_WITHIN_SECONDS = 60
"""Seconds within which pairs record a pause or its end; a pair without a run never
does."""


class ExecutionActivities:
    """Activities that start, signal and end executions; each worker has one instance."""

    def __init__(self, store: ExecutionStore, executions: TemporalExecutions) -> None:
        self._store = store
        self._executions = executions

    @activity.defn
    @redacted_failures
    async def start_pairs(self, start: CohortStart) -> int:
        """Start a workflow for every pair of a cohort. Returns how many this attempt started."""
        cohort, started, after = start.plan.cohort, 0, ""
        while page := await self._store.pairs.to_start(cohort, after, PAGE):
            executions = [pair_execution(start, row) for row in page]
            await self._executions.start_page(executions)
            ids = [execution.workflow_id for execution in executions]
            await self._store.pairs.mark_started(ids)
            after, started = max(ids), started + len(ids)
            activity.heartbeat(started)
        return started

    @activity.defn
    @redacted_failures
    async def cancel_pairs(self, cohort: CohortRef) -> int:
        """Ask every pair of a cohort to end. Returns how many had not closed when they were asked."""
        clock = await self._store.programmes.clock(cohort.programme)
        wall = datetime.now(UTC)
        await self._store.pairs.close_unstarted(
            cohort, clock.programme(wall) if clock else wall
        )
        after, left = "", 0
        while page := await self._store.pairs.to_end(cohort, after, PAGE):
            async with paced(len(page)):  # their ends are recorded meanwhile
                await self._executions.cancel_page(page)
            after, left = page[-1], left + len(page)
            activity.heartbeat(left)
        return left

    @activity.defn
    @redacted_failures
    async def signal_scope(self, scope: str) -> int:
        """Have every live pair of a scope look which pauses are in force. Returns how many.

        A retry goes on where the attempt before was. The cohorts of the scope look as well, or the first match after
        a pause would wait for their next look; but only when pairs have recorded what is in force, or those would be
        matched alone that were quickest.
        """
        after, signalled = activity.info().heartbeat_details or ("", 0)
        while page := await self._store.pauses.pairs(scope, after, SIGNAL_PAGE):
            async with paced(len(page)):
                await self._signal(page, "directives_changed")
            after, signalled = page[-1], signalled + len(page)
            activity.heartbeat(after, signalled)
        cohorts = await self._store.pauses.cohorts(scope)
        over = monotonic() + OBEYED_WITHIN_SECONDS
        while (
            cohorts
            and monotonic() < over
            and await self._store.pauses.count_not_obeying(scope)
        ):
            activity.heartbeat(after, signalled)
            await asyncio.sleep(1)
        await self._signal(cohorts, "people_changed")
        return int(signalled)

    @activity.defn
    @redacted_failures
    async def announce_matches(self, cohort: CohortRef) -> int:
        """Claim the seats of approved matches and signal their pairs; a retry signals those that a crash left out."""
        claims = await self._store.matches.claim_approved(cohort)
        for first in range(0, len(claims), PAGE):
            page = claims[first : first + PAGE]
            await self._executions.signal_page(
                [
                    (claim.pair.workflow_id, "matched", {"mentee": claim.mentee})
                    for claim in page
                ]
            )
            await self._store.matches.mark_announced(
                cohort, [claim.match for claim in page]
            )
            activity.heartbeat(first + len(page))
        return len(claims)

    @activity.defn
    @redacted_failures
    async def signal_guard_findings(self, cohort: CohortRef) -> int:
        """Signal pairs whose reporting lines are too close, or no longer. Returns how many."""
        signalled = 0
        while page := await self._store.guard.unsignalled(cohort, PAGE):
            await self._executions.signal_page(
                [
                    (one.pair, one.status, {"mentee": one.mentee, "check": one.check})
                    for one in page
                ]
            )
            await self._store.guard.mark_signalled(page)
            signalled += len(page)
            activity.heartbeat(signalled)
        return signalled

    async def _signal(self, workflow_ids: list[str], name: str) -> None:
        nothing: dict[str, Any] = {}
        await self._executions.signal_page(
            [(workflow_id, name, nothing) for workflow_id in workflow_ids]
        )


@asynccontextmanager
async def paced(signals: int) -> AsyncIterator[None]:
    """Take at least as long for the block as its signals may take."""
    begun = monotonic()
    yield
    await asyncio.sleep(begun + signals / SIGNALS_A_SECOND - monotonic())
