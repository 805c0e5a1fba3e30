"""The best solution over all allowed pairs, found by looking at few of them.

The promising pairs are solved first. The prices that follow from that solution show of
every other pair whether it could make it cheaper. Those that could are added, and it is
solved again, until there are none: then the solution is the best of all allowed pairs.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from domain.matching.arrays import BoolArray, IndexArray, IntArray
from domain.matching.scoring import CancellationCheckpoint, PairBlock
from domain.matching.solver.problem import COST_OF_SCORE_ZERO, AssignmentProblem
from domain.matching.solver.promising_pairs import least_of_each
from domain.matching.solver.scipy_solver import cheapest_seats
from domain.matching.solver.shadow_prices import PricedSolution, price_solution

CLOSE_TO_CHEAPER = COST_OF_SCORE_ZERO // 50
"""Where pairs are added, those that cost at most so much too much are added as well, since
prices change little from one solution to the next."""

BlockCosts: TypeAlias = Callable[[PairBlock], IntArray]
"""A function that returns the cost of each pair of a block; negative: not allowed."""


class _Candidates(NamedTuple):
    """Pairs of a block that are not part of the problem yet."""

    places: IndexArray
    reduced_costs: IntArray


def solve_exactly(
    blocks: Sequence[PairBlock],
    problem: AssignmentProblem,
    costs_of: BlockCosts,
    first: Sequence[BoolArray],
    checkpoint: CancellationCheckpoint,
) -> PricedSolution:
    """Returns the cheapest solution over all pairs of the blocks.

    Args:
        problem: still without pairs.
        first: which pairs of each block to begin with.
        checkpoint: called before each solution.
    """
    chosen, new = list(first), first
    while True:
        checkpoint()
        problem = _with_pairs(problem, blocks, costs_of, new)
        solution = price_solution(problem, cheapest_seats(problem))
        candidates = [
            _candidates(block, costs_of(block), solution, marks)
            for block, marks in zip(blocks, chosen, strict=True)
        ]
        if not any((found.reduced_costs < 0).any() for found in candidates):
            return solution
        new = [
            _cheapest_few(block, found)
            for block, found in zip(blocks, candidates, strict=True)
        ]
        chosen = [marks | more for marks, more in zip(chosen, new, strict=True)]


def _with_pairs(
    problem: AssignmentProblem,
    blocks: Sequence[PairBlock],
    costs_of: BlockCosts,
    chosen: Sequence[BoolArray],
) -> AssignmentProblem:
    mentees, mentors, costs = [], [], []
    for block, marks in zip(blocks, chosen, strict=True):
        places = np.flatnonzero(marks)
        mentees.append(block.mentees[places])
        mentors.append(block.mentors[places].astype(np.intp))
        costs.append(costs_of(block)[places])
    return problem.with_pairs(
        np.concatenate(mentees), np.concatenate(mentors), np.concatenate(costs)
    )


def _candidates(
    block: PairBlock, costs: IntArray, solution: PricedSolution, chosen: BoolArray
) -> _Candidates:
    """Returns the pairs that would make the solution cheaper, or nearly."""
    reduced = solution.reduced_costs(block.mentees, block.mentors, costs)
    places = np.flatnonzero((reduced < CLOSE_TO_CHEAPER) & ~chosen & (costs >= 0))
    return _Candidates(places, reduced[places])


def _cheapest_few(block: PairBlock, found: _Candidates) -> BoolArray:
    """Marks the few of each mentee that would save most."""
    rows = (block.mentees[found.places] - block.first_mentee).astype(np.uint16)
    marks = np.zeros(len(block.mentors), np.bool_)
    marks[found.places[least_of_each(found.reduced_costs, rows)]] = True
    return marks
