"""What the activities of matching do: read from a store, compute, keep the result.

Where the computation runs is its caller's matter.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from temporalio.exceptions import ApplicationError

from activities.matching.ports import MatchingStore
from activities.matching.progress import ComputationProgress, time_limited
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

Input = TypeVar("Input")
Output = TypeVar("Output")


class Computer(Protocol):
    """Runs a pure computation, and returns its result."""

    async def __call__(
        self, compute: Callable[[Input, ComputationProgress], Output], given: Input
    ) -> Output: ...


async def match_cohort(
    store: MatchingStore, computer: Computer, cohort: CohortRef
) -> MatchSummary:
    pool = await store.pools.current(cohort)
    try:
        run = await computer(_match, pool)
    except PinsContradict as error:
        raise ApplicationError(
            f"matching waits: {error}", type="PinsContradict"
        ) from None
    return await store.matches.save_run(cohort, run.proposals, run.unmatched, run.gains)


async def find_mentees_without_mentor(
    store: MatchingStore, computer: Computer, plan: CohortPlan
) -> MenteesWithoutMentor:
    pool = await store.pools.planned(plan)
    return await computer(_in_one_phase(mentees_without_mentor), pool)


async def check_reporting_lines(
    store: MatchingStore, computer: Computer, cohort: CohortRef
) -> GuardResult:
    snapshot = await store.guard.snapshot(cohort)
    close = await computer(_in_one_phase(too_close), snapshot)
    return await store.guard.save(cohort, snapshot, close)


async def check_and_decide_matches(
    store: MatchingStore,
    computer: Computer,
    cohort: CohortRef,
    decision: MatchDecision,
) -> CohortCounts:
    asked = await store.reviews.matches_to_check(cohort, decision)
    checked = await computer(_in_one_phase(check_matches), asked)
    await store.reviews.decide(cohort, decision, checked)
    return await store.cohorts.counts(cohort)


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
