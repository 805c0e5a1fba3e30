"""Which pairs to look at first: the best few of every mentee and of every mentor. A guess; it decides nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from activities.matching.arrays import Bools, Index, Whole
from activities.matching.scoring import Block

EACH = 24
"""So many pairs of each, or a few more. More make a solution slower, fewer make more corrections: from 8 to 32 were
tried on 5,000 and 10,000 of each side."""

Keys = NDArray[np.uint16]
"""How good pairs are, above 0."""


def promising(blocks: Sequence[Block], mentors: int) -> list[Bools]:
    """Which pairs of each block."""
    keys = [_keys(block) for block in blocks]
    each = -(-EACH // max(1, len(blocks)))
    theirs = [_of_mentors(key, block, mentors, each) for key, block in zip(keys, blocks, strict=True)]
    if len(blocks) > EACH:
        theirs = _best_of(theirs, keys, blocks)
    return [_of_mentees(key, block) | these for key, block, these in zip(keys, blocks, theirs, strict=True)]


def least(slack: Whole, owners: NDArray[np.integer]) -> Index:
    """Of each owner, the few with the least slack, which is a small number."""
    most = np.iinfo(np.uint16).max
    return _largest((most - np.clip(slack - slack.min(initial=0), 0, most)).astype(np.uint16), owners)


def _keys(block: Block) -> Keys:
    """Scores, roughly, with a different order for everybody among equals: else all would want the same few."""
    mixed = block.mentees.astype(np.uint32) * np.uint32(40503) ^ block.mentors.astype(np.uint32) * np.uint32(2654435761)
    keys: Keys = np.left_shift(block.scores >> 4, 6, dtype=np.uint16)
    keys |= (mixed >> 20 & 63).astype(np.uint16)
    keys += np.uint16(1)
    return keys


def _of_mentees(keys: Keys, block: Block) -> Bools:
    """The best of each mentee."""
    rows = block.mentees - block.first
    within = np.arange(len(keys)) - np.repeat(np.cumsum(block.counts) - block.counts, block.counts)
    table = np.zeros((len(block.counts), max(EACH, int(block.counts.max(initial=0)))), np.uint16)
    table[rows, within] = keys
    found: Bools = keys >= np.partition(table, -EACH, axis=1)[rows, -EACH]
    return found


def _of_mentors(keys: Keys, block: Block, mentors: int, each: int) -> Bools:
    """The best so many of each mentor."""
    table = np.zeros((len(block.counts), mentors), np.uint16)
    table[block.mentees - block.first, block.mentors] = keys
    if len(table) > each:
        table = np.partition(table, -each, axis=0)[-each:] if each > 1 else table.max(axis=0, keepdims=True)
    found: Bools = keys >= table.min(axis=0)[block.mentors]
    return found


def _best_of(chosen: Sequence[Bools], keys: Sequence[Keys], blocks: Sequence[Block]) -> list[Bools]:
    """Of what each block chose for a mentor, the best over all blocks."""
    key = np.concatenate([key[some] for key, some in zip(keys, chosen, strict=True)])
    owners = np.concatenate([block.mentors[some] for block, some in zip(blocks, chosen, strict=True)])
    kept = np.zeros(len(key), np.bool_)
    kept[_largest(key, owners)] = True
    ends = np.cumsum([np.count_nonzero(some) for some in chosen])[:-1]
    for some, here in zip(chosen, np.split(kept, ends), strict=True):
        some[some] = here
    return list(chosen)


def _largest(keys: Keys, owners: NDArray[np.integer]) -> Index:
    """Places of the largest few of each owner."""
    rising = np.argsort(keys, kind="stable")  # sixteen bits are sorted in two passes
    grouped = rising[np.argsort(owners[rising], kind="stable")]
    many = np.bincount(owners, minlength=1)
    from_end = np.repeat(np.cumsum(many), many) - np.arange(len(grouped))
    return grouped[from_end <= EACH]
