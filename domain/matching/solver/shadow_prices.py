"""The prices of mentees and seats in a solution, which prove that it is the cheapest.

Every mentee and every seat has a price such that no pair of the problem costs less than
its two prices together, matched pairs cost exactly that, and a free seat's price is 0.
A pair outside the problem that costs less than its two prices would make the solution
cheaper. Economists call them shadow prices, textbooks duals; docs/solver.md derives
them for an example.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.matching.arrays import UNMATCHED, BoolArray, IndexArray, IntArray
from domain.matching.solver.problem import AssignmentProblem

_NO_SEAT_PRICE = np.iinfo(np.int64).min // 2
"""The price of a mentor without a seat: no pair with them saves anything."""


class PricedSolution(NamedTuple):
    """A cheapest solution with its prices."""

    seat_of: IndexArray
    """The seat of each mentee, or UNMATCHED."""
    seat_mentors: IndexArray
    """The mentor of each seat."""
    free: BoolArray
    """Whether each seat is free."""
    mentee_prices: IntArray
    mentor_prices: IntArray
    """The price of each mentor's best seat, less what the seat itself costs."""

    @property
    def mentor_of(self) -> IndexArray:
        """The mentor of each mentee, or UNMATCHED."""
        return np.where(
            self.seat_of == UNMATCHED, UNMATCHED, self.seat_mentors[self.seat_of]
        )

    def reduced_costs(
        self, mentees: IndexArray, mentors: NDArray[np.integer], costs: IntArray
    ) -> IntArray:
        """Returns by how much each pair costs more than its two prices; negative: it
        would make the solution cheaper.
        """
        reduced = self.mentee_prices.take(mentees)
        np.subtract(costs, reduced, out=reduced)
        reduced -= self.mentor_prices.take(mentors)
        return reduced


def price_solution(problem: AssignmentProblem, seat_of: IndexArray) -> PricedSolution:
    """Prices the cheapest solution of a problem.

    All seats begin at 0. The price of a seat falls until no mentee would rather have it
    than what they have, which makes what its own mentee has dearer in turn.
    """
    pairs = problem.seat_pairs
    costs = _costs_of_mentees(problem, seat_of)
    matched = seat_of != UNMATCHED
    seat_starts = np.flatnonzero(np.diff(pairs.seats, prepend=-1))
    seats = pairs.seats[seat_starts]
    prices = np.zeros(len(problem.seat_mentors), np.int64)
    while True:
        mentee_prices = costs.copy()
        mentee_prices[matched] -= prices[seat_of[matched]]
        lower = prices.copy()
        if len(seats):
            wanted_at = pairs.costs - mentee_prices[pairs.mentees]
            lower[seats] = np.minimum(
                prices[seats], np.minimum.reduceat(wanted_at, seat_starts)
            )
        if np.array_equal(lower, prices):
            break
        prices = lower
    return PricedSolution(
        seat_of,
        problem.seat_mentors,
        _free_seats(problem, seat_of),
        mentee_prices,
        _mentor_prices(problem, prices),
    )


def _costs_of_mentees(problem: AssignmentProblem, seat_of: IndexArray) -> IntArray:
    """Returns what each mentee costs in the solution, matched or not."""
    pairs = problem.seat_pairs
    costs = problem.unmatched_costs.copy()
    used = pairs.seats == seat_of[pairs.mentees]
    costs[pairs.mentees[used]] = pairs.costs[used]
    return costs


def _free_seats(problem: AssignmentProblem, seat_of: IndexArray) -> BoolArray:
    free = np.ones(len(problem.seat_mentors), np.bool_)
    free[seat_of[seat_of != UNMATCHED]] = False
    return free


def _mentor_prices(problem: AssignmentProblem, prices: IntArray) -> IntArray:
    of_mentors = np.full(len(problem.seats_per_mentor), _NO_SEAT_PRICE, np.int64)
    np.maximum.at(of_mentors, problem.seat_mentors, prices - problem.seat_costs)
    return of_mentors
