"""From all that is published and all times together, nobody computes a mark, or who asked for a call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.releases import mean_ranges, next_release
from domain.releases.mean_ranges import MeanRange
from domain.releases.next_release import MeanRelease, ReleasedMarks
from tests.attacks.figures.course import (
    DAY,
    Course,
    Given,
    HelpAsked,
    OtherAnswer,
    Rules,
    play,
)
from tests.attacks.figures.reader import findings
from tests.support.properties import budget

AS_IT_IS = Rules()
MONTH = 28 * DAY
NEVER = 1.0
LOTS = st.sampled_from([0.0, 0.07, NEVER])
"""Always drawn; drawn after a pulse alone; never."""
SHARES = st.sampled_from([0.0, 0.3, 1.0])


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Some pairs in step with one another, or not; who is of one mind, or not."""
    likely = draw(
        st.sampled_from(
            [(5,), (1,), (3,), (4, 5), (3, 4), (1, 3), (3, 5), (1, 2, 3, 4, 5)]
        )
    )
    pulses, others, helps = [], [], []
    for pair in range(draw(st.integers(3, 7))):
        for session in range(draw(st.integers(1, 3))):
            held = session * MONTH + draw(st.integers(0, 3 * DAY))
            others.append(OtherAnswer(pair, held, draw(LOTS), draw(SHARES)))
            if draw(st.booleans()):
                wait = draw(st.integers(0, MONTH - 3 * DAY))
                helps.append(HelpAsked(pair, held + wait, draw(SHARES)))
            for person in draw(st.sampled_from([(0, 1), (0, 1), (0, 1), (0,)])):
                pulses.append(
                    Given(
                        pair=pair,
                        person=2 * pair + person,
                        minute=held + draw(st.integers(1, 2 * DAY)),
                        mark=draw(st.sampled_from(likely)),
                        wants_help=draw(st.integers(0, 5)) == 0,
                        idea=draw(st.booleans()),
                        lot=draw(LOTS),
                        delay=draw(SHARES),
                    )
                )
    return Course(pulses, others, helps)


@settings(max_examples=budget(60))
@given(courses())
def test_whoever_reads_everything_can_say_nothing_of_anybody(course: Course) -> None:
    assert list(findings(play(course, AS_IT_IS))) == []


def one_day(*marks: int, **about: bool) -> Course:
    """Everybody answers on one day, two of a pair hours apart, behind an answer of their pair."""
    pulses = [
        Given(number // 2, number, 60 + 120 * (number % 2), mark, **about)
        for number, mark in enumerate(marks)
    ]
    others = [OtherAnswer(pair, 0) for pair in range(len(marks) // 2 + 1)]
    return Course(pulses, others)


def rounded_alone(
    published: Sequence[ReleasedMarks],
    waiting: Mapping[str, Sequence[int]],
    before: int,
    least_uncalled: int,
) -> MeanRelease | None:
    """A mean to the half, whatever it tells."""
    with patch.object(mean_ranges, "_safe", lambda ranges, *_: list(ranges)):
        return next_release.next_release(published, waiting, before, least_uncalled)


def unrounded(
    published: Sequence[ReleasedMarks],
    waiting: Mapping[str, Sequence[int]],
    before: int,
    least_uncalled: int,
) -> MeanRelease | None:
    made = rounded_alone(published, waiting, before, least_uncalled)
    if made is None:
        return None
    marks = sum(sum(release.marks.values()) for release in published) + made.answers
    mean = Fraction(made.total, marks)
    return replace(made, mean=MeanRange(mean, mean, made.total, made.total))


def of_four_people(
    published: Sequence[ReleasedMarks],
    waiting: Mapping[str, Sequence[int]],
    before: int,
    least_uncalled: int,
) -> MeanRelease | None:
    with patch.object(next_release, "MINIMUM_PEOPLE", 4):
        return rounded_alone(published, waiting, before, least_uncalled)


HELP_AT_ANY_TIME = Course(
    one_day(4, 4).pulses, one_day(4, 4).others, [HelpAsked(0, 9 * DAY)]
)
WEAKER = [
    pytest.param(
        replace(AS_IT_IS, release=of_four_people),
        one_day(3, 3, 4, 4),
        "two figures differ by fewer than five people",
        id="a mean of four people",
    ),
    pytest.param(
        replace(AS_IT_IS, enough=lambda people: people >= 4),
        one_day(3, 3, 4, 4, idea=True),
        "ideas of fewer than five people appear together",
        id="ideas of four people",
    ),
    pytest.param(
        replace(AS_IT_IS, release=unrounded),
        one_day(*[5] * 5),
        "a mark is a 5",
        id="a mean that is not rounded: five 5s are a 5.0",
    ),
    pytest.param(
        replace(AS_IT_IS, release=rounded_alone),
        one_day(4, 5, 5, 5, 5),
        "a mark is a 5",
        id="a mean that is rounded and nothing else",
    ),
    pytest.param(
        replace(AS_IT_IS, least_uncalled=lambda rules: 1),
        one_day(1, 4, 3, 3, 3),
        "a mark is a 3",
        id="a mean beside which it is forgotten who was called",
    ),
    pytest.param(
        replace(AS_IT_IS, delay=lambda lot: timedelta(0)),
        one_day(1, 4),
        "a call came of one person's pulse",
        id="a call without a drawn delay",
    ),
    pytest.param(
        replace(AS_IT_IS, draws=lambda rules, lot: False),
        HELP_AT_ANY_TIME,
        "a call was asked for by the mentor",
        id="calls drawn beside pulses alone",
    ),
]


@pytest.mark.parametrize(("weaker", "course", "found"), WEAKER)
def test_a_weaker_rule_is_found_out(weaker: Rules, course: Course, found: str) -> None:
    assert found in set(findings(play(course, weaker)))
    assert list(findings(play(course, AS_IT_IS))) == []
