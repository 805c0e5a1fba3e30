"""Weekly hours that two people have in common, counted in half hours of UTC.

Zones change their clocks on different days, so a week of winter and one of summer are looked at and the lesser
counts. The odd weeks between two changes are left to the search for slots.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from domain.matching.arrays import Floats
from domain.matching.categories import Categories, Rows, numbered
from schemas.calendar import Window, WorkCalendar, zone
from schemas.people import Person

HALF_HOUR = 30
CELLS = 7 * 48
WEEKS = (datetime(2027, 1, 11, tzinfo=UTC), datetime(2027, 7, 12, tzinfo=UTC))
"""A Monday without a change of clocks near it in winter, and one in summer."""

Spans = tuple[tuple[int, int], ...]
Kind = tuple[str, Spans]
"""A time zone, and windows in minutes of the week there."""


class Common(NamedTuple):
    """What mentees (down) and mentors (across) have in common in every week."""

    minutes: Categories
    """A week, counted in whole half hours."""
    fits: Categories
    """Some start on a half hour leaves room for a session within windows of both."""


class _Week(NamedTuple):
    free: Floats
    """By kind and half hour: 1 where all of it lies in a window."""
    starts: Floats
    """By kind and half hour: 1 where a session may start."""


def common(
    mentees: Sequence[Person],
    mentors: Sequence[Person],
    calendar: WorkCalendar,
    session: int,
) -> Common:
    """Compare everybody with everybody; `session` in minutes."""
    zones = {calendar.zone, *(p.zone for p in (*mentees, *mentors))}
    weeks = _different_weeks(zones)

    def pairs(
        ours: Sequence[Kind], theirs: Sequence[Kind]
    ) -> Iterator[tuple[_Week, _Week]]:
        for week in weeks:
            yield (
                _week(ours, calendar, session, week),
                _week(theirs, calendar, session, week),
            )

    def minutes(ours: Sequence[Kind], theirs: Sequence[Kind]) -> Rows:
        return _minutes([_together(o.free, t.free) for o, t in pairs(ours, theirs)])

    def fits(ours: Sequence[Kind], theirs: Sequence[Kind]) -> Rows:
        return _fits([_together(o.starts, t.starts) for o, t in pairs(ours, theirs)])

    (down, ours), (across, theirs) = (
        numbered(_kinds(mentees, calendar)),
        numbered(_kinds(mentors, calendar)),
    )
    shape = len(ours), len(theirs)
    return Common(
        Categories(down, across, minutes(ours, theirs), shape),
        Categories(down, across, fits(ours, theirs), shape),
    )


def _minutes(weeks: Sequence[tuple[Floats, Floats]]) -> Rows:
    return lambda some: (
        np.min([mine[some] @ theirs.T for mine, theirs in weeks], axis=0)
        * np.float32(HALF_HOUR)
    )


def _fits(weeks: Sequence[tuple[Floats, Floats]]) -> Rows:
    return lambda some: np.all(
        [mine[some] @ theirs.T > 0 for mine, theirs in weeks], axis=0
    )


def _together(ours: Floats, theirs: Floats) -> tuple[Floats, Floats]:
    """Without the half hours that one side never has."""
    both = ours.any(axis=0) & theirs.any(axis=0)
    return np.ascontiguousarray(ours[:, both]), np.ascontiguousarray(theirs[:, both])


def _kinds(people: Iterable[Person], calendar: WorkCalendar) -> Iterator[Kind]:
    known: dict[int, Spans] = {}
    for person in (
        people
    ):  # windows read from PostgreSQL are one object wherever they are the same
        spans = known.get(id(person.windows))
        if spans is None:
            spans = known[id(person.windows)] = _spans(
                person.windows or opening_hours(calendar)
            )
        yield person.zone, spans


def _different_weeks(zones: set[str]) -> list[datetime]:
    """One week is enough where all zones change their clocks together."""
    first, *others = sorted(zones)
    seen = {
        tuple(_offset(name, week) - _offset(first, week) for name in others): week
        for week in reversed(WEEKS)
    }
    return list(seen.values())


@lru_cache(maxsize=2000)
def _offset(name: str, at: datetime) -> int:
    offset = at.astimezone(zone(name)).utcoffset()
    assert offset is not None  # zone() answers real zones only
    return int(offset.total_seconds() // 60)


def _week(
    kinds: Sequence[Kind], calendar: WorkCalendar, session: int, week: datetime
) -> _Week:
    free = np.zeros((len(kinds), CELLS), np.float32)
    starts = np.zeros_like(free)
    for row, (name, spans) in enumerate(kinds):
        offset = _offset(name, week)
        for begin, end in ((begin - offset, end - offset) for begin, end in spans):
            first = -(-begin // HALF_HOUR)
            free[row, np.arange(first, end // HALF_HOUR) % CELLS] = 1
            starts[row, np.arange(first, (end - session) // HALF_HOUR + 1) % CELLS] = 1
    working = _working(calendar, week)
    return _Week(free * working, starts * working)


def _spans(windows: Iterable[Window]) -> Spans:
    """Windows in minutes of the week, those that touch joined into one."""
    spans: list[tuple[int, int]] = []
    for begin, end in sorted(
        (w.day * 1440 + w.start, w.day * 1440 + w.end) for w in windows
    ):
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((begin, end))
    return tuple(spans)


def opening_hours(calendar: WorkCalendar) -> tuple[Window, ...]:
    """The hours of somebody who gave none, in their own zone."""
    return tuple(
        Window(day=day, start=calendar.opens, end=calendar.closes)
        for day in calendar.workdays
    )


def _working(calendar: WorkCalendar, week: datetime) -> Floats:
    """1 for the half hours of the region's working days."""
    days = (np.arange(CELLS) * HALF_HOUR + _offset(calendar.zone, week)) // 1440 % 7
    return np.isin(days, calendar.workdays).astype(np.float32)
