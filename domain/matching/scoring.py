"""A pool with its policy's rules applied: who is excluded by what, who fits how well.

Nothing here is held for all mentees and mentors at once except the allowed pairs, at
four bytes each.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from domain.matching.arrays import AnyArray, BitArray, BoolArray, FloatArray, IndexArray
from domain.matching.candidates import Candidates
from domain.matching.categories import CategoryRule, ExclusionRule
from domain.matching.rules import HARD_RULES, SOFT_RULES, HardRule, SoftRule
from schemas.matches.matching import MatchReason

BEST_SCORE = 10_000
"""The score of two who fit in everything; scores are whole numbers from here on."""
BLOCK_CELLS = 2_000_000
"""So many mentees times mentors are looked at together."""

CancellationCheckpoint = Callable[[], None]
"""Called between two pieces of work; it may raise to stop the work."""


class PairBlock(NamedTuple):
    """The allowed pairs of some mentees whose places follow one another."""

    first_mentee: int
    pair_counts: IndexArray
    """How many pairs each mentee has."""
    mentors: NDArray[np.integer]
    """The mentor of each pair."""
    scores: NDArray[np.uint16]
    """The score of each pair, 0 to BEST_SCORE."""

    @property
    def mentees(self) -> IndexArray:
        """The mentee of each pair."""
        end = self.first_mentee + len(self.pair_counts)
        return np.repeat(np.arange(self.first_mentee, end), self.pair_counts)


@dataclass(frozen=True)
class RuledPool:
    """Candidates with every rule of the policy applied to their categories."""

    candidates: Candidates
    hard: tuple[CategoryRule | ExclusionRule | None, ...]
    """The hard rules by place in HARD_RULES; None: switched off, or it allows
    everybody."""
    soft: tuple[tuple[float, CategoryRule], ...]
    """Weight, 0 to 1 and 1 in all, and rule; without those that weigh nothing."""
    soft_rules: tuple[SoftRule, ...]
    """The declarations of the rules in `soft`, in the same order."""

    @classmethod
    def of(cls, candidates: Candidates) -> Self:
        policy = candidates.policy.matching
        hard = [
            rule.apply(candidates) if rule.is_on(policy) else None
            for rule in HARD_RULES
        ]
        soft = tuple(rule for rule in SOFT_RULES if rule.weight(policy))
        total = sum(rule.weight(policy) for rule in soft)
        return cls(
            candidates,
            tuple(
                None if rule is None or rule.allows_everybody else rule for rule in hard
            ),
            tuple(
                (rule.weight(policy) / total, rule.apply(candidates)) for rule in soft
            ),
            soft,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of mentees and mentors."""
        return self.candidates.shape

    def without_hard_rule(self, place: int) -> Self:
        return replace(self, hard=(*self.hard[:place], None, *self.hard[place + 1 :]))

    def allows(
        self, mentees: IndexArray, mentors: IndexArray | None = None
    ) -> BoolArray:
        """Returns whether all hard rules allow each of these with each; None: with
        every mentor.
        """
        allowed = np.ones((len(mentees), self._width(mentors)), np.bool_)
        for rule in self.hard:
            if rule is not None:
                allowed &= rule.allows(mentees, mentors)
        return allowed

    def excluding_rules(
        self, mentees: IndexArray, mentors: IndexArray | None = None
    ) -> BitArray:
        """Returns a bit for each hard rule that excludes the two, by its place in
        HARD_RULES; 0: they may be matched.
        """
        bits = np.zeros((len(mentees), self._width(mentors)), np.uint16)
        for place, rule in enumerate(self.hard):
            if rule is not None:
                excluded = ~rule.allows(mentees, mentors)
                bits |= excluded.astype(np.uint16) << np.uint16(place)
        return bits

    def _width(self, mentors: IndexArray | None) -> int:
        return self.shape[1] if mentors is None else len(mentors)

    def score_shares(
        self, mentees: IndexArray, mentors: IndexArray
    ) -> list[FloatArray]:
        """Returns for each soft rule what it adds to the score of each pair."""
        return [
            np.float32(weight) * rule.for_pairs(mentees, mentors)
            for weight, rule in self.soft
        ]

    def scores(self, mentees: IndexArray, mentors: IndexArray) -> list[float]:
        """Returns the score of each pair, 0 to 1, to four places."""
        total = sum(self.score_shares(mentees, mentors), np.zeros(len(mentees)))
        scores: list[float] = np.clip(total, 0, 1).round(4).tolist()
        return scores

    def allowed_blocks(self, checkpoint: CancellationCheckpoint) -> Iterator[PairBlock]:
        """Yields all allowed pairs, with their scores."""
        width = self.shape[1]
        column_type = np.uint16 if width <= 1 << 16 else np.int32
        for mentees in row_blocks(self.shape, checkpoint):
            allowed = self.allows(mentees)
            rows, columns = np.divmod(np.flatnonzero(allowed), max(1, width))
            yield PairBlock(
                int(mentees[0]),
                np.count_nonzero(allowed, axis=1),
                columns.astype(column_type),
                self._integer_scores(mentees, rows, columns),
            )

    def _integer_scores(
        self, mentees: IndexArray, rows: IndexArray, columns: IndexArray
    ) -> NDArray[np.uint16]:
        """Returns the score of each pair, 0 to BEST_SCORE.

        Args:
            rows: the place of each pair's mentee within `mentees`.
            columns: the place of each pair's mentor among all mentors.
        """
        total = np.zeros(len(rows), np.float32)
        for weight, rule in self.soft:
            total += np.float32(weight) * rule.table_for(mentees).for_pairs(
                rows, columns
            )
        return integer_scores(total)


def integer_scores(scores: AnyArray) -> NDArray[np.uint16]:
    """Turns scores from 0 to 1 into whole numbers up to BEST_SCORE."""
    clipped = np.clip(scores, 0, 1)
    clipped *= BEST_SCORE
    found: NDArray[np.uint16] = np.rint(clipped, out=clipped).astype(np.uint16)
    return found


def row_blocks(
    shape: tuple[int, int], checkpoint: CancellationCheckpoint
) -> Iterator[IndexArray]:
    """Yields the rows of a table, as many at a time as make a block."""
    rows, columns = shape
    size = max(1, BLOCK_CELLS // max(1, columns))
    for first in range(0, rows, size):
        checkpoint()
        yield np.arange(first, min(first + size, rows))


def pair_reasons(
    ruled: RuledPool, mentees: IndexArray, mentors: IndexArray
) -> list[tuple[MatchReason, ...]]:
    """Returns the reasons of each pair: what added most to its score first, then what
    the hard rules found.
    """

    def explained(
        rules: Iterable[HardRule | SoftRule],
    ) -> list[list[MatchReason | None]]:
        return [
            list(rule.explain(ruled.candidates, mentees, mentors))
            for rule in rules
            if rule.explain
        ]

    soft, hard = explained(ruled.soft_rules), explained(HARD_RULES)
    shares = np.array(ruled.score_shares(mentees, mentors))
    shares = shares.reshape(len(ruled.soft), len(mentees))
    largest_first = np.argsort(-shares, axis=0, kind="stable").T.tolist()
    adds = (shares > 0).T.tolist()
    reasons = []
    for pair, rules in enumerate(largest_first):
        found = [soft[rule][pair] for rule in rules if adds[pair][rule]]
        found += [of_pairs[pair] for of_pairs in hard]
        reasons.append(tuple(reason for reason in found if reason is not None))
    return reasons
