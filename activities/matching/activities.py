"""The activities of matching. People stay inside them: only ids, counts and codes go back to a workflow."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.matching.gc_paused import gc_paused
from activities.matching.ports import MatchingStore
from domain.matching.match_checks import check_matches
from domain.matching.matching_run import match_pool
from domain.matching.pins import PinsContradict
from domain.matching.reporting_line_guard import too_close
from domain.matching.rule_gains import CountingTimeUp
from domain.matching.scoring import Checkpoint
from domain.matching.without_mentor import mentees_without_mentor
from schemas.cohort import CohortCounts, MatchDecision, MatchSummary
from schemas.guard import GuardResult
from schemas.ids import CohortRef
from schemas.matching import MatchingPool, MatchRun, MenteesWithoutMentor
from schemas.programme import CohortPlan
from schemas.review import DecisionRefused

log = structlog.get_logger()

BEAT = 2.0
"""Seconds between heartbeats while a large pool is computed."""
COUNTING = 10.0
"""Seconds in which gains are counted; those of the rules that come after are said to be not counted."""

Given = TypeVar("Given")
Answer = TypeVar("Answer")


class MatchingActivities:
    """Matches cohorts over a store; its methods are the activities."""

    def __init__(self, store: MatchingStore) -> None:
        self._store = store

    @activity.defn
    async def match_cohort(self, cohort: CohortRef) -> MatchSummary:
        """Match who is free now and keep the result for review. A retry is one more run, which replaces this one.

        Raises:
            ApplicationError: the store is away, or pins contradict each other; a retry begins again, and is of use
                once the store is back or a pin was taken back. Nothing is kept.
        """
        try:
            with gc_paused():
                run = await _computed(_matched, await self._store.pools.current(cohort))
                return await self._store.matches.save_run(
                    cohort, run.proposals, run.unmatched, run.gains
                )
        except Exception as error:
            raise _stopped(error) from None

    @activity.defn
    async def find_mentees_without_mentor(
        self, plan: CohortPlan
    ) -> MenteesWithoutMentor:
        """Who would have no possible mentor if the cohort opened now; nothing is kept.

        Raises:
            ApplicationError: the store is away; a retry begins again.
        """
        try:
            with gc_paused():
                return await _computed(
                    _in_steps(mentees_without_mentor),
                    await self._store.pools.planned(plan),
                )
        except Exception as error:
            raise _stopped(error) from None

    @activity.defn
    async def check_reporting_lines(self, cohort: CohortRef) -> GuardResult:
        """Look whether live pairs and proposals are too close by today's reporting lines, and keep what was found.

        Raises:
            ApplicationError: the store is away; a retry begins again.
        """
        try:
            seen = await self._store.guard.snapshot(cohort)
            return await self._store.guard.save(
                cohort, seen, await _computed(_in_steps(too_close), seen)
            )
        except Exception as error:
            raise _stopped(error) from None

    @activity.defn
    async def check_and_decide_matches(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> CohortCounts:
        """Carry out a decision of ops that pins or swaps people, as far as the rules let them.

        Raises:
            ApplicationError: of type DecisionRefused, which is final; or the store is away, and a retry begins again.
        """
        try:
            checked_matches = await _computed(
                _in_steps(check_matches),
                await self._store.reviews.matches_to_check(cohort, decision),
            )
            await self._store.reviews.decide(cohort, decision, checked_matches)
            return await self._store.cohorts.counts(cohort)
        except DecisionRefused as error:
            raise ApplicationError(
                str(error), type="DecisionRefused", non_retryable=True
            ) from None
        except Exception as error:
            raise _stopped(error) from None


class _Cancelled(Exception):
    """The activity was: nobody waits for the result."""


class _Work:
    """A computation in a thread that can be told to stop, and says how far it is."""

    def __init__(self) -> None:
        self.cancelled = False
        self.phase, self.parts = "", 0
        """What it is at, as a code, and how many parts of that it has begun."""

    def begin(self, phase: str) -> None:
        self.phase, self.parts = phase, 0

    def step(self) -> None:
        if self.cancelled:
            raise _Cancelled
        self.parts += 1


def _matched(pool: MatchingPool, work: _Work) -> MatchRun:
    return match_pool(pool, work.step, _limited(work.step), work.begin)


def _in_steps(
    compute: Callable[[Given, Checkpoint], Answer],
) -> Callable[[Given, _Work], Answer]:
    """What is short enough to have no phases."""
    return lambda given, work: compute(given, work.step)


def _limited(step: Checkpoint) -> Checkpoint:
    """Once it was called for the first time, for some seconds."""
    until: list[float] = []

    def limited() -> None:
        step()
        if not until:
            until.append(time.monotonic() + COUNTING)
        if time.monotonic() > until[0]:
            raise CountingTimeUp

    return limited


async def _computed(compute: Callable[[Given, _Work], Answer], given: Given) -> Answer:
    """Compute in a thread; heartbeats say how far it is, in the Web UI too. Cancelled, it ends at the next block."""
    work = _Work()
    computing = asyncio.create_task(asyncio.to_thread(compute, given, work))
    try:
        while not (await asyncio.wait({computing}, timeout=BEAT))[0]:
            activity.heartbeat({"phase": work.phase, "parts": work.parts})
    except asyncio.CancelledError:
        work.cancelled = True
        await asyncio.wait({computing})
        computing.exception()
        raise
    return computing.result()


def _stopped(error: Exception) -> ApplicationError:
    """Only of what we say ourselves is the text told; any other may quote values."""
    log.warning("matching stopped", error=type(error).__name__)
    if isinstance(error, PinsContradict):
        return ApplicationError(f"matching waits: {error}", type="PinsContradict")
    return ApplicationError(
        "matching stopped; it is tried again", type="MatchingStopped"
    )
