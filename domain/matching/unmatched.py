"""Why somebody has no match: the fewest rules that exclude all they could have had."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np

from domain.matching.arrays import BitArray, IndexArray
from domain.matching.rules import HARD_RULES
from domain.matching.scoring import CancellationCheckpoint, RuledPool, row_blocks
from schemas.matches.matching import MatchReason

NOBODY_THERE = "nobody_there"
"""There is no one on the other side at all."""
ALL_TAKEN = "all_taken"
"""Reason: all whom the rules allow were matched with others; value: how many they are."""
_RULE_SETS = 1 << len(HARD_RULES)
"""How many sets of hard rules there are. A set is a number with a bit for each rule."""

Reasons = tuple[MatchReason, ...]


def why_mentees_unmatched(
    ruled: RuledPool, mentees: IndexArray, checkpoint: CancellationCheckpoint
) -> list[Reasons]:
    """The value of a rule is how many mentors it excludes by itself."""
    found: list[Reasons] = []
    for rows in row_blocks((len(mentees), ruled.shape[1]), checkpoint):
        counts = _count_rule_sets(ruled.excluding_rules(mentees[rows]))
        found += [_reasons(of_one) for of_one in counts]
    return found


def why_mentors_unmatched(
    ruled: RuledPool, mentors: IndexArray, checkpoint: CancellationCheckpoint
) -> list[Reasons]:
    counts = np.zeros((len(mentors), _RULE_SETS), np.intp)
    if len(mentors):
        for rows in row_blocks((ruled.shape[0], len(mentors)), checkpoint):
            counts += _count_rule_sets(ruled.excluding_rules(rows, mentors).T)
    return [_reasons(of_one) for of_one in counts]


def _count_rule_sets(excluding: BitArray) -> IndexArray:
    """Returns for each row how many are excluded by just this set of rules, for every
    set.
    """
    count = len(excluding)
    first_of_row = np.arange(count, dtype=np.int32)[:, None] * np.int32(_RULE_SETS)
    numbers = (first_of_row + excluding).ravel()
    return np.bincount(numbers, minlength=count * _RULE_SETS).reshape(count, _RULE_SETS)


def _reasons(counts: IndexArray) -> Reasons:
    """Takes how many are excluded by each set of rules; the empty set allows them."""
    if not counts.any():
        return (MatchReason(rule=NOBODY_THERE),)
    if counts[0]:
        return (MatchReason(rule=ALL_TAKEN, value=int(counts[0])),)
    rule_sets = tuple(np.flatnonzero(counts).tolist())
    return tuple(
        MatchReason(
            rule=HARD_RULES[rule].code, value=_excluded_by(rule, counts, rule_sets)
        )
        for rule in _fewest_rules(rule_sets)
    )


def _excluded_by(rule: int, counts: IndexArray, rule_sets: Sequence[int]) -> int:
    return sum(int(counts[rules]) for rules in rule_sets if rules & (1 << rule))


@lru_cache(maxsize=10_000)
def _fewest_rules(rule_sets: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the fewest rules such that each of the sets holds one of them; the first
    such in the order of HARD_RULES.
    """
    rules = range(len(HARD_RULES))
    for size in rules:
        for some in combinations(rules, size + 1):
            chosen = sum(1 << rule for rule in some)
            if all(rule_set & chosen for rule_set in rule_sets):
                return some
    raise AssertionError("every set holds at least one rule")
