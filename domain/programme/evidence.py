"""The evidence on which the next region opens: how a cohort's pairs did."""

from typing import NamedTuple

from schemas.cohort import Evidence
from schemas.programme import CohortPlan

MINIMUM_ANSWERS = 5
"""People below which no mean is shown or used, whatever a policy says: fewer could be recognised."""


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


class PulseTotals(NamedTuple):
    """A cohort's pulses about sessions that were held."""

    people: int
    mean: float | None


def evidence(plan: CohortPlan, pairs: PairTotals, pulses: PulseTotals) -> Evidence:
    """Compare a cohort with its policy.

    A mean that rests on too few people counts neither for nor against.
    """
    wanted = plan.policy.extension
    share = pairs.on_course / pairs.matched if pairs.matched else 0.0
    enough = pulses.people >= max(MINIMUM_ANSWERS, wanted.minimum_answers)
    mean = pulses.mean if enough else None
    mean_enough = None if mean is None else mean >= wanted.mean_pulse
    return Evidence(
        cohort=plan.cohort,
        pairs=pairs.pairs,
        completed=pairs.completed,
        on_course=share,
        sessions_held=pairs.held,
        answers=pulses.people if enough else 0,
        mean_pulse_met=mean_enough,
        aims_met=pairs.matched > 0
        and share >= wanted.on_course
        and mean_enough is not False,
    )
