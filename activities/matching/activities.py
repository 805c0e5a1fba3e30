"""The activities of matching.

People stay inside them: only ids, counts and codes go back to a workflow.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import activity
from typing_extensions import TypeVarTuple

from activities.matching import steps
from activities.matching.own_process import ChildSetUp, in_own_process
from activities.matching.ports import MatchingStore
from activities.matching.steps import Computer
from activities.matching.threaded import compute_in_thread
from activities.redaction import redacted_failures
from schemas.cohort import CohortCounts, MatchDecision, MatchSummary
from schemas.guard import GuardResult
from schemas.ids import CohortRef
from schemas.matches.matching import MenteesWithoutMentor
from schemas.programme import CohortPlan

MOST_IN_THREAD = 1_000
"""Most participants of an organisation for which a thread will do: a tenth of a second.

A process of its own takes a second to begin.
"""

Arguments = TypeVarTuple("Arguments")
R = TypeVar("R")


class MatchingActivities:
    """Matches cohorts over a store; its methods are the activities.

    Any of them fails with an ApplicationError that holds no values, and a retry begins
    again, unless its docstring says otherwise. With a `child`, large organisations are
    matched in a process of its own.
    """

    def __init__(self, store: MatchingStore, child: ChildSetUp | None = None) -> None:
        self._store = store
        self._child = child

    @activity.defn
    @redacted_failures
    async def match_cohort(self, cohort: CohortRef) -> MatchSummary:
        """Matches whoever is free now, and keeps the result for review.

        A retry is one more run, which replaces this one.

        Raises:
            ApplicationError: of type PinsContradict, with ids: pins contradict each
                other. A retry is of use once one was taken back.
        """
        return await self._run(steps.match_cohort, cohort)

    @activity.defn
    @redacted_failures
    async def find_mentees_without_mentor(
        self, plan: CohortPlan
    ) -> MenteesWithoutMentor:
        """Returns who would have no possible mentor if the cohort opened now."""
        return await self._run(steps.find_mentees_without_mentor, plan)

    @activity.defn
    @redacted_failures
    async def check_reporting_lines(self, cohort: CohortRef) -> GuardResult:
        """Looks whether live pairs and proposals are too close by today's reporting
        lines, and keeps what was found.
        """
        return await self._run(steps.check_reporting_lines, cohort)

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
        return await self._run(steps.check_and_decide_matches, cohort, decision)

    async def _run(
        self,
        step: Callable[[MatchingStore, Computer, *Arguments], Awaitable[R]],
        *arguments: *Arguments,
    ) -> R:
        if self._child is None or await self._participants() <= MOST_IN_THREAD:
            return await step(self._store, compute_in_thread, *arguments)
        return await in_own_process(self._child, step, *arguments)

    async def _participants(self) -> int:
        """How many people there are in roles; rules look at all of them."""
        regions = await self._store.people.role_counts()
        return sum(sum(roles.values()) for roles in regions.values())
