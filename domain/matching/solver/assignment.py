"""The exact assignment: as many mentees as possible, then the best total score, then by
turn.

Costs are whole numbers, so nothing is rounded on the way. docs/solver.md explains it
with an example that can be followed with a pencil.
"""

from collections.abc import Sequence

import numpy as np

from domain.matching.arrays import UNMATCHED
from domain.matching.scoring import CancellationCheckpoint, PairBlock
from domain.matching.solver.exact_solution import solve_exactly
from domain.matching.solver.problem import AssignmentProblem
from domain.matching.solver.promising_pairs import promising_pairs
from domain.matching.solver.turns import score_costs, seats_by_turn, turns_matter


def assign(
    blocks: Sequence[PairBlock],
    shape: tuple[int, int],
    seat_mentors: Sequence[int],
    checkpoint: CancellationCheckpoint,
) -> list[tuple[int, int]]:
    """Returns (seat, mentee) of everyone who is matched, by seat.

    Args:
        blocks: the allowed pairs of all mentees, in their order.
        shape: how many mentees and mentors there are; where it makes no difference, the
            first mentees are matched.
        seat_mentors: the mentor of each seat; where it makes no difference, the first
            seats are taken.
        checkpoint: called before each solution; it may raise to stop the work.
    """
    mentees, mentors = shape
    if not len(seat_mentors) or not any(len(block.mentors) for block in blocks):
        return []
    problem = AssignmentProblem.without_pairs(
        mentees, mentors, np.array(seat_mentors, np.intp)
    )
    solution = solve_exactly(
        blocks, problem, score_costs, promising_pairs(blocks, mentors), checkpoint
    )
    seat_of = solution.seat_of
    if turns_matter(solution):
        seat_of = seats_by_turn(blocks, problem, solution, checkpoint)
    matched = np.flatnonzero(seat_of != UNMATCHED).tolist()
    return sorted((int(seat_of[mentee]), mentee) for mentee in matched)
