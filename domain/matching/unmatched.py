"""Why somebody has no match: the fewest rules that exclude everybody they could have been matched with."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np

from domain.matching.arrays import Bits, Index
from domain.matching.rules import HARD
from domain.matching.scoring import Ruled, Step, parts
from schemas.matching import MatchReason

NOBODY_THERE = "nobody_there"
"""There is no one on the other side at all."""
ALL_TAKEN = "all_taken"
"""Somebody would have been possible, but was matched with another; value: how many."""
_SETS = 1 << len(HARD)

Why = tuple[MatchReason, ...]


def why_mentees(ruled: Ruled, left: Index, step: Step) -> list[Why]:
    """Of mentees by their places; a rule's value is how many it excludes by itself."""
    found: list[Why] = []
    for some in parts((len(left), ruled.c.shape[1]), step):
        found += [_why(counts) for counts in _counted(ruled.excluded(left[some]))]
    return found


def why_mentors(ruled: Ruled, left: Index, step: Step) -> list[Why]:
    """Of mentors by their places."""
    counts = np.zeros((len(left), _SETS), np.intp)
    if len(left):
        for some in parts((ruled.c.shape[0], len(left)), step):
            counts += _counted(ruled.excluded(some, left).T)
    return [_why(one) for one in counts]


def _counted(excluded: Bits) -> Index:
    """By row: how many are excluded by just this set of rules, for every set."""
    rows = np.arange(len(excluded), dtype=np.int32)[:, None] * np.int32(_SETS)
    counts = np.bincount((rows + excluded).ravel(), minlength=len(excluded) * _SETS)
    return counts.reshape(len(excluded), _SETS)


def _why(counts: Index) -> Why:
    if not counts.any():
        return (MatchReason(rule=NOBODY_THERE),)
    if counts[0]:
        return (MatchReason(rule=ALL_TAKEN, value=int(counts[0])),)
    found = tuple(np.flatnonzero(counts).tolist())
    return tuple(
        MatchReason(rule=HARD[at].code, value=_by_itself(counts, found, at))
        for at in _fewest(found)
    )


def _by_itself(counts: Index, found: Sequence[int], place: int) -> int:
    return sum(int(counts[rules]) for rules in found if rules & (1 << place))


@lru_cache(maxsize=10_000)
def _fewest(found: tuple[int, ...]) -> tuple[int, ...]:
    """The smallest set of rules of which each set found holds one; the first such in the order of HARD."""
    places = range(len(HARD))
    for size in places:
        for some in combinations(places, size + 1):
            chosen = sum(1 << place for place in some)
            if all(bits & chosen for bits in found):
                return some
    raise AssertionError("every set holds at least one rule")
