"""The cheapest assignment of one problem, by SciPy's sparse solver.

That solver gives every row a column. Where not everybody can have a seat, each mentee
has a private column besides, which means no match.
"""

from typing import TYPE_CHECKING

import numpy as np

from domain.matching.arrays import UNMATCHED, IndexArray, IntArray
from domain.matching.solver.problem import AssignmentProblem

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def cheapest_seats(problem: AssignmentProblem) -> IndexArray:
    """Returns the seat of each mentee at the least total cost, or UNMATCHED."""
    # Loaded by the first match: a worker starts a fifth of a second sooner.
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    pairs = problem.seat_pairs
    all_mentees, seats = len(problem.unmatched_costs), len(problem.seat_mentors)
    mentees = _fewest_choices_first(pairs.mentees, all_mentees)
    count = len(mentees)
    row_of = np.empty(all_mentees, np.intp)
    row_of[mentees] = np.arange(count)
    rows, columns, costs = row_of[pairs.mentees], pairs.seats, pairs.costs
    matrix = _matrix(costs, rows, columns, (count, seats))
    if not _everybody_can_have_a_seat(matrix):
        private = np.arange(count)
        matrix = _matrix(
            np.concatenate([costs, problem.unmatched_costs[mentees]]),
            np.concatenate([rows, private]),
            np.concatenate([columns, seats + private]),
            (count, seats + count),
        )
    matched_rows, taken = min_weight_full_bipartite_matching(matrix)
    seat_of = np.full(all_mentees, UNMATCHED, np.intp)
    seat_of[mentees[matched_rows]] = np.where(taken < seats, taken, UNMATCHED)
    return seat_of


def _fewest_choices_first(pair_mentees: IndexArray, all_mentees: int) -> IndexArray:
    """Returns the mentees who have a pair, in the order that the solver is fastest
    with.
    """
    choices = np.bincount(pair_mentees, minlength=all_mentees)
    return np.argsort(choices, kind="stable")[np.count_nonzero(choices == 0) :]


def _everybody_can_have_a_seat(matrix: "csr_array") -> bool:
    from scipy.sparse.csgraph import maximum_bipartite_matching

    return bool((maximum_bipartite_matching(matrix, perm_type="column") >= 0).all())


def _matrix(
    costs: IntArray, rows: IndexArray, columns: IndexArray, shape: tuple[int, int]
) -> "csr_array":
    """Whole numbers below 2^53 stay what they are."""
    from scipy.sparse import coo_array

    return coo_array((costs.astype(np.float64), (rows, columns)), shape=shape).tocsr()
