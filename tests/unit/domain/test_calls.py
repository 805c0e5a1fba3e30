"""Which answers have a supervisor asked to call, and when, so that a call says of nobody that they wanted it."""

from datetime import timedelta

import pytest

from domain import calls
from schemas.policy import Feedback, Policy, Sessions

WEEK = timedelta(weeks=1)
NOT_DRAWN = 0.99


@pytest.mark.parametrize(
    ("score", "wants_help", "lot", "called"),
    [
        (1, False, NOT_DRAWN, True),
        (2, False, NOT_DRAWN, True),
        (3, False, NOT_DRAWN, False),
        (5, False, NOT_DRAWN, False),
        (5, True, NOT_DRAWN, True),
        (5, False, 0.09, True),
        (5, False, 0.1, False),
    ],
)
def test_a_pulse_has_somebody_called(
    score: int, wants_help: bool, lot: float, called: bool
) -> None:
    assert (
        calls.raises_concern(Feedback(), score, wants_help=wants_help, lot=lot)
        is called
    )


@pytest.mark.parametrize("low_score", [0, 1, 2, 3])
def test_the_least_mark_without_a_call_is_the_first_that_raises_none(
    low_score: int,
) -> None:
    rules = Feedback(low_score=low_score)
    least = calls.least_mark_uncalled(rules)
    called = [
        calls.raises_concern(rules, mark, wants_help=False, lot=NOT_DRAWN)
        for mark in range(1, 6)
    ]
    assert called.index(False) + 1 == least
    assert called.count(False) >= 2, "a mark without a call would be known"


@pytest.mark.parametrize(
    ("share", "lot", "drawn"),
    [(0.1, 0.009, True), (0.1, 0.011, False), (1, 0.09, True), (0, 0, False)],
)
def test_any_answer_may_have_somebody_called_later(
    share: float, lot: float, drawn: bool
) -> None:
    assert calls.answer_draws_call(Feedback(drawn_calls=share), lot) is drawn


@pytest.mark.parametrize(
    ("every", "longest"), [(1, 4 * WEEK), (4, 4 * WEEK), (8, 8 * WEEK), (30, 12 * WEEK)]
)
def test_a_call_is_drawn_for_any_moment_until_others_answer(
    every: int, longest: timedelta
) -> None:
    policy = Policy(sessions=Sessions(every=every * WEEK))
    found = [calls.drawn_call_delay(policy, lot) for lot in (0, 0.5, 1)]
    assert found == [timedelta(0), longest / 2, longest]
