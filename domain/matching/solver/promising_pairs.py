"""The pairs with which the solver begins: the best few of each mentee and mentor.

They only save time: `exact_solution` adds every other pair that the solution needs.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.matching.arrays import BoolArray, IndexArray, IntArray
from domain.matching.scoring import PairBlock

PAIRS_EACH = 24
"""So many pairs of each person, or a few more. More make a solution slower, fewer make
more corrections: from 8 to 32 were tried on 5,000 and 10,000 of each side."""

Ranks: TypeAlias = NDArray[np.uint16]
"""How good each pair is, above 0. Sixteen bits are sorted in two passes."""


def promising_pairs(blocks: Sequence[PairBlock], mentors: int) -> list[BoolArray]:
    """Marks, block by block, the best few pairs of each mentee and of each mentor."""
    per_block = -(-PAIRS_EACH // max(1, len(blocks)))
    of_mentees, of_mentors, ranks_of_those = [], [], []
    for block in blocks:
        ranks = _ranks(block)
        of_mentees.append(_best_of_mentees(ranks, block))
        of_mentors.append(_best_of_mentors(ranks, block, mentors, per_block))
        ranks_of_those.append(ranks[of_mentors[-1]])
    if len(blocks) > PAIRS_EACH:
        _keep_best_of_all_blocks(of_mentors, ranks_of_those, blocks)
    return [one | other for one, other in zip(of_mentees, of_mentors, strict=True)]


def least_of_each(values: IntArray, owners: NDArray[np.integer]) -> IndexArray:
    """Returns the places of the few least values of each owner."""
    most = np.iinfo(np.uint16).max
    above_least = np.clip(values - values.min(initial=0), 0, most)
    return _largest_of_each((most - above_least).astype(np.uint16), owners)


def _ranks(block: PairBlock) -> Ranks:
    """Ranks pairs roughly by score. Equal scores are mixed differently for each person,
    since otherwise all would begin with the same few people.
    """
    mixed = block.mentees.astype(np.uint32)
    mixed *= np.uint32(40503)
    mixed ^= block.mentors * np.uint32(2654435761)
    mixed >>= np.uint32(20)
    mixed &= np.uint32(63)
    ranks: Ranks = np.left_shift(block.scores >> 4, 6, dtype=np.uint16)
    ranks |= mixed.astype(np.uint16)
    ranks += np.uint16(1)
    return ranks


def _best_of_mentees(ranks: Ranks, block: PairBlock) -> BoolArray:
    counts = block.pair_counts
    rows = block.mentees - block.first_mentee
    columns = np.arange(len(ranks)) - np.repeat(np.cumsum(counts) - counts, counts)
    width = max(PAIRS_EACH, int(counts.max(initial=0)))
    table = np.zeros((len(counts), width), np.uint16)
    table[rows, columns] = ranks
    least_kept = np.partition(table, -PAIRS_EACH, axis=1)[:, -PAIRS_EACH]
    return ranks >= least_kept[rows]


def _best_of_mentors(
    ranks: Ranks, block: PairBlock, mentors: int, per_block: int
) -> BoolArray:
    table = np.zeros((len(block.pair_counts), mentors), np.uint16)
    table[block.mentees - block.first_mentee, block.mentors] = ranks
    if len(table) > per_block:
        table = _largest_rows(table, per_block)
    found: BoolArray = ranks >= table.min(axis=0)[block.mentors]
    return found


def _largest_rows(table: Ranks, count: int) -> Ranks:
    """Returns the largest few values of each column."""
    if count == 1:
        found: Ranks = table.max(axis=0, keepdims=True)
        return found
    return np.partition(table, -count, axis=0)[-count:]


def _keep_best_of_all_blocks(
    chosen: Sequence[BoolArray], ranks: Sequence[Ranks], blocks: Sequence[PairBlock]
) -> None:
    """Unmarks what a block chose for a mentor and other blocks have better."""
    mentors = np.concatenate(
        [block.mentors[marks] for block, marks in zip(blocks, chosen, strict=True)]
    )
    kept = np.zeros(len(mentors), np.bool_)
    kept[_largest_of_each(np.concatenate(ranks), mentors)] = True
    ends = np.cumsum([len(of_block) for of_block in ranks])[:-1]
    for marks, kept_here in zip(chosen, np.split(kept, ends), strict=True):
        marks[marks] = kept_here


def _largest_of_each(ranks: Ranks, owners: NDArray[np.integer]) -> IndexArray:
    """Returns the places of the largest few of each owner."""
    rising = np.argsort(ranks, kind="stable")
    by_owner = rising[np.argsort(owners[rising], kind="stable")]
    counts = np.bincount(owners, minlength=1)
    from_end = np.repeat(np.cumsum(counts), counts) - np.arange(len(by_owner))
    return by_owner[from_end <= PAIRS_EACH]
