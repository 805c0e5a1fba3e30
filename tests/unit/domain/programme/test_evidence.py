"""What a sponsor is shown before the next region opens."""

import pytest

from domain.programme.evidence import PairTotals, evidence
from schemas.policy import Extension, Policy
from schemas.records.releases import Release
from tests.support.lives import MONDAY
from tests.unit.domain.programme.test_rollout import plan

NOBODY = None


def released(people: int, lowest: float, highest: float) -> Release:
    return Release(
        cohort=plan().cohort,
        number=1,
        at=MONDAY,
        people=people,
        lowest=lowest,
        highest=highest,
    )


CASES = [
    # matched, on course, pulses: share, answers, mean met, all met
    ("no pair was matched", 0, 0, NOBODY, (0.0, 0, None, False)),
    ("just enough on course", 10, 7, NOBODY, (0.7, 0, None, True)),
    ("too few on course", 10, 6, NOBODY, (0.6, 0, None, False)),
    ("a low mean", 10, 8, released(8, 3.5, 3.5), (0.8, 8, False, False)),
    ("a mean at the policy's", 10, 8, released(9, 4, 4), (0.8, 9, True, True)),
    ("a range over the policy's", 10, 8, released(9, 4, 5), (0.8, 9, True, True)),
    ("a range under the policy's", 10, 8, released(5, 1, 3), (0.8, 5, False, False)),
    ("a range around the policy's", 10, 8, released(5, 3, 5), (0.8, 0, None, True)),
]


@pytest.mark.parametrize(
    ("matched", "on_course", "pulses", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_cohort_is_compared_with_its_policy(
    matched: int,
    on_course: int,
    pulses: Release | None,
    expected: tuple[float, int, bool | None, bool],
) -> None:
    pairs = PairTotals(12, 0, matched, on_course, 20)
    found = evidence(plan(), pairs, pulses)
    assert (
        found.on_course,
        found.answers,
        found.mean_pulse_met,
        found.aims_met,
    ) == expected


def test_a_policy_may_ask_for_more_people_than_a_release() -> None:
    policy = Policy(extension=Extension(minimum_answers=10))
    careful = plan().model_copy(update={"policy": policy})
    found = evidence(careful, PairTotals(5, 0, 5, 5, 5), released(9, 1, 2))
    assert (found.answers, found.mean_pulse_met) == (0, None)
