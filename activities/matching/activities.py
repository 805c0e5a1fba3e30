"""The activities of matching.

People stay inside them: only ids, counts and codes go back to a workflow.
"""

from collections.abc import Callable

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.gc_paused import gc_paused
from activities.matching.ports import MatchingStore
from activities.matching.threaded import (
    ComputationProgress,
    Input,
    Output,
    compute_in_thread,
    time_limited,
)
from activities.redaction import redacted_failures
from domain.matching.match_checks import check_matches
from domain.matching.matching_run import match_pool
from domain.matching.pins import PinsContradict
from domain.matching.reporting_line_guard import too_close
from domain.matching.scoring import CancellationCheckpoint
from domain.matching.without_mentor import mentees_without_mentor
from schemas.cohort import CohortCounts, MatchDecision, MatchSummary
from schemas.guard import GuardResult
from schemas.ids import CohortRef
from schemas.matches.matching import MatchingPool, MatchRun, MenteesWithoutMentor
from schemas.programme import CohortPlan

GAINS_SECONDS = 10.0
"""How long gains are counted; rules that come after are shown as not counted."""


class MatchingActivities:
    """Matches cohorts over a store; its methods are the activities.

    Any of them fails with an ApplicationError that holds no values, and a retry begins
    again, unless its docstring says otherwise.
    """

    def __init__(self, store: MatchingStore) -> None:
        self._store = store

    @activity.defn
    @redacted_failures
    async def match_cohort(self, cohort: CohortRef) -> MatchSummary:
        """Matches whoever is free now, and keeps the result for review.

        A retry is one more run, which replaces this one.

        Raises:
            ApplicationError: of type PinsContradict, with ids: pins contradict each
                other. A retry is of use once one was taken back.
        """
        with gc_paused():
            pool = await self._store.pools.current(cohort)
            try:
                run = await compute_in_thread(_match, pool)
            except PinsContradict as error:
                raise ApplicationError(
                    f"matching waits: {error}", type="PinsContradict"
                ) from None
            return await self._store.matches.save_run(
                cohort, run.proposals, run.unmatched, run.gains
            )

    @activity.defn
    @redacted_failures
    async def find_mentees_without_mentor(
        self, plan: CohortPlan
    ) -> MenteesWithoutMentor:
        """Returns who would have no possible mentor if the cohort opened now."""
        with gc_paused():
            pool = await self._store.pools.planned(plan)
            return await compute_in_thread(_in_one_phase(mentees_without_mentor), pool)

    @activity.defn
    @redacted_failures
    async def check_reporting_lines(self, cohort: CohortRef) -> GuardResult:
        """Looks whether live pairs and proposals are too close by today's reporting
        lines, and keeps what was found.
        """
        snapshot = await self._store.guard.snapshot(cohort)
        close = await compute_in_thread(_in_one_phase(too_close), snapshot)
        return await self._store.guard.save(cohort, snapshot, close)

    @activity.defn
    @redacted_failures
    async def check_and_decide_matches(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> CohortCounts:
        """Carries out a decision of ops that pins or swaps people, as far as the rules
        allow it.

        Raises:
            ApplicationError: of type DecisionRefused, which is final.
        """
        asked = await self._store.reviews.matches_to_check(cohort, decision)
        checked = await compute_in_thread(_in_one_phase(check_matches), asked)
        await self._store.reviews.decide(cohort, decision, checked)
        return await self._store.cohorts.counts(cohort)


def _match(pool: MatchingPool, progress: ComputationProgress) -> MatchRun:
    return match_pool(
        pool,
        progress.checkpoint,
        time_limited(progress.checkpoint, GAINS_SECONDS),
        progress.begin,
    )


def _in_one_phase(
    compute: Callable[[Input, CancellationCheckpoint], Output],
) -> Callable[[Input, ComputationProgress], Output]:
    return lambda given, progress: compute(given, progress.checkpoint)
