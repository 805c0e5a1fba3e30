"""What loosening each rule would gain: how many more mentees could be matched if one rule were switched off.

The number is what a whole new assignment without the rule would come to, but is found from the one that stands: who is
left looks for a free seat, through others who could move to another mentor, until nobody finds one any more. By Berge's
theorem there is then no larger assignment. Scores do not matter to it.
"""

from collections.abc import Iterator

import numpy as np

from domain.matching.arrays import Bools, Index
from domain.matching.rules import HARD
from domain.matching.scoring import Ruled, Step, parts
from schemas.matching import RuleGain

AT_MOST = 4_000
"""Mentors; as many mentees are looked at together as if there were so many: most are helped by a few."""


class TooLong(Exception):
    """A `step` raises it where counting has taken long enough."""


def gains(
    ruled: Ruled, mentor_of: Index, free: Index, step: Step
) -> tuple[RuleGain, ...]:
    """Of every rule that can be switched off and excludes anybody, most first.

    Args:
        mentor_of: the mentor of each mentee, -1 for none, as the assignment has it.
        free: how many free seats a mentor has beside those.
        step: called between blocks; where it raises `TooLong`, what is not counted yet is said to be so.
    """
    if not (free > 0).any() or not (mentor_of < 0).any():
        return ()
    places = [
        at for at, rule in enumerate(HARD) if rule.field and ruled.hard[at] is not None
    ]
    found = [
        RuleGain(
            rule=HARD[at].code,
            more_people=_more(ruled.without(at), mentor_of, free, step),
        )
        for at in places
    ]
    return tuple(
        sorted(
            (g for g in found if g.more_people != 0),
            key=lambda gain: -(gain.more_people or 0),
        )
    )


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
        self._from = np.full(
            len(self._free), -1, np.intp
        )  # by mentor: who reached them
        self._root = np.full(
            len(self.mentor_of), -1, np.intp
        )  # by mentee: for whom they would move
        self._root[alone] = alone
        seen = np.zeros(len(self._free), np.bool_)
        here = alone
        while len(here):
            matched, reached = False, np.zeros(len(self._free), np.bool_)
            mentors = np.flatnonzero(
                ~seen | (self._free > 0)
            )  # soon few: nobody looks at a mentor twice for a way
            for places in parts((len(here), max(len(mentors), AT_MOST)), step):
                some = here[places]
                some = some[
                    self.mentor_of[self._root[some]] < 0
                ]  # who was helped meanwhile needs no other way
                could = self._lets(some, mentors)
                matched |= self._seat(some, mentors, could)
                reached |= self._reach(some, mentors, could, seen | reached)
            if matched:
                return True
            seen |= reached
            here = np.flatnonzero(reached[self.mentor_of] & (self.mentor_of >= 0))
            self._root[here] = self._root[self._from[self.mentor_of[here]]]
        return False

    def _lets(self, mentees: Index, mentors: Index) -> Bools:
        """All mentors at once are looked up faster than so many of them."""
        return self._ruled.lets(
            mentees, mentors if len(mentors) < len(self._free) else None
        )

    def _seat(self, mentees: Index, mentors: Index, could: Bools) -> bool:
        """Give free seats to those who could have one, once for each of those at the beginning of the search."""
        matched, offering = False, self._free[mentors] > 0
        could, mentors = could[:, offering], mentors[offering]
        for row in np.flatnonzero(could.any(axis=1)):
            root = self._root[mentees[row]]
            seats = mentors[could[row] & (self._free[mentors] > 0)]
            if self.mentor_of[root] < 0 and len(seats):
                self._free[seats[0]] -= 1
                for mentee, mentor in list(
                    self._chain(int(mentees[row]), int(seats[0]))
                ):
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

    def _reach(
        self, mentees: Index, mentors: Index, could: Bools, seen: Bools
    ) -> Bools:
        new = could.any(axis=0) & ~seen[mentors]
        if new.any():
            self._from[mentors[new]] = mentees[could[:, new].argmax(axis=0)]
        reached: Bools = np.zeros(len(self._free), np.bool_)
        reached[mentors[new]] = True
        return reached
