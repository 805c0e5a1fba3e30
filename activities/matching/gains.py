"""What loosening each rule would gain: how many more mentees could be matched if one rule were switched off.

The number is what a whole new assignment without the rule would come to, but is found from the one that stands: who is
left looks for a free seat, through others who could move to another mentor, until nobody finds one any more. By Berge's
theorem there is then no larger assignment. Scores do not matter to it.
"""

from collections.abc import Iterator

import numpy as np

from activities.matching.arrays import Bools, Index
from activities.matching.rules import HARD
from activities.matching.scoring import Ruled, Step, parts
from schemas.matching import Gain


class TooLong(Exception):
    """A `step` raises it where counting has taken long enough."""


def gains(ruled: Ruled, mentor_of: Index, free: Index, step: Step) -> tuple[Gain, ...]:
    """Of every rule that can be switched off and excludes anybody, most first.

    Args:
        mentor_of: the mentor of each mentee, -1 for none, as the assignment has it.
        free: how many free seats a mentor has beside those.
        step: called between blocks; where it raises `TooLong`, what is not counted yet is said to be so.
    """
    if not (free > 0).any() or not (mentor_of < 0).any():
        return ()
    places = [at for at, rule in enumerate(HARD) if rule.field and ruled.hard[at] is not None]
    found = [Gain(rule=HARD[at].code, more=_more(ruled.without(at), mentor_of, free, step)) for at in places]
    return tuple(sorted((g for g in found if g.more != 0), key=lambda gain: -(gain.more or 0)))


def _more(ruled: Ruled, mentor_of: Index, free: Index, step: Step) -> int | None:
    search = _Search(ruled, mentor_of.copy(), free.copy())
    try:
        while search.moves(step):
            pass
    except TooLong:
        return None
    return int((mentor_of < 0).sum() - (search.mentor_of < 0).sum())


class _Search:
    """An assignment that grows: everybody without a mentor searches at once, one step further at a time."""

    def __init__(self, ruled: Ruled, mentor_of: Index, free: Index) -> None:
        self._ruled = ruled
        self.mentor_of = mentor_of
        self._free = free

    def moves(self, step: Step) -> bool:
        """Match whoever finds a free seat over the fewest others; false: nobody does, however many move."""
        alone = np.flatnonzero(self.mentor_of < 0)
        self._from = np.full(len(self._free), -1, np.intp)  # by mentor: who reached them
        self._root = np.full(len(self.mentor_of), -1, np.intp)  # by mentee: for whom they would move
        self._root[alone] = alone
        seen = np.zeros(len(self._free), np.bool_)
        here = alone
        while len(here):
            matched, reached = False, np.zeros(len(self._free), np.bool_)
            for some in parts((len(here), len(self._free)), step):
                could = self._ruled.lets(here[some])
                matched |= self._seat(here[some], could)
                reached |= self._reach(here[some], could, seen | reached)
            if matched:
                return True
            seen |= reached
            here = np.flatnonzero(reached[self.mentor_of] & (self.mentor_of >= 0))
            self._root[here] = self._root[self._from[self.mentor_of[here]]]
        return False

    def _seat(self, mentees: Index, could: Bools) -> bool:
        """Give free seats to those who could have one, once for each of those at the beginning of the search."""
        matched = False
        for row in np.flatnonzero(could[:, self._free > 0].any(axis=1)):
            root = self._root[mentees[row]]
            seats = np.flatnonzero(could[row] & (self._free > 0))
            if self.mentor_of[root] < 0 and len(seats):
                self._free[seats[0]] -= 1
                for mentee, mentor in list(self._chain(int(mentees[row]), int(seats[0]))):
                    self.mentor_of[mentee] = mentor
                matched = True
        return matched

    def _chain(self, mentee: int, mentor: int) -> Iterator[tuple[int, int]]:
        """Who moves where, so that this mentee gets that mentor."""
        while True:
            before = int(self.mentor_of[mentee])
            yield mentee, mentor
            if before < 0:
                return
            mentee, mentor = int(self._from[before]), before

    def _reach(self, mentees: Index, could: Bools, seen: Bools) -> Bools:
        new: Bools = could.any(axis=0) & ~seen
        self._from[new] = mentees[could[:, new].argmax(axis=0)]
        return new
