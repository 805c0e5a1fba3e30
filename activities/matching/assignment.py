"""The exact assignment: as many mentees as possible, then the best total score, then whose turn it is.

Looking at every allowed pair at once is what makes assignments slow. So the promising pairs are solved first. The
prices that follow from a solution tell of every other pair whether it could better it; those that could are added, and
it is solved again until there are none: then the solution is the best of all allowed pairs. Costs are whole numbers, so
nothing is rounded on the way.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from activities.matching.arrays import Bools, Index, Whole
from activities.matching.prices import Prices, prices
from activities.matching.promising import promising
from activities.matching.scoring import EDGE, Block, Step
from activities.matching.solving import Graph, solve

Costs = Callable[[Block, Index], Whole]
"""Of the pairs of a block, whose mentees are given by place; negative: such a pair is not to be looked at."""


def assign(blocks: Sequence[Block], shape: tuple[int, int], seats: Sequence[int], step: Step) -> list[tuple[int, int]]:
    """(seat, mentee) of everyone who is matched, by seat.

    Args:
        blocks: the allowed pairs of all mentees, in their order.
        shape: how many mentees and mentors there are; where it makes no difference, the first mentees are matched.
        seats: the mentor of each seat; where it makes no difference, the first of them are taken.
        step: called before each solution; it may raise to stop the work.
    """
    mentees, mentors = shape
    if not len(seats) or not any(len(block.mentors) for block in blocks):
        return []
    mentor_of = np.array(seats, np.intp)
    seats_of = np.bincount(mentor_of, minlength=mentors)
    # no match costs more than as many matches as there can be could save by scoring better
    nobody = np.full(mentees, EDGE * (min(mentees, len(seats)) + 1), np.int64)
    graph = Graph(*promising(blocks), mentor_of, seats_of, np.zeros(len(seats), np.int64), nobody)
    graph, found = _best(blocks, graph, _by_score, step)
    if _turns_matter(found):
        _, found = _best(blocks, _by_turn(graph, found), lambda block, of: _tight(block, of, found) - 1, step)
    return sorted((seat, mentee) for mentee, seat in enumerate(found.seats.tolist()) if seat >= 0)


def _best(blocks: Sequence[Block], graph: Graph, costs: Costs, step: Step) -> tuple[Graph, Prices]:
    """Solve, add what would better the solution, and solve again until nothing would."""
    while True:
        step()
        found = prices(graph, solve(graph))
        better = [_bettering(block, found, costs) for block in blocks]
        if not any(len(mentees) for mentees, _, _ in better):
            return graph, found
        graph = graph.more(*(np.concatenate(part) for part in zip(*better, strict=True)))


def _bettering(block: Block, found: Prices, costs: Costs) -> tuple[Index, Index, Whole]:
    """Pairs that cost less than they are worth to the two."""
    mentees = block.mentees
    cost = costs(block, mentees)
    less = np.flatnonzero((cost >= 0) & (cost < found.mentees[mentees] + found.mentors[block.mentors]))
    return mentees[less], block.mentors[less].astype(np.intp), cost[less]


def _by_score(block: Block, mentees: Index) -> Whole:
    costs: Whole = EDGE - block.scores.astype(np.int64)
    return costs


def _tight(block: Block, mentees: Index, found: Prices) -> Whole:
    """1 for pairs that cost exactly what they are worth: solutions made of them alone are as good; else 0."""
    tight: Bools = _by_score(block, mentees) == found.mentees[mentees] + found.mentors[block.mentors]
    return tight.astype(np.int64)


def _turns_matter(found: Prices) -> bool:
    """Whether anybody who is left out comes before somebody who is not, or a free seat before one that is taken."""
    return _first_is_out(found.free) or _first_is_out(found.seats < 0)


def _first_is_out(out: Bools) -> bool:
    return bool(out.any() and not out.all() and out.argmax() < len(out) - 1 - (~out)[::-1].argmax())


def _by_turn(graph: Graph, found: Prices) -> Graph:
    """The pairs that may stand in for one another, at the cost of turns.

    Who is worth less than going without must be matched in any solution that is as good, and a seat with a price must
    be taken. All others are chosen by turn.
    """
    mentees, seats = len(graph.nobody), len(graph.mentor_of)
    much = (mentees + 1) * (mentees + seats + 2)
    optional = found.mentors[graph.mentor_of] == 0
    may_go = found.mentees == graph.nobody
    tight = graph.costs == found.mentees[graph.mentees] + found.mentors[graph.mentors]
    return replace(
        graph,
        mentees=graph.mentees[tight],
        mentors=graph.mentors[tight],
        costs=np.zeros(int(tight.sum()), np.int64),
        seat_costs=1 + np.arange(seats) + much * optional,
        nobody=np.where(may_go, 2 * much + mentees - np.arange(mentees), 4 * much * (mentees + 2)),
    )
