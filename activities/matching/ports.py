"""What matching needs from outside. The persistence Store fits it."""

from collections.abc import Sequence
from typing import Protocol

from schemas.cohort import MatchSummary
from schemas.ids import CohortRef
from schemas.matching import Gain, Left, Pool, Proposal
from schemas.programme import CohortPlan


class MatchingStore(Protocol):
    """Where pools come from and runs go to."""

    async def pool(self, cohort: CohortRef) -> Pool:
        """Free seats, waiting mentees and all that the rules ask about them, as of one moment."""
        ...

    async def planned_pool(self, plan: CohortPlan) -> Pool:
        """Who would be enrolled if the cohort opened now: nobody is yet. Seats do not matter."""
        ...

    async def save_run(
        self, cohort: CohortRef, proposals: Sequence[Proposal], left: Sequence[Left], gains: Sequence[Gain] = ()
    ) -> MatchSummary:
        """Keep a run; it replaces every earlier proposal that nobody decided on."""
        ...
