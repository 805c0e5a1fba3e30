"""The exact assignment: as many mentees as possible, then the best total score, then whose turn it is.

Looking at every allowed pair at once is what makes assignments slow. So the promising pairs are solved first. The
prices that follow from a solution tell of every other pair whether it could better it; those that could are added, and
it is solved again until there are none: then the solution is the best of all allowed pairs. Costs are whole numbers, so
nothing is rounded on the way.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from domain.matching.arrays import Bools, Index, Whole
from domain.matching.promising_pairs import least, promising
from domain.matching.scoring import EDGE, Block, Step
from domain.matching.shadow_prices import Prices, prices
from domain.matching.solver import Graph, solve

NEARLY = EDGE // 50
"""Where pairs must be added, those that miss so little are too: prices move by little from one solution to the next."""

Costs = Callable[[Block], Whole]
"""Of the pairs of a block; negative: such a pair is not to be looked at."""


def assign(
    blocks: Sequence[Block], shape: tuple[int, int], seats: Sequence[int], step: Step
) -> list[tuple[int, int]]:
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
    graph = Graph(
        none,
        none,
        none,
        mentor_of,
        np.bincount(mentor_of, minlength=mentors),
        0 * mentor_of,
        nobody,
    )
    found = _best(blocks, graph, _by_score, promising(blocks, mentors), step)
    seat_of = (
        _in_turn(blocks, graph, found, step) if _turns_matter(found) else found.seats
    )
    return sorted(
        (seat, mentee) for mentee, seat in enumerate(seat_of.tolist()) if seat >= 0
    )


def _best(
    blocks: Sequence[Block],
    graph: Graph,
    costs: Costs,
    chosen: Sequence[Bools],
    step: Step,
) -> Prices:
    """Solve the chosen pairs, add what would better the solution, and solve again until nothing would."""
    new = list(chosen)
    while True:
        step()
        added = [
            _pairs(block, costs(block), marks)
            for block, marks in zip(blocks, new, strict=True)
        ]
        graph = graph.more(*(np.concatenate(part) for part in zip(*added, strict=True)))
        found = prices(graph, solve(graph))
        slacks = [
            _slack(block, costs(block), found, marks)
            for block, marks in zip(blocks, chosen, strict=True)
        ]
        if not any((slack < 0).any() for _, slack in slacks):
            return found
        new = [
            _bettering(block, *slack)
            for block, slack in zip(blocks, slacks, strict=True)
        ]
        chosen = [marks | more for marks, more in zip(chosen, new, strict=True)]


def _pairs(block: Block, costs: Whole, marks: Bools) -> tuple[Index, Index, Whole]:
    places = np.flatnonzero(marks)
    return block.mentees[places], block.mentors[places].astype(np.intp), costs[places]


def _slack(
    block: Block, costs: Whole, found: Prices, chosen: Bools
) -> tuple[Index, Whole]:
    """Pairs not chosen yet that cost less than they are worth to the two, or hardly more; and by how much more."""
    slack = costs - found.mentees[block.mentees]
    slack -= found.mentors[block.mentors]
    places = np.flatnonzero((slack < NEARLY) & ~chosen & (costs >= 0))
    return places, slack[places]


def _bettering(block: Block, places: Index, slack: Whole) -> Bools:
    """The few of each mentee that would better the solution most."""
    marks = np.zeros(len(block.mentors), np.bool_)
    marks[
        places[least(slack, (block.mentees[places] - block.first).astype(np.uint16))]
    ] = True
    return marks


def _in_turn(blocks: Sequence[Block], graph: Graph, found: Prices, step: Step) -> Index:
    """The seat of each mentee where, of all solutions that are as good, the first take seats and the first are taken.

    Two such solutions differ in who has a place only along paths of tight pairs that begin at somebody without one or
    at a free seat: nobody else is looked at.
    """
    tight = [np.flatnonzero(_tight(block, found)) for block in blocks]
    mentees, mentors = _movable(blocks, tight, found)
    tight = [
        places[mentees[block.mentees[places]] & mentors[block.mentors[places]]]
        for block, places in zip(blocks, tight, strict=True)
    ]
    if not any(map(len, tight)):
        return found.seats
    again = _best(
        blocks, _by_turn(graph, found), *_standing_in(blocks, tight, found), step
    )
    seats: Index = np.where(mentees, again.seats, found.seats)
    return seats


def _movable(
    blocks: Sequence[Block], tight: Sequence[Index], found: Prices
) -> tuple[Bools, Bools]:
    """Mentees and mentors on such paths. Whoever is matched with one of them is one, too."""
    mentees = np.concatenate(
        [block.mentees[places] for block, places in zip(blocks, tight, strict=True)]
    )
    mentors = np.concatenate(
        [block.mentors[places] for block, places in zip(blocks, tight, strict=True)]
    )
    has = np.where(found.seats >= 0, found.mentor_of[found.seats], -1)
    offered, reached = np.zeros(len(found.mentors), np.bool_), found.seats < 0
    wanted = offered.copy()
    offered[found.mentor_of[found.free]] = True
    would = np.zeros(len(has), np.bool_)
    while True:  # from free seats: who could take one, and so leave their own to others
        before = np.count_nonzero(would)
        would[mentees[offered[mentors]]] = True
        if np.count_nonzero(would) == before:
            break
        offered[has[would & (has >= 0)]] = True
    while True:  # from those without a seat: who could make room for them, and would need another place
        before = np.count_nonzero(reached)
        wanted[mentors[reached[mentees]]] = True
        reached |= (has >= 0) & wanted[has]
        if np.count_nonzero(reached) == before:
            return would | reached, offered | wanted


def _by_score(block: Block) -> Whole:
    costs: Whole = EDGE - block.scores.astype(np.int64)
    return costs


def _tight(block: Block, found: Prices) -> Bools:
    """Pairs that cost exactly what they are worth: solutions made of them alone are as good."""
    tight: Bools = (
        _by_score(block) == found.mentees[block.mentees] + found.mentors[block.mentors]
    )
    return tight


def _standing_in(
    blocks: Sequence[Block], tight: Sequence[Index], found: Prices
) -> tuple[Costs, list[Bools]]:
    """These pairs cost nothing but their seat's turn; which of them to look at first."""
    of = {block.first: places for block, places in zip(blocks, tight, strict=True)}

    def costs(block: Block) -> Whole:
        free = np.full(len(block.mentors), -1, np.int64)
        free[of[block.first]] = 0
        return free

    return costs, [
        _few(block, places, found) for block, places in zip(blocks, tight, strict=True)
    ]


def _few(block: Block, places: Index, found: Prices) -> Bools:
    """Of these pairs the few of each mentee, and the solution's own."""
    few = _bettering(block, places, np.zeros(len(places), np.int64))
    mentees = block.mentees[places]
    has = np.where(found.seats >= 0, found.mentor_of[found.seats], -1)[mentees]
    few[places[has == block.mentors[places]]] = True
    return few


def _turns_matter(found: Prices) -> bool:
    """Whether anybody who is left out comes before somebody who is not, or a free seat before one that is taken."""
    return _first_is_out(found.free) or _first_is_out(found.seats < 0)


def _first_is_out(out: Bools) -> bool:
    return bool(
        out.any()
        and not out.all()
        and out.argmax() < len(out) - 1 - (~out)[::-1].argmax()
    )


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
        nobody=np.where(
            may_go, 2 * much + mentees - np.arange(mentees), 4 * much * (mentees + 2)
        ),
    )
