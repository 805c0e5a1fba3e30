"""Matching and scheduling read windows by different arithmetic: what one promises the
other must find.
"""

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.matching.weekly_hours import SAMPLE_WEEKS, compare_hours
from domain.scheduling.availability import possible_starts
from schemas.scheduling import Agenda, SideAgenda
from schemas.time.calendar import Window, WorkCalendar
from tests.support.pools import a_person

ZONES = st.sampled_from(
    [
        "Europe/Paris",
        "Europe/London",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Sydney",
    ]
)
WINDOWS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(24, 76), st.integers(1, 16)).map(
        lambda w: Window(day=w[0], start=w[1] * 15, end=(w[1] + w[2]) * 15)
    ),
    max_size=6,
).map(tuple)
SIDES = st.tuples(ZONES, WINDOWS)
Side = tuple[str, tuple[Window, ...]]
REGION = WorkCalendar()


@settings(max_examples=80)
@example(
    ("America/New_York", (Window(day=4, start=870, end=1110),)),
    ("America/New_York", (Window(day=4, start=975, end=1110),)),
    120,  # ends on the region's Saturday
)
@given(SIDES, SIDES, st.sampled_from([30, 45, 60, 120]))
def test_whoever_may_be_matched_finds_a_time_in_winter_and_in_summer(
    mentor: Side, mentee: Side, minutes: int
) -> None:
    people = [
        a_person("m", zone=name, windows=windows) for name, windows in (mentor, mentee)
    ]
    fits = compare_hours(people[:1], people[1:], REGION, minutes).fits.small_table
    assert fits is not None
    sides = [
        SideAgenda(zone=name, windows=windows) for name, windows in (mentor, mentee)
    ]
    agenda = Agenda(mentor=sides[0], mentee=sides[1], calendar=REGION)
    found = [
        any(
            True
            for _ in possible_starts(agenda, week, week + timedelta(days=14), minutes)
        )
        for week in SAMPLE_WEEKS
    ]
    assert not fits[0, 0] or all(found)
