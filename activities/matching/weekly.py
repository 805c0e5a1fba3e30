"""Weekly hours that two people have in common, counted in half hours of UTC.

Zones change their clocks on different days, so a week of winter and one of summer are looked at and the lesser
counts. The odd weeks between two changes are left to the search for slots.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from activities.matching.arrays import Bools, Floats
from schemas.calendar import Window, WorkCalendar, zone
from schemas.people import Person

HALF_HOUR = 30
CELLS = 7 * 48
WEEKS = (datetime(2027, 1, 11, tzinfo=UTC), datetime(2027, 7, 12, tzinfo=UTC))
"""A Monday without a change of clocks near it in winter, and one in summer."""


class Common(NamedTuple):
    """What mentors (down) and mentees (across) have in common in every week."""

    minutes: Floats
    """A week, counted in whole half hours."""
    fits: Bools
    """Some start on a half hour leaves room for a session within windows of both."""


class _Week(NamedTuple):
    free: Floats
    """By person and half hour: 1 where all of it lies in a window."""
    starts: Floats
    """By person and half hour: 1 where a session may start."""


def common(mentors: Sequence[Person], mentees: Sequence[Person], calendar: WorkCalendar, session: int) -> Common:
    """Compare everybody with everybody; `session` in minutes."""
    minutes = np.full((len(mentors), len(mentees)), np.inf, np.float32)
    fits = np.ones(minutes.shape, np.bool_)
    for week in _different_weeks({calendar.zone, *(p.zone for p in (*mentors, *mentees))}):
        ours, theirs = (_week(side, calendar, session, week) for side in (mentors, mentees))
        np.minimum(minutes, ours.free @ theirs.free.T * HALF_HOUR, out=minutes)
        fits &= ours.starts @ theirs.starts.T > 0
    return Common(minutes, fits)


def _different_weeks(zones: set[str]) -> list[datetime]:
    """One week is enough where all zones change their clocks together."""
    first, *others = sorted(zones)
    seen = {tuple(_offset(name, week) - _offset(first, week) for name in others): week for week in reversed(WEEKS)}
    return list(seen.values())


def _offset(name: str, at: datetime) -> int:
    offset = at.astimezone(zone(name)).utcoffset()
    assert offset is not None  # zone() answers real zones only
    return int(offset.total_seconds() // 60)


def _week(people: Sequence[Person], calendar: WorkCalendar, session: int, week: datetime) -> _Week:
    free = np.zeros((len(people), CELLS), np.float32)
    starts = np.zeros_like(free)
    for row, person in enumerate(people):
        for begin, end in _spans(person, calendar, week):
            first = -(-begin // HALF_HOUR)
            free[row, np.arange(first, end // HALF_HOUR) % CELLS] = 1
            starts[row, np.arange(first, (end - session) // HALF_HOUR + 1) % CELLS] = 1
    working = _working(calendar, week)
    return _Week(free * working, starts * working)


def _spans(person: Person, calendar: WorkCalendar, week: datetime) -> list[tuple[int, int]]:
    """Somebody's windows in minutes of the week in UTC, those that touch joined into one."""
    windows = person.windows or opening_hours(calendar)
    offset = _offset(person.zone, week)
    spans: list[tuple[int, int]] = []
    for begin, end in sorted((w.day * 1440 + w.start, w.day * 1440 + w.end) for w in windows):
        if spans and begin - offset <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end - offset))
        else:
            spans.append((begin - offset, end - offset))
    return spans


def opening_hours(calendar: WorkCalendar) -> tuple[Window, ...]:
    """The hours of somebody who gave none, in their own zone."""
    return tuple(Window(day=day, start=calendar.opens, end=calendar.closes) for day in calendar.workdays)


def _working(calendar: WorkCalendar, week: datetime) -> Floats:
    """1 for the half hours of the region's working days."""
    days = (np.arange(CELLS) * HALF_HOUR + _offset(calendar.zone, week)) // 1440 % 7
    return np.isin(days, calendar.workdays).astype(np.float32)
