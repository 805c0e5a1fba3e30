"""An assignment problem: pairs with their costs, seats, and what nobody costs.

Columns of docs/solver.md are seats here; its private columns are `unmatched_costs`.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np

from domain.matching.arrays import IndexArray, IntArray
from domain.matching.scoring import BEST_SCORE

COST_OF_SCORE_ZERO = 2 * BEST_SCORE
"""What a pair costs that fits in nothing; one that fits in everything costs half. None
is free: a cost of zero would mean to the solver that there is no such pair."""


class SeatPairs(NamedTuple):
    """Pairs of a mentee and a seat, in the order of seats."""

    mentees: IndexArray
    seats: IndexArray
    costs: IntArray


@dataclass(frozen=True)
class AssignmentProblem:
    """Mentees, seats and some of the allowed pairs, to be assigned at the least cost."""

    pair_mentees: IndexArray
    pair_mentors: IndexArray
    pair_costs: IntArray
    seat_mentors: IndexArray
    """The mentor of each seat."""
    seats_per_mentor: IndexArray
    """The number of seats of each mentor, 0 or more."""
    seat_costs: IntArray
    """What each seat costs beside its pair."""
    unmatched_costs: IntArray
    """What it costs to leave each mentee without a match."""

    @classmethod
    def without_pairs(
        cls, mentees: int, mentors: int, seat_mentors: IndexArray
    ) -> Self:
        """Returns a problem without pairs, to which `with_pairs` adds them.

        Leaving a mentee unmatched costs more than all possible matches together, so
        that one more match always makes a solution cheaper.
        """
        most_matches = min(mentees, len(seat_mentors))
        nothing = np.zeros(0, np.intp)
        return cls(
            nothing,
            nothing,
            nothing,
            seat_mentors,
            np.bincount(seat_mentors, minlength=mentors),
            np.zeros(len(seat_mentors), np.int64),
            np.full(mentees, COST_OF_SCORE_ZERO * (most_matches + 1), np.int64),
        )

    def with_pairs(
        self, mentees: IndexArray, mentors: IndexArray, costs: IntArray
    ) -> Self:
        return replace(
            self,
            pair_mentees=np.concatenate([self.pair_mentees, mentees]),
            pair_mentors=np.concatenate([self.pair_mentors, mentors]),
            pair_costs=np.concatenate([self.pair_costs, costs]),
        )

    @cached_property
    def seat_pairs(self) -> SeatPairs:
        """The pairs, each repeated for every seat of its mentor."""
        copies = self.seats_per_mentor[self.pair_mentors]
        pairs = np.repeat(np.arange(len(copies)), copies)
        first_copies = np.repeat(np.cumsum(copies) - copies, copies)
        seat_numbers = np.arange(len(pairs)) - first_copies  # among the mentor's seats
        by_mentor = np.argsort(self.seat_mentors, kind="stable")
        first_seats = np.cumsum(self.seats_per_mentor) - self.seats_per_mentor
        seats = by_mentor[first_seats[self.pair_mentors[pairs]] + seat_numbers]
        by_seat = np.argsort(seats, kind="stable")
        pairs, seats = pairs[by_seat], seats[by_seat]
        return SeatPairs(
            self.pair_mentees[pairs],
            seats,
            self.pair_costs[pairs] + self.seat_costs[seats],
        )
