"""Times that suit both sides: pure, everything in UTC; only "which local day and hour is it?" is asked in a zone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from domain.scheduling.time_spans import Span, difference, intersection, union
from schemas.calendar import WorkCalendar, zone
from schemas.scheduling import Agenda, SideAgenda

QUARTER = timedelta(minutes=15)
HALF_HOUR = 30


def suiting_starts(
    agenda: Agenda, earliest: datetime, latest: datetime, minutes: int
) -> Iterator[datetime]:
    """Every start, ascending, on a half hour of the mentee's clock, such that the whole session suits both.

    It lies in weekly windows of both, on working days of the region, overlaps nothing booked, begins at `earliest` or
    later and ends at `latest` or earlier.
    """
    length = timedelta(minutes=minutes)
    clock = zone(agenda.mentee.zone)
    for start, end in common_spans(agenda, earliest, latest):
        # zones lie whole quarters of an hour off UTC, so every local half hour is among its quarters
        at = start + (datetime.min.replace(tzinfo=start.tzinfo) - start) % QUARTER
        while at + length <= end:
            if at.astimezone(clock).minute % HALF_HOUR == 0:
                yield at
            at += QUARTER


def common_spans(agenda: Agenda, earliest: datetime, latest: datetime) -> list[Span]:
    """All the time in which both could meet, between two instants."""
    days = list(_days(earliest, latest))
    free = union([(earliest, latest)])
    for side in (agenda.mentor, agenda.mentee):
        free = list(intersection(free, union(_windows(side, agenda.calendar, days))))
    free = list(intersection(free, union(_working_days(agenda.calendar, days))))
    taken = union(
        (busy.start, busy.end)
        for side in (agenda.mentor, agenda.mentee)
        for busy in side.busy
    )
    return list(difference(free, taken))


def _days(earliest: datetime, latest: datetime) -> Iterator[date]:
    """Every local day, in whatever zone, that has a moment between the two."""
    day = earliest.date() - timedelta(days=1)
    while day <= latest.date() + timedelta(days=1):
        yield day
        day += timedelta(days=1)


def _windows(
    side: SideAgenda, calendar: WorkCalendar, days: list[date]
) -> Iterator[Span]:
    """A side's weekly windows on the days, in its own zone; the calendar's hours where it gave none."""
    weekly = side.windows or calendar.opening_windows()
    local = WorkCalendar(zone=side.zone)
    for day in days:
        for window in weekly:
            if window.day == day.weekday():
                yield local.at(day, window.start), local.at(day, window.end)


def _working_days(calendar: WorkCalendar, days: list[date]) -> Iterator[Span]:
    return (
        (calendar.at(day, 0), calendar.at(day, 1440))
        for day in days
        if calendar.works_on(day)
    )
