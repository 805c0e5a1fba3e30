"""The activities of matching. People stay inside them: only ids, counts and codes go back to a workflow."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.matching.ports import MatchingStore
from activities.matching.possible import without_mentor
from activities.matching.run import match_pool
from schemas.cohort import MatchSummary
from schemas.ids import CohortRef
from schemas.matching import Pool, Unmatched
from schemas.programme import CohortPlan

log = structlog.get_logger()

BEAT = 2.0
"""Seconds between heartbeats while a large pool is computed."""

Answer = TypeVar("Answer")


class MatchingActivities:
    """Matches cohorts over a store; its methods are the activities."""

    def __init__(self, store: MatchingStore) -> None:
        self._store = store

    @activity.defn
    async def match(self, cohort: CohortRef) -> MatchSummary:
        """Match who is free now and keep the result for review. A retry is one more run, which replaces this one.

        Raises:
            ApplicationError: the store is away; a retry begins again.
        """
        try:
            run = await _computed(match_pool, await self._store.pool(cohort))
            return await self._store.save_run(cohort, run.proposals, run.left)
        except Exception as error:
            raise _stopped(error) from None

    @activity.defn
    async def unmatched(self, plan: CohortPlan) -> Unmatched:
        """Who would have no possible mentor if the cohort opened now; nothing is kept.

        Raises:
            ApplicationError: the store is away; a retry begins again.
        """
        try:
            return await _computed(without_mentor, await self._store.planned_pool(plan))
        except Exception as error:
            raise _stopped(error) from None


async def _computed(compute: Callable[[Pool], Answer], pool: Pool) -> Answer:
    """Compute in a thread, with heartbeats; a cancelled activity leaves the thread to end by itself."""
    computing = asyncio.create_task(asyncio.to_thread(compute, pool))
    while not (await asyncio.wait({computing}, timeout=BEAT))[0]:
        activity.heartbeat()
    return computing.result()


def _stopped(error: Exception) -> ApplicationError:
    """Its text may quote values: only its type is told."""
    log.warning("matching stopped", error=type(error).__name__)
    return ApplicationError("matching stopped; it is tried again", type="MatchingStopped")
