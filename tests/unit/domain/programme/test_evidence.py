"""What a sponsor is shown before the next region opens."""

import pytest

from domain.programme.evidence import PairTotals, PulseTotals, evidence
from tests.unit.domain.programme.test_rollout import plan

NOBODY = PulseTotals(0, None)

CASES = [
    # matched, on course, pulses: share, answers, mean met, all met
    ("no pair was matched", 0, 0, NOBODY, (0.0, 0, None, False)),
    ("just enough on course", 10, 7, NOBODY, (0.7, 0, None, True)),
    ("too few on course", 10, 6, NOBODY, (0.6, 0, None, False)),
    ("a low mean of four people", 10, 8, PulseTotals(4, 1.0), (0.8, 0, None, True)),
    ("a low mean of five", 10, 8, PulseTotals(5, 3.9), (0.8, 5, False, False)),
    ("a mean at the policy's", 10, 8, PulseTotals(5, 4.0), (0.8, 5, True, True)),
]


@pytest.mark.parametrize(
    ("matched", "on_course", "pulses", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_cohort_is_compared_with_its_policy(
    matched: int,
    on_course: int,
    pulses: PulseTotals,
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


def test_a_mean_of_fewer_than_five_never_counts_whatever_the_policy() -> None:
    eager = plan(extension={"minimum_answers": 1})
    found = evidence(eager, PairTotals(5, 0, 5, 5, 5), PulseTotals(4, 1.0))
    assert (found.answers, found.mean_pulse_met) == (0, None)
