"""Why somebody has no match: the fewest rules that exclude everybody they could have been matched with."""

from itertools import combinations

import numpy as np

from activities.matching.arrays import Bits
from activities.matching.rules import HARD
from schemas.matching import Reason

NOBODY = "nobody_there"
"""There is no one on the other side at all."""
TAKEN = "all_taken"
"""Somebody would have been possible, but was matched with another; value: how many."""


def why_left(excluded: Bits) -> tuple[Reason, ...]:
    """From one person's row (or column) of exclusions; a rule's value is how many it excludes by itself."""
    if not excluded.size:
        return (Reason(rule=NOBODY),)
    if possible := int(np.count_nonzero(excluded == 0)):
        return (Reason(rule=TAKEN, value=possible),)
    found = np.unique(excluded)
    return tuple(
        Reason(rule=HARD[place].code, value=int(np.count_nonzero(excluded & (1 << place))))
        for place in _fewest([int(bits) for bits in found])
    )


def _fewest(found: list[int]) -> tuple[int, ...]:
    """The smallest set of rules of which each combination found holds one; the first such in the order of HARD."""
    places = range(len(HARD))
    for size in places:
        for some in combinations(places, size + 1):
            chosen = sum(1 << place for place in some)
            if all(bits & chosen for bits in found):
                return some
    raise AssertionError("every combination holds at least one rule")
