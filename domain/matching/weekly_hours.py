"""Weekly hours that two people have in common, counted in half hours of UTC.

Zones change their clocks on different days, so a week of winter and one of summer are
looked at and the lesser counts. The odd weeks between two changes are left to the
search for slots.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from domain.matching.arrays import FloatArray
from domain.matching.categories import CategoryRule, CompareRows, number_categories
from domain.scheduling.time_spans import union
from schemas.people import Person
from schemas.time.calendar import Window, WorkCalendar, zone

HALF_HOUR_MINUTES = 30
WEEK_HALF_HOURS = 7 * 48
DAY_MINUTES = 1440
SAMPLE_WEEKS = (
    datetime(2027, 1, 11, tzinfo=UTC),
    datetime(2027, 7, 12, tzinfo=UTC),
)
"""A Monday without a change of clocks near it in winter, and one in summer."""

MinuteSpans = tuple[tuple[int, int], ...]
"""Windows as minutes of the week in a time zone: from Monday 00:00 on, apart."""
LocalHours = tuple[str, MinuteSpans]
"""A time zone, and the windows of somebody there."""
Sides = tuple[FloatArray, FloatArray]
"""Something of each mentee, and of each mentor, in each half hour."""


class CommonHours(NamedTuple):
    """Rules about the hours that a mentee and a mentor share in every week of a year."""

    minutes: CategoryRule
    """Minutes a week in common, counted in whole half hours."""
    fits: CategoryRule
    """Whether a session that starts on some half hour lies within windows of both."""


def compare_hours(
    mentees: Sequence[Person],
    mentors: Sequence[Person],
    calendar: WorkCalendar,
    session_minutes: int,
) -> CommonHours:
    """Returns the common hours of all mentees with all mentors."""
    of_mentee, mentee_hours = number_categories(_local_hours(mentees, calendar))
    of_mentor, mentor_hours = number_categories(_local_hours(mentors, calendar))
    weeks = _different_weeks({calendar.zone, *(p.zone for p in (*mentees, *mentors))})
    free, starts = [], []
    for week in weeks:
        our_free, our_starts = _half_hours(
            mentee_hours, calendar, session_minutes, week
        )
        their_free, their_starts = _half_hours(
            mentor_hours, calendar, session_minutes, week
        )
        free.append(_used_by_both(our_free, their_free))
        starts.append(_used_by_both(our_starts, their_starts))
    shape = len(mentee_hours), len(mentor_hours)
    return CommonHours(
        CategoryRule(of_mentee, of_mentor, _minutes(free), shape),
        CategoryRule(of_mentee, of_mentor, _fits(starts), shape),
    )


def _minutes(weeks: Sequence[Sides]) -> CompareRows:
    return lambda rows: (
        np.min([ours[rows] @ theirs.T for ours, theirs in weeks], axis=0)
        * np.float32(HALF_HOUR_MINUTES)
    )


def _fits(weeks: Sequence[Sides]) -> CompareRows:
    return lambda rows: np.all(
        [ours[rows] @ theirs.T > 0 for ours, theirs in weeks], axis=0
    )


def _used_by_both(ours: FloatArray, theirs: FloatArray) -> Sides:
    """Drops the half hours that one side never has."""
    used = ours.any(axis=0) & theirs.any(axis=0)
    return np.ascontiguousarray(ours[:, used]), np.ascontiguousarray(theirs[:, used])


def _local_hours(
    people: Iterable[Person], calendar: WorkCalendar
) -> Iterator[LocalHours]:
    # windows read from PostgreSQL are one object wherever they are the same
    known: dict[int, MinuteSpans] = {}
    for person in people:
        if id(person.windows) not in known:
            windows = person.windows or calendar.opening_windows()
            known[id(person.windows)] = _minute_spans(windows)
        yield person.zone, known[id(person.windows)]


def _minute_spans(windows: Iterable[Window]) -> MinuteSpans:
    days = ((window.day * DAY_MINUTES, window) for window in windows)
    return tuple(union((day + w.start, day + w.end) for day, w in days))


def _different_weeks(zones: set[str]) -> list[datetime]:
    """Returns sample weeks in which the zones differ by different numbers of hours.

    One week is enough where all zones change their clocks together.
    """
    first, *others = sorted(zones)
    week_of_offsets = {
        tuple(_offset(name, week) - _offset(first, week) for name in others): week
        for week in reversed(SAMPLE_WEEKS)
    }
    return list(week_of_offsets.values())


@lru_cache(maxsize=2000)
def _offset(zone_name: str, at: datetime) -> int:
    """Returns the minutes by which local clocks are ahead of UTC."""
    offset = at.astimezone(zone(zone_name)).utcoffset()
    assert offset is not None  # zone() knows real zones only
    return int(offset.total_seconds() // 60)


def _half_hours(
    of_each: Sequence[LocalHours],
    calendar: WorkCalendar,
    session_minutes: int,
    week: datetime,
) -> tuple[FloatArray, FloatArray]:
    """Returns a row for each of them, with a column for each half hour of a week.

    In the first table 1 is where all of it lies in a window, in the second where a
    session may start.
    """
    free = np.zeros((len(of_each), WEEK_HALF_HOURS), np.float32)
    starts = np.zeros_like(free)
    for row, (zone_name, spans) in enumerate(of_each):
        offset = _offset(zone_name, week)
        for local_begin, local_end in spans:
            begin, end = local_begin - offset, local_end - offset
            first = -(-begin // HALF_HOUR_MINUTES)
            last_start = (end - session_minutes) // HALF_HOUR_MINUTES
            free[row, np.arange(first, end // HALF_HOUR_MINUTES) % WEEK_HALF_HOURS] = 1
            starts[row, np.arange(first, last_start + 1) % WEEK_HALF_HOURS] = 1
    working = _working(calendar, week)
    return free * working, starts * _throughout(working, session_minutes)


def _throughout(working: FloatArray, session_minutes: int) -> FloatArray:
    """Returns 1 for each half hour at which a session may start and end in working
    days.
    """
    needed = -(-session_minutes // HALF_HOUR_MINUTES)
    ahead = [np.roll(working, -half_hours) for half_hours in range(needed)]
    return np.asarray(np.min(ahead, axis=0), np.float32)


def _working(calendar: WorkCalendar, week: datetime) -> FloatArray:
    """Returns 1 for each half hour of the region's working days."""
    minutes = np.arange(WEEK_HALF_HOURS) * HALF_HOUR_MINUTES
    days = (minutes + _offset(calendar.zone, week)) // DAY_MINUTES % 7
    return np.isin(days, calendar.workdays).astype(np.float32)
