"""One assignment over few pairs by SciPy's solver.

It must give everybody a place. Where not all can have a seat, each mentee has a place of their own besides: nobody.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import (
    maximum_bipartite_matching,
    min_weight_full_bipartite_matching,
)

from domain.matching.arrays import Index, Whole


@dataclass(frozen=True)
class Graph:
    """Pairs of mentees and mentors, and what they cost. Everything is by place."""

    mentees: Index
    mentors: Index
    costs: Whole
    mentor_of: Index
    """Of each seat."""
    seats_of: Index
    """How many seats a mentor has; 0 is allowed."""
    seat_costs: Whole
    """What a seat costs beside its pair."""
    nobody: Whole
    """What it costs to leave a mentee without a match."""

    def more(self, mentees: Index, mentors: Index, costs: Whole) -> Self:
        return replace(
            self,
            mentees=np.concatenate([self.mentees, mentees]),
            mentors=np.concatenate([self.mentors, mentors]),
            costs=np.concatenate([self.costs, costs]),
        )

    @cached_property
    def by_seat(self) -> tuple[Index, Index, Whole]:
        """Mentee, seat and cost, a pair once for every seat of its mentor; in the order of seats."""
        order = np.argsort(self.mentor_of, kind="stable")
        first = np.cumsum(self.seats_of) - self.seats_of
        many = self.seats_of[self.mentors]
        ends = np.cumsum(many)
        within = np.arange(int(many.sum())) - np.repeat(ends - many, many)
        seats = order[np.repeat(first[self.mentors], many) + within]
        sorting = np.argsort(seats, kind="stable")
        pairs = np.repeat(np.arange(len(many)), many)[sorting]
        return (
            self.mentees[pairs],
            seats[sorting],
            self.costs[pairs] + self.seat_costs[seats[sorting]],
        )


def solve(graph: Graph) -> Index:
    """The seat of each mentee at the least cost in all; -1: nobody."""
    rows, columns, costs = graph.by_seat
    mentees, seats = len(graph.nobody), len(graph.mentor_of)
    many = np.bincount(rows, minlength=mentees)
    some = np.argsort(many, kind="stable")[
        np.count_nonzero(many == 0) :
    ]  # who has no pair needs no place
    place = np.empty(
        mentees, np.intp
    )  # of those with few to choose from first, which the solver takes less time for
    place[some] = np.arange(len(some))
    rows = place[rows]
    pairs = _matrix(costs, rows, columns, (len(some), seats))
    if np.count_nonzero(
        maximum_bipartite_matching(pairs, perm_type="column") >= 0
    ) < len(some):
        places = (
            np.concatenate([rows, np.arange(len(some))]),
            np.concatenate([columns, seats + np.arange(len(some))]),
        )
        pairs = _matrix(
            np.concatenate([costs, graph.nobody[some]]),
            *places,
            (len(some), seats + len(some)),
        )
    matched, taken = min_weight_full_bipartite_matching(pairs)
    found = np.full(mentees, -1, np.intp)
    found[some[matched]] = np.where(taken < seats, taken, -1)
    return found


def _matrix(
    costs: Whole, rows: Index, columns: Index, shape: tuple[int, int]
) -> csr_array:
    """Whole numbers below 2^53 stay what they are."""
    return coo_array((costs.astype(np.float64), (rows, columns)), shape=shape).tocsr()
