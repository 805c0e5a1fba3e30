"""What switching a rule off would gain: how many more mentees could then be matched.

The number is what a whole new assignment without the rule would come to, but is found
from the one there is: whoever is unmatched looks for a free seat, through others who
could move to another mentor, until nobody finds one any more. By Berge's theorem there
is then no larger assignment. Scores do not matter to it. See docs/solver.md.
"""

from collections.abc import Iterator

import numpy as np

from domain.matching.arrays import UNMATCHED, BoolArray, IndexArray
from domain.matching.rules import HARD_RULES
from domain.matching.scoring import CancellationCheckpoint, RuledPool, row_blocks
from schemas.matches.matching import RuleGain

LEAST_BLOCK_WIDTH = 4_000
"""Mentees are looked at in blocks as small as if there were so many mentors: most find
a seat over a few others, and a small block shows that soonest."""


class CountingTimeUp(Exception):
    """Raised by a checkpoint where counting has taken long enough."""


def rule_gains(
    ruled: RuledPool,
    mentor_of: IndexArray,
    free_seats: IndexArray,
    checkpoint: CancellationCheckpoint,
) -> tuple[RuleGain, ...]:
    """Returns every rule that can be switched off and would gain something, the largest
    gain first.

    Args:
        mentor_of: the mentor of each mentee in the assignment, or UNMATCHED.
        free_seats: how many seats each mentor has besides.
        checkpoint: called between blocks; rules that are not counted when it raises
            `CountingTimeUp` are returned as not counted.
    """
    if not (free_seats > 0).any() or not (mentor_of == UNMATCHED).any():
        return ()
    gains = [
        RuleGain(
            rule=rule.code,
            more_people=_count(
                ruled.without_hard_rule(place), mentor_of, free_seats, checkpoint
            ),
        )
        for place, rule in enumerate(HARD_RULES)
        if rule.policy_field and ruled.hard[place] is not None
    ]
    some = (gain for gain in gains if gain.more_people != 0)
    return tuple(sorted(some, key=lambda gain: -(gain.more_people or 0)))


def _count(
    ruled: RuledPool,
    mentor_of: IndexArray,
    free_seats: IndexArray,
    checkpoint: CancellationCheckpoint,
) -> int | None:
    search = _SeatSearch(ruled, mentor_of.copy(), free_seats.copy())
    try:
        while search.match_more(checkpoint):
            pass
    except CountingTimeUp:
        return None
    before, after = mentor_of == UNMATCHED, search.mentor_of == UNMATCHED
    return int(before.sum() - after.sum())


class _SeatSearch:
    """An assignment that grows: all who have no mentor search at once, breadth first.

    Each step goes from mentees to the mentors they could have, and from those to the
    mentees who would have to move.
    """

    def __init__(
        self, ruled: RuledPool, mentor_of: IndexArray, free_seats: IndexArray
    ) -> None:
        self._ruled = ruled
        self.mentor_of = mentor_of
        self._free_seats = free_seats
        self._forget_paths()

    def _forget_paths(self) -> None:
        self._reached_by = np.full(len(self._free_seats), UNMATCHED, np.intp)
        """By mentor: the mentee from whom the search came to them."""
        self._searcher = np.full(len(self.mentor_of), UNMATCHED, np.intp)
        """By mentee: the one without a mentor for whom they would move."""

    def match_more(self, checkpoint: CancellationCheckpoint) -> bool:
        """Matches those who find a free seat over the fewest others; false: nobody
        finds one, however many would move.
        """
        self._forget_paths()
        here = np.flatnonzero(self.mentor_of == UNMATCHED)
        self._searcher[here] = here
        seen = np.zeros(len(self._free_seats), np.bool_)
        while len(here):
            matched, reached = self._step(here, seen, checkpoint)
            if matched:
                return True
            seen |= reached
            here = np.flatnonzero(
                reached[self.mentor_of] & (self.mentor_of != UNMATCHED)
            )
            self._searcher[here] = self._searcher[
                self._reached_by[self.mentor_of[here]]
            ]
        return False

    def _step(
        self, here: IndexArray, seen: BoolArray, checkpoint: CancellationCheckpoint
    ) -> tuple[bool, BoolArray]:
        """Returns whether anybody was matched, and which mentors were reached first."""
        matched, reached = False, np.zeros(len(self._free_seats), np.bool_)
        # soon few: nobody looks at a mentor twice on the way to another
        mentors = np.flatnonzero(~seen | (self._free_seats > 0))
        shape = len(here), max(len(mentors), LEAST_BLOCK_WIDTH)
        for rows in row_blocks(shape, checkpoint):
            mentees = here[rows]
            # whoever was matched meanwhile needs no other way
            waiting = self.mentor_of[self._searcher[mentees]] == UNMATCHED
            mentees = mentees[waiting]
            allowed = self._allows(mentees, mentors)
            matched |= self._take_free_seats(mentees, mentors, allowed)
            reached |= self._reach(mentees, mentors, allowed, seen | reached)
        return matched, reached

    def _allows(self, mentees: IndexArray, mentors: IndexArray) -> BoolArray:
        """Whether the rules allow each pair; a lookup of all mentors at once is faster
        than one by one.
        """
        all_of_them = len(mentors) == len(self._free_seats)
        return self._ruled.allows(mentees, None if all_of_them else mentors)

    def _take_free_seats(
        self, mentees: IndexArray, mentors: IndexArray, allowed: BoolArray
    ) -> bool:
        """Gives free seats to mentees who could have one, once for each searcher."""
        matched, offering = False, self._free_seats[mentors] > 0
        allowed, mentors = allowed[:, offering], mentors[offering]
        for row in np.flatnonzero(allowed.any(axis=1)):
            searcher = self._searcher[mentees[row]]
            still_free = mentors[allowed[row] & (self._free_seats[mentors] > 0)]
            if self.mentor_of[searcher] == UNMATCHED and len(still_free):
                mentor = int(still_free[0])
                self._free_seats[mentor] -= 1
                self._move(int(mentees[row]), mentor)
                matched = True
        return matched

    def _move(self, mentee: int, mentor: int) -> None:
        """Moves everybody on the path, so that its end gets this mentor."""
        for moving, new_mentor in list(self._path(mentee, mentor)):
            self.mentor_of[moving] = new_mentor

    def _path(self, mentee: int, mentor: int) -> Iterator[tuple[int, int]]:
        while True:
            old_mentor = int(self.mentor_of[mentee])
            yield mentee, mentor
            if old_mentor == UNMATCHED:
                return
            mentee, mentor = int(self._reached_by[old_mentor]), old_mentor

    def _reach(
        self,
        mentees: IndexArray,
        mentors: IndexArray,
        allowed: BoolArray,
        seen: BoolArray,
    ) -> BoolArray:
        """Returns which mentors the search comes to for the first time."""
        new = allowed.any(axis=0) & ~seen[mentors]
        if new.any():
            self._reached_by[mentors[new]] = mentees[allowed[:, new].argmax(axis=0)]
        reached: BoolArray = np.zeros(len(self._free_seats), np.bool_)
        reached[mentors[new]] = True
        return reached
