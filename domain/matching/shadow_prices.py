"""What a solution is worth to each side, which proves that it is the best, or shows what would better it.

A price stands at each mentee and each seat so that no pair of the graph costs less than its two prices come to, matched
ones cost exactly that, and a free seat's price is nothing. Economists call them shadow prices, the textbooks duals.
"""

from typing import NamedTuple

import numpy as np

from domain.matching.arrays import Bools, Index, Whole
from domain.matching.solver import Graph


class Prices(NamedTuple):
    """A solution with its prices."""

    seats: Index
    """Of each mentee; -1: nobody."""
    mentor_of: Index
    """Of each seat."""
    free: Bools
    """Whether a seat is."""
    mentees: Whole
    mentors: Whole
    """Of a mentor's best seat, less what the seat itself costs."""


def prices(graph: Graph, seats: Index) -> Prices:
    """Of the cheapest solution of a graph: seats become cheaper until nobody would rather have another."""
    rows, columns, costs = graph.by_seat
    taken = seats >= 0
    paid = graph.nobody.copy()
    matched = columns == seats[rows]
    paid[rows[matched]] = costs[matched]
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    here = columns[starts]
    price = np.zeros(len(graph.mentor_of), np.int64)
    while True:
        mentees = paid.copy()
        mentees[taken] -= price[seats[taken]]
        lower = price.copy()
        if len(starts):
            lower[here] = np.minimum(
                price[here], np.minimum.reduceat(costs - mentees[rows], starts)
            )
        if np.array_equal(lower, price):
            return Prices(
                seats,
                graph.mentor_of,
                _free(graph, seats),
                mentees,
                _of_mentors(graph, price),
            )
        price = lower


def _free(graph: Graph, seats: Index) -> Bools:
    free = np.ones(len(graph.mentor_of), np.bool_)
    free[seats[seats >= 0]] = False
    return free


def _of_mentors(graph: Graph, price: Whole) -> Whole:
    mentors = np.full(len(graph.seats_of), np.iinfo(np.int64).min // 2, np.int64)
    np.maximum.at(mentors, graph.mentor_of, price - graph.seat_costs)
    return mentors
