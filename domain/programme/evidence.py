"""The evidence on which the next region opens: how a cohort's pairs did."""

from typing import NamedTuple

from schemas.cohort import Evidence
from schemas.policy import Extension
from schemas.programme import CohortPlan
from schemas.records.releases import Release


class PairTotals(NamedTuple):
    """The numbers of a cohort's pairs, as evidence for the next region."""

    pairs: int
    completed: int
    matched: int
    """Pairs that got as far as planning a session."""
    on_course: int
    """Matched pairs that completed, or that run and are on course."""
    held: int
    """Sessions held by all of them."""


def evidence(plan: CohortPlan, pairs: PairTotals, release: Release | None) -> Evidence:
    """Compare a cohort with its policy, by the newest release of its mean pulse.

    A mean that rests on too few people counts neither for nor against.
    """
    wanted = plan.policy.extension
    share = pairs.on_course / pairs.matched if pairs.matched else 0.0
    mean_enough = _mean_met(release, wanted)
    return Evidence(
        cohort=plan.cohort,
        pairs=pairs.pairs,
        completed=pairs.completed,
        on_course=share,
        sessions_held=pairs.held,
        answers=release.people if release and mean_enough is not None else 0,
        mean_pulse_met=mean_enough,
        aims_met=pairs.matched > 0
        and share >= wanted.on_course
        and mean_enough is not False,
    )


def _mean_met(release: Release | None, wanted: Extension) -> bool | None:
    """Whether the mean reaches the policy's; None where the release does not say."""
    if release is None or release.people < wanted.minimum_answers:
        return None
    if release.lowest >= wanted.mean_pulse:
        return True
    return False if release.highest < wanted.mean_pulse else None
