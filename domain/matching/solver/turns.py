"""The choice among equally good solutions: who comes first in line is matched first.

Mentees and seats are in the order of their turn. Of all solutions with as many matches
and the same total score, the one is chosen that matches the first mentees and takes the
first seats. `docs/solver.md` has an example.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from domain.matching.arrays import UNMATCHED, BoolArray, IndexArray, IntArray
from domain.matching.scoring import CancellationCheckpoint, PairBlock
from domain.matching.solver.exact_solution import BlockCosts, solve_exactly
from domain.matching.solver.problem import COST_OF_SCORE_ZERO, AssignmentProblem
from domain.matching.solver.promising_pairs import least_of_each
from domain.matching.solver.shadow_prices import PricedSolution


def score_costs(block: PairBlock) -> IntArray:
    """Returns what each pair costs by its score: 2 - score, in whole numbers."""
    costs = block.scores.astype(np.int64)
    return np.subtract(COST_OF_SCORE_ZERO, costs, out=costs)


def turns_matter(solution: PricedSolution) -> bool:
    """Whether a solution passes over somebody: a mentee is unmatched although a later
    one is matched, or a seat is free although a later one is taken.
    """
    return _one_comes_before_others(solution.free) or _one_comes_before_others(
        solution.seat_of == UNMATCHED
    )


def _one_comes_before_others(out: BoolArray) -> bool:
    if not out.any() or out.all():
        return False
    last_in = len(out) - 1 - (~out)[::-1].argmax()
    return bool(out.argmax() < last_in)


def seats_by_turn(
    blocks: Sequence[PairBlock],
    problem: AssignmentProblem,
    solution: PricedSolution,
    checkpoint: CancellationCheckpoint,
) -> IndexArray:
    """Returns the seat of each mentee in the equally good solution that serves the first.

    Two equally good solutions differ only along paths of tight pairs that begin at an
    unmatched mentee or at a free seat. All other mentees keep their seats.

    Args:
        problem: seats and costs of going without one; it holds no pairs.
    """
    tight = [np.flatnonzero(_tight(block, solution)) for block in blocks]
    mentees, mentors = _who_may_move(blocks, tight, solution)
    tight = [
        places[mentees[block.mentees[places]] & mentors[block.mentors[places]]]
        for block, places in zip(blocks, tight, strict=True)
    ]
    if not any(map(len, tight)):
        return solution.seat_of
    by_turn = solve_exactly(
        blocks,
        priced_by_turn(problem, solution),
        _free_of_cost(blocks, tight),
        [
            _few_tight(block, places, solution)
            for block, places in zip(blocks, tight, strict=True)
        ],
        checkpoint,
    )
    return np.where(mentees, by_turn.seat_of, solution.seat_of)


def _tight(block: PairBlock, solution: PricedSolution) -> BoolArray:
    """Marks the tight pairs, whose cost is the sum of their two prices.

    Every solution made only of tight pairs is equally good.
    """
    prices = solution.mentee_prices[block.mentees]
    prices += solution.mentor_prices[block.mentors]
    found: BoolArray = score_costs(block) == prices
    return found


def _who_may_move(
    blocks: Sequence[PairBlock], tight: Sequence[IndexArray], solution: PricedSolution
) -> tuple[BoolArray, BoolArray]:
    """Marks the mentees and mentors on paths of tight pairs that begin at an unmatched
    mentee or a free seat. Of a matched pair both are marked, or neither.
    """
    chosen = list(zip(blocks, tight, strict=True))
    mentees = np.concatenate([block.mentees[places] for block, places in chosen])
    mentors = np.concatenate([block.mentors[places] for block, places in chosen])
    could_take, offered = _from_free_seats(mentees, mentors, solution)
    want_a_seat, wanted = _from_unmatched(mentees, mentors, solution)
    return could_take | want_a_seat, offered | wanted


def _from_free_seats(
    mentees: IndexArray, mentors: IndexArray, solution: PricedSolution
) -> tuple[BoolArray, BoolArray]:
    """Marks mentees who could move to a free seat, directly or after others moved, and
    the mentors whose seats are free or become so.
    """
    mentor_of = solution.mentor_of
    offered = np.zeros(len(solution.mentor_prices), np.bool_)
    offered[solution.seat_mentors[solution.free]] = True
    could_take = np.zeros(len(mentor_of), np.bool_)
    while True:
        before = np.count_nonzero(could_take)
        could_take[mentees[offered[mentors]]] = True
        if np.count_nonzero(could_take) == before:
            return could_take, offered
        offered[mentor_of[could_take & (mentor_of != UNMATCHED)]] = True


def _from_unmatched(
    mentees: IndexArray, mentors: IndexArray, solution: PricedSolution
) -> tuple[BoolArray, BoolArray]:
    """Marks mentees who are unmatched or could give their seat to one who is, directly
    or through others, and the mentors of seats that they could take.
    """
    mentor_of = solution.mentor_of
    want_a_seat = mentor_of == UNMATCHED
    wanted = np.zeros(len(solution.mentor_prices), np.bool_)
    while True:
        before = np.count_nonzero(want_a_seat)
        wanted[mentors[want_a_seat[mentees]]] = True
        want_a_seat |= (mentor_of != UNMATCHED) & wanted[mentor_of]
        if np.count_nonzero(want_a_seat) == before:
            return want_a_seat, wanted


def _free_of_cost(
    blocks: Sequence[PairBlock], tight: Sequence[IndexArray]
) -> BlockCosts:
    """Returns costs of 0 for tight pairs, and of -1 (not allowed) for all others."""
    places_of = {
        block.first_mentee: places for block, places in zip(blocks, tight, strict=True)
    }

    def costs(block: PairBlock) -> IntArray:
        of_pairs = np.full(len(block.mentors), -1, np.int64)
        of_pairs[places_of[block.first_mentee]] = 0
        return of_pairs

    return costs


def _few_tight(
    block: PairBlock, places: IndexArray, solution: PricedSolution
) -> BoolArray:
    """Marks a few tight pairs of each mentee to begin with, and the solution's own."""
    mentees = block.mentees[places]
    rows = (mentees - block.first_mentee).astype(np.uint16)
    marks = np.zeros(len(block.mentors), np.bool_)
    marks[places[least_of_each(np.zeros(len(places), np.int64), rows)]] = True
    marks[places[solution.mentor_of[mentees] == block.mentors[places]]] = True
    return marks


def priced_by_turn(
    problem: AssignmentProblem, solution: PricedSolution
) -> AssignmentProblem:
    """Returns the problem with costs that order mentees and seats by their turn.

    In every equally good solution the same mentees must be matched (their price is
    below the cost of no match), and seats with a price must be taken. Turns decide
    about all others.
    """
    mentees, seats = len(problem.unmatched_costs), len(problem.seat_mentors)
    more_than_all_turns = (mentees + 1) * (mentees + seats + 2)
    seat_is_optional = solution.mentor_prices[problem.seat_mentors] == 0
    mentee_is_optional = solution.mentee_prices == problem.unmatched_costs
    later_is_cheaper = mentees - np.arange(mentees)
    return replace(
        problem,
        seat_costs=1 + np.arange(seats) + more_than_all_turns * seat_is_optional,
        unmatched_costs=np.where(
            mentee_is_optional,
            2 * more_than_all_turns + later_is_cheaper,
            4 * more_than_all_turns * (mentees + 2),
        ),
    )
