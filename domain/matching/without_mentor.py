"""Before anything starts: who has no possible mentor, and whether sessions are too long for common windows. Pure."""

import numpy as np

from domain.matching.arrays import Bits, Bools, Index
from domain.matching.candidates import Candidates
from domain.matching.matching_run import on
from domain.matching.rules import HARD
from domain.matching.scoring import Ruled, Step, parts
from domain.matching.unmatched import why_mentees
from schemas.matching import MatchingPool, MenteesWithoutMentor

SHORTEST = 30
STEP = 15
_HOURS = next(
    place for place, rule in enumerate(HARD) if rule.code == "no_common_hours"
)


def without_mentor(pool: MatchingPool, step: Step = on) -> MenteesWithoutMentor:
    """Seats do not count here, only whether somebody would do."""
    ruled = Ruled.of(Candidates.of(pool))
    c = ruled.c
    alone, too_long = _looked_at(ruled, step)
    reasons = why_mentees(ruled, alone, step)
    return MenteesWithoutMentor(
        mentees=tuple(c.mentees[at].person for at in alone),
        reasons={
            c.mentees[at].person: tuple(r.rule for r in why)
            for at, why in zip(alone, reasons, strict=True)
        },
        without_long_window=len(too_long),
        longest_session_minutes=_longest(pool, ruled, too_long, step)
        if len(too_long)
        else 0,
    )


def _looked_at(ruled: Ruled, step: Step) -> tuple[Index, Index]:
    """Mentees with no possible mentor; and those who have possible mentors but for the hours, with none of whom they
    have one stretch that holds a session."""
    alone, too_long = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for some in parts(ruled.c.shape, step):
        excluded = ruled.excluded(some)
        alone.append(some[~(excluded == 0).any(axis=1)])
        if ruled.hard[_HOURS] is not None:
            others = _otherwise_possible(excluded)
            fits = others & ruled.c.common.fits.lets(some)
            too_long.append(some[others.any(axis=1) & ~fits.any(axis=1)])
    return np.concatenate(alone), np.concatenate(too_long)


def _otherwise_possible(excluded: Bits) -> Bools:
    """Whom every rule lets except, perhaps, the one about common hours."""
    others: Bools = (excluded & ~np.uint16(1 << _HOURS)) == 0
    return others


def _longest(pool: MatchingPool, ruled: Ruled, too_long: Index, step: Step) -> int:
    """The longest shorter session that would fit all of them; 0: none."""
    session, others = ruled.c.session, ruled.without(_HOURS)
    for minutes in range((session - 1) // STEP * STEP, SHORTEST - 1, -STEP):
        fits = Candidates.of(pool, session=minutes).common.fits
        blocks = (
            too_long[some] for some in parts((len(too_long), ruled.c.shape[1]), step)
        )
        if all(
            (others.lets(some) & fits.lets(some)).any(axis=1).all() for some in blocks
        ):
            return minutes
    return 0
