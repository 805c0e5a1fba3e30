"""One assignment over few pairs: SciPy's solver, with a place of its own beside the seats for each mentee: nobody."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from activities.matching.arrays import Index, Whole


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
        return self.mentees[pairs], seats[sorting], self.costs[pairs] + self.seat_costs[seats[sorting]]


def solve(graph: Graph) -> Index:
    """The seat of each mentee at the least cost in all; -1: nobody."""
    rows, columns, costs = graph.by_seat
    mentees, seats = len(graph.nobody), len(graph.mentor_of)
    everybody = np.arange(mentees)
    places = np.concatenate([rows, everybody]), np.concatenate([columns, seats + everybody])
    weights = np.concatenate([costs, graph.nobody]).astype(np.float64)  # whole numbers below 2^53 stay what they are
    matrix = coo_array((weights, places), shape=(mentees, seats + mentees)).tocsr()
    matched, taken = min_weight_full_bipartite_matching(matrix)
    found = np.full(mentees, -1, np.intp)
    found[matched] = np.where(taken < seats, taken, -1)
    return found
