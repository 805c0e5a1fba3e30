"""What the rules of a policy come to: who is excluded by which, how well the others suit, and why."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from activities.matching.arrays import Bits, Floats
from activities.matching.candidates import Candidates
from activities.matching.rules import HARD, SOFT, Hard, Soft
from schemas.matching import Reason

Weights = NDArray[np.float64]


def exclusions(c: Candidates) -> Bits:
    """One bit a hard rule that excludes the two, by its place in HARD; 0: they may be matched."""
    bits = np.zeros(c.shape, np.uint16)
    for place, rule in enumerate(HARD):
        bits |= np.where(rule.lets(c), 0, 1 << place).astype(np.uint16)
    return bits


def scores(c: Candidates) -> Floats:
    """How well each two suit, 0 to 1: the weighted mean of the soft rules."""
    total = np.zeros(c.shape, np.float32)
    for rule, weight in zip(SOFT, _weights(c), strict=True):
        if weight:
            total += np.float32(weight) * rule.suits(c)
    return np.clip(total, 0, 1)


def explain(c: Candidates, pairs: Sequence[tuple[int, int]]) -> list[tuple[Reason, ...]]:
    """The reasons of some pairs: what weighed most first, then what the hard rules found."""
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    shares = [
        weight * rule.suits(c)[rows, columns] if weight else np.zeros(len(pairs))
        for rule, weight in zip(SOFT, _weights(c), strict=True)
    ]
    return [_reasons(c, row, column, [float(share[at]) for share in shares]) for at, (row, column) in enumerate(pairs)]


def _reasons(c: Candidates, row: int, column: int, shares: Sequence[float]) -> tuple[Reason, ...]:
    weighed = sorted(zip(shares, SOFT, strict=True), key=lambda one: -one[0])
    rules: list[Hard | Soft] = [*(rule for share, rule in weighed if share > 0), *HARD]
    found = (_found(rule, c, row, column) for rule in rules)
    return tuple(reason for reason in found if reason is not None)


def _found(rule: Hard | Soft, c: Candidates, row: int, column: int) -> Reason | None:
    if rule.because is not None:
        return rule.because(c, c.mentors[row], c.mentees[column])
    return Reason(rule=rule.code) if isinstance(rule, Soft) else None


def _weights(c: Candidates) -> Weights:
    """Weights of SOFT, summing to 1; all 0 where the policy weighs nothing."""
    weights = np.array([rule.weight(c.policy.matching) for rule in SOFT])
    return weights / weights.sum() if weights.any() else weights
