"""Whose turn it is, among solutions that are equally good.

Of all solutions with as many matches and as good a total score, the first mentees are
matched and the first seats are taken. `docs/solver.md` has an example.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from domain.matching.arrays import UNMATCHED, BoolArray, IndexArray, IntArray
from domain.matching.scoring import Checkpoint, PairBlock
from domain.matching.solver.exact_solution import BlockCosts, solve_exactly
from domain.matching.solver.problem import COST_OF_SCORE_ZERO, AssignmentProblem
from domain.matching.solver.promising_pairs import least_of_each
from domain.matching.solver.shadow_prices import PricedSolution


def score_costs(block: PairBlock) -> IntArray:
    """Returns what each pair costs by its score: 2 - score, in whole numbers."""
    return COST_OF_SCORE_ZERO - block.scores.astype(np.int64)


def turns_matter(solution: PricedSolution) -> bool:
    """Whether a mentee is left out who comes before one who is not, or a seat is free
    that comes before one that is taken.
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
    checkpoint: Checkpoint,
) -> IndexArray:
    """Returns the seat of each mentee in the solution where the first have their turn.

    Two equally good solutions differ in who has a place only along paths of tight pairs
    that begin at somebody without one or at a free seat: nobody else is looked at.

    Args:
        problem: without pairs.
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
    """Pairs that cost exactly their two prices: all solutions made of such pairs alone
    are equally good.
    """
    prices = solution.mentee_prices[block.mentees]
    prices += solution.mentor_prices[block.mentors]
    found: BoolArray = score_costs(block) == prices
    return found


def _who_may_move(
    blocks: Sequence[PairBlock], tight: Sequence[IndexArray], solution: PricedSolution
) -> tuple[BoolArray, BoolArray]:
    """Returns mentees and mentors on such paths. Two who are matched are both on one,
    or neither is.
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
    """Who could take a free seat, and so would leave their own to others."""
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
    """Who could make room for somebody unmatched, and then want another seat."""
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
    """These pairs cost nothing but their seat's turn; no others are looked at."""
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
    """Returns the same seats at the cost of their turns.

    Whoever costs less than going without must be matched in any solution that is as
    good, and a seat with a price must be taken. All others are chosen by turn.
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
