"""What matching needs from outside. The repositories of the Store fit these."""

from collections.abc import Collection, Sequence
from typing import Protocol

from schemas.cohort import CohortCounts, MatchDecision, MatchSummary
from schemas.guard import GuardResult, GuardSnapshot
from schemas.ids import CohortRef
from schemas.matching import MatchingPool, MatchProposal, RuleGain, UnmatchedPerson
from schemas.programme import CohortPlan
from schemas.review import CheckedMatch, MatchesToCheck


class PoolRows(Protocol):
    """Who may be matched."""

    async def current(self, cohort: CohortRef) -> MatchingPool:
        """Free seats, waiting mentees and all that the rules ask about them, as of one moment."""
        ...

    async def planned(self, plan: CohortPlan) -> MatchingPool:
        """Who would be enrolled if the cohort opened now: nobody is yet. Seats do not matter."""
        ...


class RunRows(Protocol):
    """Runs of matching."""

    async def save_run(
        self,
        cohort: CohortRef,
        proposals: Sequence[MatchProposal],
        left: Sequence[UnmatchedPerson],
        gains: Sequence[RuleGain] = (),
    ) -> MatchSummary:
        """Keep a run; it replaces every earlier proposal that nobody decided on."""
        ...


class GuardRows(Protocol):
    """Checks of the reporting lines of live pairs."""

    async def snapshot(self, cohort: CohortRef) -> GuardSnapshot:
        """Live pairs, proposals and reporting lines, as of one moment."""
        ...

    async def save(
        self, cohort: CohortRef, seen: GuardSnapshot, close: Collection[str]
    ) -> GuardResult:
        """Keep which of them are too close, by their ids."""
        ...


class ReviewRows(Protocol):
    """Decisions of ops about matches."""

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


class CohortRows(Protocol):
    """Counts of cohorts."""

    async def counts(self, cohort: CohortRef) -> CohortCounts:
        """How the cohort stands."""
        ...


class MatchingStore(Protocol):
    """All of it."""

    @property
    def pools(self) -> PoolRows: ...

    @property
    def matches(self) -> RunRows: ...

    @property
    def guard(self) -> GuardRows: ...

    @property
    def reviews(self) -> ReviewRows: ...

    @property
    def cohorts(self) -> CohortRows: ...
