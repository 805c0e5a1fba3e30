"""Figures about what people answered, as they are published."""

from schemas.base import LenientModel
from schemas.ids import CohortRef
from schemas.time.calendar import Instant

LOWEST_MARK, HIGHEST_MARK = 1, 5
MIDDLE = (LOWEST_MARK + HIGHEST_MARK) / 2
MINIMUM_PEOPLE = 5
"""A figure is about at least as many people, and so is the difference between two, whatever a policy says."""


class Release(LenientModel):
    """The mean of a cohort's pulses as it was published once; it never changes."""

    cohort: CohortRef
    number: int
    """From 1, in each cohort."""
    at: Instant
    """Programme time."""
    people: int
    """Whose answers are in this release or an earlier one."""
    lowest: float
    """The mean is not lower, rounded."""
    highest: float
    """The mean is not higher, rounded; often the same as the lowest."""

    @property
    def mean(self) -> float:
        """The rounded mean; of a range the value that is nearest to the middle of the scale."""
        return min(max(self.lowest, MIDDLE), self.highest)

    @property
    def mean_text(self) -> str:
        """As people read it: `4.5`, `4.0 or more`, `3.0 or less`, `3.5 to 4.0`."""
        if self.lowest == self.highest:
            return f"{self.lowest:.1f}"
        if self.highest >= HIGHEST_MARK:
            return f"{self.lowest:.1f} or more"
        if self.lowest <= LOWEST_MARK:
            return f"{self.highest:.1f} or less"
        return f"{self.lowest:.1f} to {self.highest:.1f}"
