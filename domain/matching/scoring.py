"""What the rules of a policy come to: who is excluded by which, how well the others suit, and why.

Nothing here is held for all mentees and mentors at once but the pairs that are allowed, at four bytes each.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from domain.matching.arrays import Bits, Bools, Floats, Index, Table
from domain.matching.candidates import Candidates
from domain.matching.categories import Categories, Except
from domain.matching.rules import HARD, SOFT, Hard, Soft
from schemas.matching import MatchReason

BEST = 10_000
"""The score of two who suit in everything; scores are whole numbers from here on."""
EDGE = 2 * BEST
"""What a pair costs that suits in nothing; one that suits in everything costs half. None is free: a cost of zero would
mean to the solver that there is no such pair."""
BLOCK = 2_000_000
"""So many mentees times mentors are looked at together."""

Step = Callable[[], None]
"""Called between two blocks; it may raise to stop the work."""


class Block(NamedTuple):
    """The allowed pairs of some mentees that follow one another."""

    first: int
    """Place of the first of the mentees."""
    counts: Index
    """How many pairs each has."""
    mentors: NDArray[np.integer]
    scores: NDArray[np.uint16]
    """0 to BEST."""

    @property
    def mentees(self) -> Index:
        return np.repeat(
            np.arange(self.first, self.first + len(self.counts)), self.counts
        )


@dataclass(frozen=True)
class Ruled:
    """Candidates with every rule of the policy worked out as far as kinds go."""

    c: Candidates
    hard: tuple[Categories | Except | None, ...]
    """By place in HARD; None: switched off, or it lets everybody."""
    soft: tuple[tuple[float, Categories], ...]
    """Weight, 0 to 1 and 1 in all, and rule; those that weigh nothing are left out, and `weighing` names the others."""
    weighing: tuple[Soft, ...]

    @classmethod
    def of(cls, c: Candidates) -> Self:
        policy = c.policy.matching
        hard = [rule.lets(c) if rule.holds(policy) else None for rule in HARD]
        weights = [(rule, rule.weight(policy)) for rule in SOFT if rule.weight(policy)]
        total = sum(weight for _, weight in weights)
        return cls(
            c,
            tuple(None if rule is None or rule.lets_all else rule for rule in hard),
            tuple((weight / total, rule.suits(c)) for rule, weight in weights),
            tuple(rule for rule, _ in weights),
        )

    def without(self, place: int) -> Self:
        """With one hard rule off."""
        return replace(self, hard=(*self.hard[:place], None, *self.hard[place + 1 :]))

    def lets(self, mentees: Index, mentors: Index | None = None) -> Bools:
        """Whether every hard rule lets the two."""
        found = np.ones(
            (len(mentees), self.c.shape[1] if mentors is None else len(mentors)),
            np.bool_,
        )
        for rule in self.hard:
            if rule is not None:
                found &= rule.lets(mentees, mentors)
        return found

    def excluded(self, mentees: Index, mentors: Index | None = None) -> Bits:
        """One bit a hard rule that excludes the two, by its place in HARD; 0: they may be matched."""
        bits = np.zeros(
            (len(mentees), self.c.shape[1] if mentors is None else len(mentors)),
            np.uint16,
        )
        for place, rule in enumerate(self.hard):
            if rule is not None:
                bits |= (~rule.lets(mentees, mentors)).astype(np.uint16) << np.uint16(
                    place
                )
        return bits

    def shares(self, mentees: Index, mentors: Index) -> list[Floats]:
        """Of pairs: what each soft rule adds to their score."""
        return [
            np.float32(weight) * rule.pairs(mentees, mentors)
            for weight, rule in self.soft
        ]

    def blocks(self, step: Step) -> Iterator[Block]:
        """All allowed pairs, with their scores."""
        small = np.uint16 if self.c.shape[1] <= 1 << 16 else np.int32
        for some in parts(self.c.shape, step):
            allowed = self.lets(some)
            rows, columns = np.divmod(np.flatnonzero(allowed), max(1, self.c.shape[1]))
            counts = np.count_nonzero(allowed, axis=1)
            yield Block(
                int(some[0]),
                counts,
                columns.astype(small),
                self._scores(some, rows, columns),
            )

    def _scores(self, some: Index, rows: Index, columns: Index) -> NDArray[np.uint16]:
        total = np.zeros(len(rows), np.float32)
        for weight, rule in self.soft:
            total += np.float32(weight) * rule.over(some).at(rows, columns)
        return whole_scores(total)


def whole_scores(scores: Table) -> NDArray[np.uint16]:
    """From 0 to 1 to whole numbers up to BEST."""
    found: NDArray[np.uint16] = np.rint(np.clip(scores, 0, 1) * BEST).astype(np.uint16)
    return found


def parts(shape: tuple[int, int], step: Step) -> Iterator[Index]:
    """Mentees by places, as many at a time as make a block."""
    rows = max(1, BLOCK // max(1, shape[1]))
    for first in range(0, shape[0], rows):
        step()
        yield np.arange(first, min(first + rows, shape[0]))


def explain(
    ruled: Ruled, mentees: Index, mentors: Index
) -> list[tuple[MatchReason, ...]]:
    """The reasons of pairs: what weighed most first, then what the hard rules found."""
    c = ruled.c
    shares = np.array(ruled.shares(mentees, mentors)).reshape(
        len(ruled.soft), len(mentees)
    )
    order = np.argsort(-shares, axis=0, kind="stable").T.tolist()
    soft = [_told(rule, c, mentees, mentors) for rule in ruled.weighing]
    hard = [_told(rule, c, mentees, mentors) for rule in HARD if rule.because]
    counted = (shares > 0).T.tolist()
    return [
        tuple(
            reason
            for reason in (
                *(soft[k][at] for k in order[at] if counted[at][k]),
                *(told[at] for told in hard),
            )
            if reason is not None
        )
        for at in range(len(mentees))
    ]


def _told(
    rule: Hard | Soft, c: Candidates, mentees: Index, mentors: Index
) -> Sequence[MatchReason | None]:
    if rule.because is None:
        return [MatchReason(rule=rule.code)] * len(mentees)
    return list(rule.because(c, mentees, mentors))
