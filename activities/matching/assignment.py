"""The exact assignment: as many mentees as possible, then the best total score, then first in line, then ids."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from activities.matching.arrays import Bools, Floats

DECIMALS = 4
"""Scores that agree to so many decimals are equal; a seat's turn decides between them."""

_Vector = NDArray[np.float64]


def assign(allowed: Bools, scores: Floats, turns: Sequence[int]) -> list[tuple[int, int]]:
    """(seat, mentee) of everyone who is matched, by seat.

    Args:
        allowed: seat by mentee.
        scores: seat by mentee, 0 to 1.
        turns: of each seat, counted from 0; among equal results the one with the earliest turns is taken.
    """
    seats = len(allowed)
    if not allowed.any():
        return []
    costs = _costs(allowed, scores, np.asarray(turns, np.float64))
    matched, columns = min_weight_full_bipartite_matching(costs)
    return sorted((int(s), int(m)) for m, s in zip(matched, columns, strict=True) if s < seats)


def _costs(allowed: Bools, scores: Floats, turns: _Vector) -> csr_array:
    """Mentee by seat, with a private column more for each mentee that stands for "no match".

    A full matching always exists then. No match costs 2(n+1), more than n matches can lose by scoring worse (an
    edge costs 1 to 2), so that the number of matches comes first. No cost is zero: that would mean "no edge".
    """
    seats, mentees = allowed.shape
    columns, rows = np.nonzero(allowed)
    # all that turns can add up to stays below one step of a score
    step = 10.0**-DECIMALS / (4 * (mentees + 1))
    edges = 2 - np.round(scores[columns, rows].astype(np.float64), DECIMALS) + step * turns[columns] / seats
    nobody = 2.0 * (mentees + 1) + step * _earlier(mentees)
    costs = np.concatenate([edges, nobody])
    rows, columns = np.concatenate([rows, np.arange(mentees)]), np.concatenate([columns, seats + np.arange(mentees)])
    return coo_array((costs, (rows, columns)), shape=(mentees, seats + mentees)).tocsr()


def _earlier(count: int) -> _Vector:
    """1 for the first, then less: whom it costs most to leave out, all else equal."""
    return 1 - np.arange(count) / count
