"""What starting and signalling executions needs of PostgreSQL. The repositories of the Store fit these."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schemas.cohort import PairToStart
from schemas.guard import GuardFinding
from schemas.ids import CohortRef
from schemas.matches.matching import Claim
from schemas.time.clock import Clock


class PairPages(Protocol):
    """Pairs of a cohort, page by page; `after` is the last workflow id of the page before."""

    async def to_start(
        self, cohort: CohortRef, after: str, limit: int
    ) -> list[PairToStart]:
        """A page of pairs whose workflow was not started yet."""
        ...

    async def mark_started(self, pairs: Sequence[str]) -> None: ...

    async def close_unstarted(self, cohort: CohortRef, at: datetime) -> int:
        """Close pairs that nobody started, at a programme time."""
        ...

    async def to_end(self, cohort: CohortRef, after: str, limit: int) -> list[str]:
        """A page of workflow ids of pairs that have not closed."""
        ...


class PausedScopes(Protocol):
    """Pages of what a paused scope holds, to signal it."""

    async def pairs(self, scope: str, after: str, limit: int) -> list[str]:
        """A page of live pairs, by workflow id."""
        ...

    async def cohorts(self, scope: str) -> list[str]:
        """Workflow ids of the open cohorts in the scope."""
        ...

    async def count_not_obeying(self, scope: str) -> int:
        """Counts the pairs that look for a match and have not obeyed a pause or resume."""
        ...


class MatchClaims(Protocol):
    """Claims on the seats of mentors for mentees who were matched."""

    async def claim_approved(self, cohort: CohortRef) -> list[Claim]:
        """Claim the seats of approved matches; returns all claims not marked as announced."""
        ...

    async def mark_announced(
        self, cohort: CohortRef, matches: Sequence[str]
    ) -> None: ...


class GuardFindings(Protocol):
    """The results of checks of reporting lines, until their pairs are signalled."""

    async def unsignalled(self, cohort: CohortRef, limit: int) -> list[GuardFinding]:
        """Findings whose pairs have not been signalled."""
        ...

    async def mark_signalled(self, findings: Sequence[GuardFinding]) -> None: ...


class ProgrammeClocks(Protocol):
    """The clock of each programme, by its code."""

    async def clock(self, programme: str) -> Clock | None: ...


class ExecutionStore(Protocol):
    """All repositories that this package uses."""

    @property
    def pairs(self) -> PairPages: ...

    @property
    def pauses(self) -> PausedScopes: ...

    @property
    def matches(self) -> MatchClaims: ...

    @property
    def guard(self) -> GuardFindings: ...

    @property
    def programmes(self) -> ProgrammeClocks: ...
