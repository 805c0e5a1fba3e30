"""Which pairs to look at first: the best few of every mentee and of every mentor. A guess; it decides nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from activities.matching.arrays import Index, Whole
from activities.matching.scoring import EDGE, Block

EACH = 16
"""So many pairs of each, at least; more make a solution slower and corrections fewer."""


def promising(blocks: Sequence[Block]) -> tuple[Index, Index, Whole]:
    """Mentees, mentors and costs."""
    each = -(-EACH // max(1, len(blocks)))
    chosen = [_of(block, each) for block in blocks]
    mentees, mentors, scores = (np.concatenate(part) for part in zip(*chosen, strict=True))
    return mentees, mentors.astype(np.intp), EDGE - scores.astype(np.int64)


def _of(block: Block, each: int) -> tuple[Index, NDArray[np.integer], NDArray[np.uint16]]:
    mentees = block.mentees
    rising = np.argsort(_keys(block, mentees), kind="stable")
    wanted = np.zeros(len(mentees), np.bool_)
    wanted[_last(rising, (mentees - block.first).astype(np.uint16), EACH)] = True
    wanted[_last(rising, block.mentors, each)] = True
    return mentees[wanted], block.mentors[wanted], block.scores[wanted]


def _keys(block: Block, mentees: Index) -> NDArray[np.uint16]:
    """Scores, roughly, with a different order for everybody among equals: else all would want the same few.

    Sixteen bits are sorted in one pass or two.
    """
    mixed = mentees.astype(np.uint32) * np.uint32(40503) ^ block.mentors.astype(np.uint32) * np.uint32(2654435761)
    keys: NDArray[np.uint16] = np.left_shift(block.scores >> 4, 6, dtype=np.uint16)
    keys |= (mixed >> 20 & 63).astype(np.uint16)
    return keys


def _last(rising: Index, owners: NDArray[np.integer], each: int) -> Index:
    """The last so many of each owner."""
    grouped = rising[np.argsort(owners[rising], kind="stable")]
    many = np.bincount(owners, minlength=1)
    from_end = np.repeat(np.cumsum(many), many) - np.arange(len(grouped))
    return grouped[from_end <= each]
