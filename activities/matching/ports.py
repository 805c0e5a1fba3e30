"""What matching needs from outside. The repositories of the Store fit these."""

from collections.abc import Collection, Sequence
from typing import Protocol

from schemas.cohort import CohortCounts, MatchDecision, MatchSummary
from schemas.guard import GuardResult, GuardSnapshot
from schemas.ids import CohortRef
from schemas.matches.matching import (
    MatchingPool,
    MatchProposal,
    RuleGain,
    UnmatchedPerson,
)
from schemas.matches.review import CheckedMatch, MatchesToCheck
from schemas.programme import CohortPlan


class PoolRows(Protocol):
    """Reads the people and seats that may be matched."""

    async def current(self, cohort: CohortRef) -> MatchingPool:
        """Reads free seats, waiting mentees and all that the rules ask, at one moment."""
        ...

    async def planned(self, plan: CohortPlan) -> MatchingPool:
        """Reads who would be enrolled if the cohort opened now."""
        ...


class RunRows(Protocol):
    """Keeps the results of matching runs."""

    async def save_run(
        self,
        cohort: CohortRef,
        proposals: Sequence[MatchProposal],
        left: Sequence[UnmatchedPerson],
        gains: Sequence[RuleGain] = (),
    ) -> MatchSummary:
        """Keeps a run; it replaces all earlier proposals that nobody decided about."""
        ...


class ReportingLineCheckRows(Protocol):
    """Reads what a check of reporting lines needs, and keeps its result."""

    async def snapshot(self, cohort: CohortRef) -> GuardSnapshot:
        """Reads live pairs, proposals and reporting lines, at one moment."""
        ...

    async def save(
        self, cohort: CohortRef, seen: GuardSnapshot, close: Collection[str]
    ) -> GuardResult:
        """Keeps which of them are too close, by their ids."""
        ...


class ReviewRows(Protocol):
    """Keeps decisions of ops about matches."""

    async def matches_to_check(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> MatchesToCheck:
        """Reads what the rules must look at first. Raises DecisionRefused."""
        ...

    async def decide(
        self,
        cohort: CohortRef,
        decision: MatchDecision,
        checked_matches: Sequence[CheckedMatch] = (),
    ) -> None:
        """Carries out all of a decision, or raises DecisionRefused and changes nothing."""
        ...


class CohortRows(Protocol):
    """Counts what is in a cohort."""

    async def counts(self, cohort: CohortRef) -> CohortCounts:
        """Counts pairs, proposals and approved matches."""
        ...


class PeopleRows(Protocol):
    """Counts people."""

    async def role_counts(self) -> dict[str, dict[str, int]]:
        """How many people hold each role, by region."""
        ...


class MatchingStore(Protocol):
    """All repositories that matching uses."""

    @property
    def people(self) -> PeopleRows: ...

    @property
    def pools(self) -> PoolRows: ...

    @property
    def matches(self) -> RunRows: ...

    @property
    def guard(self) -> ReportingLineCheckRows: ...

    @property
    def reviews(self) -> ReviewRows: ...

    @property
    def cohorts(self) -> CohortRows: ...
