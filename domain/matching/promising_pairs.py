"""Which pairs to look at first: the best few of every mentee and of every mentor. A guess; it decides nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.matching.arrays import Bools, Index, Whole
from domain.matching.scoring import Block

EACH = 24
"""So many pairs of each, or a few more. More make a solution slower, fewer make more corrections: from 8 to 32 were
tried on 5,000 and 10,000 of each side."""

Keys = NDArray[np.uint16]
"""How good pairs are, above 0."""


def promising(blocks: Sequence[Block], mentors: int) -> list[Bools]:
    """Which pairs of each block."""
    each = -(-EACH // max(1, len(blocks)))
    ours, theirs, best = [], [], []
    for block in blocks:
        keys = _keys(block)
        ours.append(_of_mentees(keys, block))
        theirs.append(_of_mentors(keys, block, mentors, each))
        best.append(keys[theirs[-1]])
    if len(blocks) > EACH:
        _keep_best(theirs, best, blocks)
    return [mine | yours for mine, yours in zip(ours, theirs, strict=True)]


def least(slack: Whole, owners: NDArray[np.integer]) -> Index:
    """Of each owner, the few with the least slack, which is a small number."""
    most = np.iinfo(np.uint16).max
    return _largest(
        (most - np.clip(slack - slack.min(initial=0), 0, most)).astype(np.uint16),
        owners,
    )


def _keys(block: Block) -> Keys:
    """Scores, roughly, with a different order for everybody among equals: else all would want the same few."""
    mixed = block.mentees.astype(np.uint32) * np.uint32(40503) ^ block.mentors.astype(
        np.uint32
    ) * np.uint32(2654435761)
    keys: Keys = np.left_shift(block.scores >> 4, 6, dtype=np.uint16)
    keys |= (mixed >> 20 & 63).astype(np.uint16)
    keys += np.uint16(1)
    return keys


def _of_mentees(keys: Keys, block: Block) -> Bools:
    """The best of each mentee."""
    rows = block.mentees - block.first
    within = np.arange(len(keys)) - np.repeat(
        np.cumsum(block.counts) - block.counts, block.counts
    )
    table = np.zeros(
        (len(block.counts), max(EACH, int(block.counts.max(initial=0)))), np.uint16
    )
    table[rows, within] = keys
    found: Bools = keys >= np.partition(table, -EACH, axis=1)[rows, -EACH]
    return found


def _of_mentors(keys: Keys, block: Block, mentors: int, each: int) -> Bools:
    """The best so many of each mentor."""
    table = np.zeros((len(block.counts), mentors), np.uint16)
    table[block.mentees - block.first, block.mentors] = keys
    if len(table) > each:
        table = (
            np.partition(table, -each, axis=0)[-each:]
            if each > 1
            else table.max(axis=0, keepdims=True)
        )
    found: Bools = keys >= table.min(axis=0)[block.mentors]
    return found


def _keep_best(
    chosen: Sequence[Bools], keys: Sequence[Keys], blocks: Sequence[Block]
) -> None:
    """Of what each block chose for a mentor, with its keys, only the best over all blocks."""
    owners = np.concatenate(
        [block.mentors[some] for block, some in zip(blocks, chosen, strict=True)]
    )
    kept = np.zeros(len(owners), np.bool_)
    kept[_largest(np.concatenate(keys), owners)] = True
    ends = np.cumsum([len(some) for some in keys])[:-1]
    for some, here in zip(chosen, np.split(kept, ends), strict=True):
        some[some] = here


def _largest(keys: Keys, owners: NDArray[np.integer]) -> Index:
    """Places of the largest few of each owner."""
    rising = np.argsort(keys, kind="stable")  # sixteen bits are sorted in two passes
    grouped = rising[np.argsort(owners[rising], kind="stable")]
    many = np.bincount(owners, minlength=1)
    from_end = np.repeat(np.cumsum(many), many) - np.arange(len(grouped))
    return grouped[from_end <= EACH]
