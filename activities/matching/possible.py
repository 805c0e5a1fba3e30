"""Before anything starts: who has no possible mentor, and whether sessions are too long for common windows. Pure."""

import numpy as np

from activities.matching.arrays import Bits, Bools
from activities.matching.candidates import Candidates
from activities.matching.left import why_left
from activities.matching.rules import HARD
from activities.matching.scoring import exclusions
from schemas.matching import Pool, Unmatched

SHORTEST = 30
STEP = 15
_HOURS = 1 << next(place for place, rule in enumerate(HARD) if rule.code == "no_common_hours")


def without_mentor(pool: Pool) -> Unmatched:
    """Seats do not count here, only whether somebody would do."""
    c = Candidates.of(pool)
    excluded = exclusions(c)
    alone = np.flatnonzero(~(excluded == 0).any(axis=0))
    too_long = _too_long(c, excluded)
    return Unmatched(
        mentees=tuple(c.mentees[column].person for column in alone),
        reasons={c.mentees[at].person: tuple(r.rule for r in why_left(excluded[:, at])) for at in alone},
        too_long=int(too_long.sum()),
        longest_minutes=_longest(pool, c.session, too_long, excluded) if too_long.any() else 0,
    )


def _otherwise_possible(excluded: Bits) -> Bools:
    """Whom every rule lets except, perhaps, the one about common hours."""
    others: Bools = (excluded & ~np.uint16(_HOURS)) == 0
    return others


def _too_long(c: Candidates, excluded: Bits) -> Bools:
    """Mentees who have possible mentors, with none of whom they have one stretch that holds a session."""
    others = _otherwise_possible(excluded)
    too_long: Bools = np.any(others, axis=0) & ~np.any(others & c.common.fits, axis=0)
    return too_long


def _longest(pool: Pool, session: int, too_long: Bools, excluded: Bits) -> int:
    """The longest shorter session that would fit all of them; 0: none."""
    others = _otherwise_possible(excluded)
    for minutes in range((session - 1) // STEP * STEP, SHORTEST - 1, -STEP):
        fits = others & Candidates.of(pool, session=minutes).common.fits
        if fits[:, too_long].any(axis=0).all():
            return minutes
    return 0
