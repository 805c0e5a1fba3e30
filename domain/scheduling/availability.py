"""Times that suit both sides.

Everything is in UTC; only "which local day and hour is it?" is asked in a zone.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from domain.scheduling.time_spans import TimeSpan, difference, intersection, union
from schemas.scheduling import Agenda, SideAgenda
from schemas.time.calendar import A_DAY, WorkCalendar, zone

QUARTER = timedelta(minutes=15)
HALF_HOUR_MINUTES = 30
DAY_MINUTES = 1440


def possible_starts(
    agenda: Agenda, earliest: datetime, latest: datetime, minutes: int
) -> Iterator[datetime]:
    """Yields every start, ascending, such that the whole session suits both.

    It is on a half hour of the mentee's clock, in weekly windows of both, on working
    days of the region, and overlaps nothing booked. The session begins at `earliest` or
    later and ends at `latest` or earlier.
    """
    length = timedelta(minutes=minutes)
    clock = zone(agenda.mentee.zone)
    for start, end in common_spans(agenda, earliest, latest):
        # zones are whole quarters of an hour off UTC, so that every local half hour is
        # among its quarters
        at = start + (datetime.min.replace(tzinfo=start.tzinfo) - start) % QUARTER
        while at + length <= end:
            if at.astimezone(clock).minute % HALF_HOUR_MINUTES == 0:
                yield at
            at += QUARTER


def common_spans(
    agenda: Agenda, earliest: datetime, latest: datetime
) -> list[TimeSpan]:
    """Returns all the time between two instants in which both could meet."""
    days = list(_days(earliest, latest))
    sides = (agenda.mentor, agenda.mentee)
    free = union([(earliest, latest)])
    for side in sides:
        windows = union(_windows(side, agenda.calendar, days))
        free = list(intersection(free, windows))
    free = list(intersection(free, union(_working_days(agenda.calendar, days))))
    booked = union((busy.start, busy.end) for side in sides for busy in side.busy)
    return list(difference(free, booked))


def _days(earliest: datetime, latest: datetime) -> Iterator[date]:
    """Yields every local day, in whatever zone, that has a moment between the two."""
    day = earliest.date() - A_DAY
    while day <= latest.date() + A_DAY:
        yield day
        day += A_DAY


def _windows(
    side: SideAgenda, calendar: WorkCalendar, days: list[date]
) -> Iterator[TimeSpan]:
    """Yields a side's weekly windows on the days, in its own zone; the calendar's hours
    where it gave none.
    """
    weekly = side.windows or calendar.opening_windows()
    local = WorkCalendar(zone=side.zone)
    for day in days:
        for window in weekly:
            if window.day == day.weekday():
                yield local.at(day, window.start), local.at(day, window.end)


def _working_days(calendar: WorkCalendar, days: list[date]) -> Iterator[TimeSpan]:
    for day in days:
        if calendar.works_on(day):
            yield calendar.at(day, 0), calendar.at(day, DAY_MINUTES)
