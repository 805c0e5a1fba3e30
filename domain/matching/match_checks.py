"""Whether the rules allow matches that ops want to make, and how well the two fit."""

import numpy as np

from domain.matching.candidates import Candidates
from domain.matching.rules import HARD_RULES
from domain.matching.scoring import CancellationCheckpoint, RuledPool, pair_reasons
from schemas.matches.matching import MatchReason
from schemas.matches.review import CheckedMatch, MatchesToCheck, MentorMentee

SWAPPED = "swapped"
"""The reason of a match that ops made by a swap."""


def check_matches(
    matches: MatchesToCheck, checkpoint: CancellationCheckpoint
) -> tuple[CheckedMatch, ...]:
    """A pin may break rules that a policy can switch off; a swap breaks none that this
    policy has on.
    """
    checkpoint()
    ruled = RuledPool.of(Candidates.of(matches.pool))
    return (
        *(_check(ruled, people, only_lasting=True) for people in matches.pins),
        *(_check(ruled, people, only_lasting=False) for people in matches.swaps),
    )


def _check(
    ruled: RuledPool, people: MentorMentee, *, only_lasting: bool
) -> CheckedMatch:
    """`only_lasting`: look at rules that no policy can switch off, and no others."""
    mentee = np.array([ruled.candidates.row_of[people.mentee]])
    mentor = np.array([ruled.candidates.column_of[people.mentor]])
    broken = (
        rule.code
        for rule, applied in zip(HARD_RULES, ruled.hard, strict=True)
        if applied is not None
        and not (only_lasting and rule.policy_field)
        and not applied.allows(mentee, mentor)[0, 0]
    )
    (score,), (reasons,) = (
        ruled.scores(mentee, mentor),
        pair_reasons(ruled, mentee, mentor),
    )
    return CheckedMatch(
        people=people,
        broken_rule=next(broken, None),
        score=score,
        reasons=(MatchReason(rule=SWAPPED), *reasons),
    )
