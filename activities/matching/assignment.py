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
from activities.matching.promising import least, promising
from activities.matching.scoring import EDGE, Block, Step
from activities.matching.solving import Graph, solve

NEARLY = EDGE // 50
"""Where pairs must be added, those that miss so little are too: prices move by little from one solution to the next."""

Costs = Callable[[Block], Whole]
"""Of the pairs of a block; negative: such a pair is not to be looked at."""


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
    # no match costs more than as many matches as there can be could save by scoring better
    nobody = np.full(mentees, EDGE * (min(mentees, len(seats)) + 1), np.int64)
    none = np.zeros(0, np.intp)
    graph = Graph(none, none, none, mentor_of, np.bincount(mentor_of, minlength=mentors), 0 * mentor_of, nobody)
    found = _best(blocks, graph, _by_score, promising(blocks, mentors), step)
    if _turns_matter(found):
        found = _best(blocks, _by_turn(graph, found), *_standing_in(blocks, found), step)
    return sorted((seat, mentee) for mentee, seat in enumerate(found.seats.tolist()) if seat >= 0)


def _best(blocks: Sequence[Block], graph: Graph, costs: Costs, chosen: Sequence[Bools], step: Step) -> Prices:
    """Solve the chosen pairs, add what would better the solution, and solve again until nothing would."""
    new = list(chosen)
    while True:
        step()
        added = [_pairs(block, costs(block), marks) for block, marks in zip(blocks, new, strict=True)]
        graph = graph.more(*(np.concatenate(part) for part in zip(*added, strict=True)))
        found = prices(graph, solve(graph))
        slacks = [_slack(block, costs(block), found, marks) for block, marks in zip(blocks, chosen, strict=True)]
        if not any((slack < 0).any() for _, slack in slacks):
            return found
        new = [_bettering(block, *slack) for block, slack in zip(blocks, slacks, strict=True)]
        chosen = [marks | more for marks, more in zip(chosen, new, strict=True)]


def _pairs(block: Block, costs: Whole, marks: Bools) -> tuple[Index, Index, Whole]:
    places = np.flatnonzero(marks)
    return block.mentees[places], block.mentors[places].astype(np.intp), costs[places]


def _slack(block: Block, costs: Whole, found: Prices, chosen: Bools) -> tuple[Index, Whole]:
    """Pairs not chosen yet that cost less than they are worth to the two, or hardly more; and by how much more."""
    slack = costs - found.mentees[block.mentees]
    slack -= found.mentors[block.mentors]
    places = np.flatnonzero((slack < NEARLY) & ~chosen & (costs >= 0))
    return places, slack[places]


def _bettering(block: Block, places: Index, slack: Whole) -> Bools:
    """The few of each mentee that would better the solution most."""
    marks = np.zeros(len(block.mentors), np.bool_)
    marks[places[least(slack, (block.mentees[places] - block.first).astype(np.uint16))]] = True
    return marks


def _by_score(block: Block) -> Whole:
    costs: Whole = EDGE - block.scores.astype(np.int64)
    return costs


def _tight(block: Block, found: Prices) -> Bools:
    """Pairs that cost exactly what they are worth: solutions made of them alone are as good."""
    tight: Bools = _by_score(block) == found.mentees[block.mentees] + found.mentors[block.mentors]
    return tight


def _standing_in(blocks: Sequence[Block], found: Prices) -> tuple[Costs, list[Bools]]:
    """Tight pairs cost nothing but their seat's turn; which of them to look at first."""

    def costs(block: Block) -> Whole:
        return _tight(block, found).astype(np.int64) - 1

    return costs, [_few_tight(block, found) for block in blocks]


def _few_tight(block: Block, found: Prices) -> Bools:
    places = np.flatnonzero(_tight(block, found))
    return _bettering(block, places, np.zeros(len(places), np.int64)) | _matched(block, found)


def _matched(block: Block, found: Prices) -> Bools:
    """The pairs of the solution itself."""
    mentor = np.where(found.seats >= 0, found.mentor_of[found.seats], -1)
    matched: Bools = mentor[block.mentees] == block.mentors
    return matched


def _turns_matter(found: Prices) -> bool:
    """Whether anybody who is left out comes before somebody who is not, or a free seat before one that is taken."""
    return _first_is_out(found.free) or _first_is_out(found.seats < 0)


def _first_is_out(out: Bools) -> bool:
    return bool(out.any() and not out.all() and out.argmax() < len(out) - 1 - (~out)[::-1].argmax())


def _by_turn(graph: Graph, found: Prices) -> Graph:
    """The same seats at the cost of their turns, without pairs yet.

    Who is worth less than going without must be matched in any solution that is as good, and a seat with a price must
    be taken. All others are chosen by turn.
    """
    mentees, seats = len(graph.nobody), len(graph.mentor_of)
    much = (mentees + 1) * (mentees + seats + 2)
    optional = found.mentors[graph.mentor_of] == 0
    may_go = found.mentees == graph.nobody
    return replace(
        graph,
        seat_costs=1 + np.arange(seats) + much * optional,
        nobody=np.where(may_go, 2 * much + mentees - np.arange(mentees), 4 * much * (mentees + 2)),
    )
