"""Hours in common of people in several zones, in winter and in summer."""

import numpy as np
import pytest

from domain.matching.weekly_hours import compare_hours
from schemas.time.calendar import Window, WorkCalendar
from tests.support.pools import a_person, window

PARIS = WorkCalendar()
ONE = np.zeros(1, np.intp)
Side = tuple[str, list[Window]]


def _common(
    mentor: Side, mentee: Side, session: int = 60, calendar: WorkCalendar = PARIS
) -> tuple[float, bool]:
    people = [a_person("m", zone=mentor[0], windows=tuple(mentor[1]))]
    others = [a_person("n", zone=mentee[0], windows=tuple(mentee[1]))]
    found = compare_hours(people, others, calendar, session)
    return float(found.minutes.table_for(ONE).for_everybody()[0, 0]), bool(
        found.fits.allows(ONE)[0, 0]
    )


MON_9_12 = [window(0, "9", "12")]
CASES = [
    (
        "the same hours",
        ("Europe/Paris", MON_9_12),
        ("Europe/Paris", MON_9_12),
        (180, True),
    ),
    (
        "an hour of overlap",
        ("Europe/Paris", MON_9_12),
        ("Europe/Paris", [window(0, "11", "14")]),
        (60, True),
    ),
    (
        "another day",
        ("Europe/Paris", MON_9_12),
        ("Europe/Paris", [window(1, "9", "12")]),
        (0, False),
    ),
    (
        "London is an hour behind",
        ("Europe/Paris", MON_9_12),
        ("Europe/London", MON_9_12),
        (120, True),
    ),
    (
        "Phoenix never changes its clocks: 8 hours behind in winter, 9 in summer; the lesser counts",
        ("Europe/Paris", [window(0, "15", "17")]),
        ("America/Phoenix", [window(0, "7", "9")]),
        (60, True),
    ),
    (
        "Sydney is 10 hours ahead in winter, 8 in summer: no week has both",
        ("Europe/Paris", [window(0, "9", "10")]),
        ("Australia/Sydney", [window(0, "19", "20")]),
        (0, False),
    ),
    (
        "Kolkata is ahead by half hours",
        ("Europe/London", [window(0, "9", "10")]),
        ("Asia/Kolkata", [window(0, "14:30", "15:30")]),
        (0, False),  # in summer it is 13:30 there
    ),
    (
        "an hour in two halves holds no session",
        ("Europe/Paris", [window(0, "9", "9:30"), window(1, "9", "9:30")]),
        ("Europe/Paris", [window(0, "9", "12"), window(1, "9", "12")]),
        (60, False),
    ),
    (
        "windows that touch are one",
        ("Europe/Paris", [window(0, "9", "9:30"), window(0, "9:30", "10")]),
        ("Europe/Paris", MON_9_12),
        (60, True),
    ),
    (
        "a session starts on a half hour",
        ("Europe/Paris", [window(0, "9:15", "10:15")]),
        ("Europe/Paris", MON_9_12),
        (30, False),
    ),
    (
        "the weekend does not count",
        ("Europe/Paris", [window(5, "9", "12")]),
        ("Europe/Paris", []),
        (0, False),
    ),
    (
        "no windows given: opening hours",
        ("Europe/Paris", MON_9_12),
        ("Europe/Paris", []),
        (180, True),
    ),
    (
        "of one's own zone",
        ("Europe/Paris", MON_9_12),
        ("Europe/London", []),
        (120, True),
    ),
]


@pytest.mark.parametrize(
    ("mentor", "mentee", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_common_hours(mentor: Side, mentee: Side, expected: tuple[float, bool]) -> None:
    assert _common(mentor, mentee) == expected


def test_a_window_that_crosses_the_week_in_utc_is_kept_whole() -> None:
    tokyo = ("Asia/Tokyo", [window(0, "8", "10")])
    assert _common(tokyo, tokyo, calendar=WorkCalendar(zone="Asia/Tokyo")) == (
        120,
        True,
    )


def test_a_session_needs_its_whole_length_in_one_stretch() -> None:
    side = ("Europe/Paris", MON_9_12)
    assert _common(side, ("Europe/Paris", [window(0, "10:30", "14")]), session=120) == (
        90,
        False,
    )


def test_a_length_that_is_no_multiple_of_half_hours_fits_exactly() -> None:
    side = ("Europe/Paris", [window(0, "9", "9:45")])
    assert _common(side, side, session=45) == (30, True)
