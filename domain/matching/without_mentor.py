"""The check before a start: mentees without a possible mentor, and too long sessions."""

import numpy as np

from domain.matching.arrays import BitArray, BoolArray, IndexArray
from domain.matching.candidates import Candidates
from domain.matching.rules import HARD_RULES
from domain.matching.scoring import CancellationCheckpoint, RuledPool, row_blocks
from domain.matching.unmatched import why_mentees_unmatched
from schemas.matches.matching import MatchingPool, MenteesWithoutMentor

SHORTEST_SESSION_MINUTES = 30
SESSION_LENGTH_STEP_MINUTES = 15
"""Minutes by which sessions are shortened step by step, to find the longest that fits."""
_HOURS = [rule.code for rule in HARD_RULES].index("no_common_hours")


def mentees_without_mentor(
    pool: MatchingPool, checkpoint: CancellationCheckpoint = lambda: None
) -> MenteesWithoutMentor:
    """Finds mentees whom the rules allow no mentor at all; how many seats there are does
    not count.
    """
    ruled = RuledPool.of(Candidates.of(pool))
    without, without_window = _look(ruled, checkpoint)
    reasons = why_mentees_unmatched(ruled, without, checkpoint)
    ids = [ruled.candidates.mentees[row].person for row in without]
    longest = 0
    if len(without_window):
        longest = _longest_session(pool, ruled, without_window, checkpoint)
    return MenteesWithoutMentor(
        mentees=tuple(ids),
        reasons={
            person: tuple(reason.rule for reason in of_one)
            for person, of_one in zip(ids, reasons, strict=True)
        },
        without_long_window=len(without_window),
        longest_session_minutes=longest,
    )


def _look(
    ruled: RuledPool, checkpoint: CancellationCheckpoint
) -> tuple[IndexArray, IndexArray]:
    """Returns the mentees whom no mentor could coach; and those whom some could except
    for the hours, but none in one stretch that holds a session.
    """
    without = [np.zeros(0, np.intp)]
    without_window = [np.zeros(0, np.intp)]
    for mentees in row_blocks(ruled.shape, checkpoint):
        excluding = ruled.excluding_rules(mentees)
        without.append(mentees[~(excluding == 0).any(axis=1)])
        if ruled.hard[_HOURS] is not None:
            others = _allowed_but_for_hours(excluding)
            fits = others & ruled.candidates.common_hours.fits.allows(mentees)
            without_window.append(mentees[others.any(axis=1) & ~fits.any(axis=1)])
    return np.concatenate(without), np.concatenate(without_window)


def _allowed_but_for_hours(excluding: BitArray) -> BoolArray:
    """Who is allowed by every rule, except perhaps the one about common hours."""
    found: BoolArray = (excluding & ~np.uint16(1 << _HOURS)) == 0
    return found


def _longest_session(
    pool: MatchingPool,
    ruled: RuledPool,
    mentees: IndexArray,
    checkpoint: CancellationCheckpoint,
) -> int:
    """Returns the minutes of the longest shorter session that would fit all of them; 0:
    none would.
    """
    step, others = SESSION_LENGTH_STEP_MINUTES, ruled.without_hard_rule(_HOURS)
    longest = (ruled.candidates.session_minutes - 1) // step * step
    for minutes in range(longest, SHORTEST_SESSION_MINUTES - 1, -step):
        fits = Candidates.of(pool, session_minutes=minutes).common_hours.fits
        blocks = (
            mentees[rows]
            for rows in row_blocks((len(mentees), ruled.shape[1]), checkpoint)
        )
        if all(
            (others.allows(some) & fits.allows(some)).any(axis=1).all()
            for some in blocks
        ):
            return minutes
    return 0
