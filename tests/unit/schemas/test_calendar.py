"""Working time: weekends, holidays and closed periods stand still, and clocks that change do no harm."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.time.calendar import Closed, WorkCalendar, zone

PARIS = WorkCalendar(
    zone="Europe/Paris",
    holidays=(date(2027, 5, 6),),
    closed=(Closed(first=date(2027, 8, 2), last=date(2027, 8, 20)),),
)

INSTANTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m)
)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


ADDED = [
    # from                        hours  until
    (utc(2027, 1, 11, 9), 48, utc(2027, 1, 13, 9)),
    (utc(2027, 1, 15, 9), 48, utc(2027, 1, 19, 9)),  # over a weekend
    (utc(2027, 5, 5, 9), 24, utc(2027, 5, 7, 9)),  # over a holiday
    (utc(2027, 7, 30, 9), 48, utc(2027, 8, 24, 9)),  # over August
    (
        utc(2027, 1, 16, 9),
        24,
        utc(2027, 1, 18, 23),
    ),  # from within a weekend: all of Monday
    (
        utc(2027, 3, 26, 9),
        48,
        utc(2027, 3, 30, 8),
    ),  # over the change to summer time: the same hour in Paris
]


@pytest.mark.parametrize(("start", "hours", "end"), ADDED)
def test_deadlines_run_on_open_days_only(
    start: datetime, hours: int, end: datetime
) -> None:
    assert PARIS.add_open(start, timedelta(hours=hours)) == end


OPENS = [
    (utc(2027, 1, 11, 7), utc(2027, 1, 11, 8)),
    (utc(2027, 1, 11, 10), utc(2027, 1, 11, 10)),
    (utc(2027, 1, 11, 17), utc(2027, 1, 12, 8)),
    (utc(2027, 1, 15, 18), utc(2027, 1, 18, 8)),
    (utc(2027, 7, 5, 5), utc(2027, 7, 5, 7)),  # summer time
    (utc(2027, 8, 10, 10), utc(2027, 8, 23, 7)),
]


@pytest.mark.parametrize(("at", "opens"), OPENS)
def test_mail_waits_for_working_hours(at: datetime, opens: datetime) -> None:
    assert PARIS.next_open(at) == opens


@given(INSTANTS)
def test_the_next_opening_is_open_and_not_in_the_past(at: datetime) -> None:
    opens = PARIS.next_open(at)
    assert opens >= at
    local = opens.astimezone(zone(PARIS.zone))
    assert PARIS.works_on(local.date())
    assert PARIS.opens <= local.hour * 60 + local.minute < PARIS.closes


@given(
    INSTANTS,
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20)),
)
def test_two_spans_after_each_other_are_as_long_as_both(
    at: datetime, one: timedelta, two: timedelta
) -> None:
    assert PARIS.add_open(PARIS.add_open(at, one), two) == PARIS.add_open(at, one + two)
