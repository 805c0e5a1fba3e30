"""Whether the rules let two people whom ops put together, and how well they suit. Pure."""

import numpy as np

from domain.matching.candidates import Candidates
from domain.matching.rules import HARD
from domain.matching.scoring import Ruled, Step, explain
from schemas.matching import MatchReason
from schemas.review import CheckedMatch, MatchesToCheck, MentorMentee

SWAPPED = "swapped"
"""The reason of a pair that ops put together by a swap."""


def check_matches(
    matches_to_check: MatchesToCheck, step: Step
) -> tuple[CheckedMatch, ...]:
    """A pin may break what a policy can switch off, a swap nothing of what its policy says."""
    step()
    ruled = Ruled.of(Candidates.of(matches_to_check.pool))
    return (
        *(_checked(ruled, two, every=False) for two in matches_to_check.pins),
        *(_checked(ruled, two, every=True) for two in matches_to_check.swaps),
    )


def _checked(ruled: Ruled, two: MentorMentee, *, every: bool) -> CheckedMatch:
    mentee, mentor = (
        np.array([ruled.c.rows[two.mentee]]),
        np.array([ruled.c.columns[two.mentor]]),
    )
    rules = zip(HARD, ruled.hard, strict=True)
    looked_at = [
        (rule, lets)
        for rule, lets in rules
        if lets is not None and (every or rule.field is None)
    ]
    broken = next(
        (rule.code for rule, lets in looked_at if not lets.lets(mentee, mentor)[0, 0]),
        None,
    )
    score = np.clip(sum(ruled.shares(mentee, mentor), np.zeros(1)), 0, 1).round(4)[0]
    reasons = (MatchReason(rule=SWAPPED), *explain(ruled, mentee, mentor)[0])
    return CheckedMatch(
        people=two, broken_rule=broken, score=float(score), reasons=reasons
    )
