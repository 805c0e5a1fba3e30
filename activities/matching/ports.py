"""What matching needs from outside. The persistence Store fits it."""

from collections.abc import Collection, Sequence
from typing import Protocol

from schemas.cohort import CohortCounts, MatchDecision, MatchSummary
from schemas.guard import GuardResult, GuardSnapshot
from schemas.ids import CohortRef
from schemas.matching import MatchingPool, MatchProposal, RuleGain, UnmatchedPerson
from schemas.programme import CohortPlan
from schemas.review import CheckedMatch, MatchesToCheck


class MatchingStore(Protocol):
    """Where pools come from and runs go to."""

    async def pool(self, cohort: CohortRef) -> MatchingPool:
        """Free seats, waiting mentees and all that the rules ask about them, as of one moment."""
        ...

    async def planned_pool(self, plan: CohortPlan) -> MatchingPool:
        """Who would be enrolled if the cohort opened now: nobody is yet. Seats do not matter."""
        ...

    async def save_run(
        self,
        cohort: CohortRef,
        proposals: Sequence[MatchProposal],
        left: Sequence[UnmatchedPerson],
        gains: Sequence[RuleGain] = (),
    ) -> MatchSummary:
        """Keep a run; it replaces every earlier proposal that nobody decided on."""
        ...

    async def guard_snapshot(self, cohort: CohortRef) -> GuardSnapshot:
        """Live pairs, proposals and reporting lines, as of one moment."""
        ...

    async def save_guard_check(
        self, cohort: CohortRef, seen: GuardSnapshot, close: Collection[str]
    ) -> GuardResult:
        """Keep which of them are too close, by their ids."""
        ...

    async def matches_to_check(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> MatchesToCheck:
        """What the rules have to look at before people are put together; raises DecisionRefused."""
        ...

    async def decide(
        self,
        cohort: CohortRef,
        decision: MatchDecision,
        checked_matches: Sequence[CheckedMatch] = (),
    ) -> None:
        """Carry a decision out, or nothing of it; raises DecisionRefused."""
        ...

    async def counts(self, cohort: CohortRef) -> CohortCounts:
        """How the cohort stands."""
        ...
