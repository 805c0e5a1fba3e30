"""Which starts suit both: windows, zones, changes of clocks, working days, what is
booked.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.scheduling.availability import possible_starts
from schemas.scheduling import Agenda, Busy
from schemas.time.calendar import Closed, Window, zone
from tests.unit.domain.scheduling.factories import (
    an_agenda,
    at,
    busy,
    windows,
)

MON = "2027-01-11"
"""A Monday; Paris is an hour ahead of UTC."""


def _starts(agenda: Agenda, earliest: str, latest: str, minutes: int = 60) -> list[str]:
    found = possible_starts(agenda, at(earliest), at(latest), minutes)
    return [f"{start:%d %H:%M}" for start in found]


def _monday(minutes: int = 60, **agenda: dict[str, Any]) -> list[str]:
    return _starts(an_agenda(**agenda), f"{MON} 00:00", f"{MON} 23:59", minutes)


TOUCHING = (*windows(0, end=9.5), *windows(0, start=9.5, end=10))
EARLY, KATHMANDU = {"windows": windows(0, start=5, end=7)}, {"zone": "Asia/Kathmandu"}
AT_NINE = {"busy": (busy(f"{MON} 09:00", 60),)}
CASES: list[tuple[str, dict[str, dict[str, Any]], int, list[str]]] = [
    ("every half hour of a common window", {}, 60, ["11 08:00", "11 08:30", "11 09:00", "11 09:30", "11 10:00"]),
    ("the whole session lies inside", {}, 120, ["11 08:00", "11 08:30", "11 09:00"]),
    ("no room for it", {"mentor": {"windows": windows(0, end=9.5)}}, 60, []),
    ("a window of half an hour holds half an hour", {"mentor": {"windows": windows(0, end=9.5)}}, 30, ["11 08:00"]),
    ("it starts on a half hour", {"mentor": {"windows": windows(0, start=9.25, end=10.75)}}, 60, ["11 08:30"]),
    ("windows that touch are one", {"mentor": {"windows": TOUCHING}}, 60, ["11 08:00"]),
    ("London's morning begins later", {"mentee": {"zone": "Europe/London"}}, 90, ["11 09:00", "11 09:30"]),
    ("no windows: opening hours", {"mentor": {"windows": ()}}, 120, ["11 08:00", "11 08:30", "11 09:00"]),
    ("of one's own zone", {"mentor": {"windows": (), "zone": "Europe/London"}}, 120, ["11 09:00"]),
    ("half hours of the mentee's clock", {"mentor": EARLY, "mentee": KATHMANDU}, 60, ["11 04:15", "11 04:45"]),
    ("back to back with what is booked", {"mentor": AT_NINE}, 60, ["11 08:00", "11 10:00"]),
    ("both are asked", {"mentor": AT_NINE, "mentee": {"busy": (busy(f"{MON} 10:15", 30),)}}, 60, ["11 08:00"]),
    ("booked all day", {"mentee": {"busy": (busy(f"{MON} 07:00", 400),)}}, 60, []),
    ("a public holiday", {"calendar": {"holidays": (date(2027, 1, 11),)}}, 60, []),
    ("a closed period", {"calendar": {"closed": (Closed(first=date(2027, 1, 4), last=date(2027, 1, 11)),)}}, 60, []),
    ("not a working day", {"calendar": {"workdays": (1, 2, 3, 4)}}, 60, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("agenda", "minutes", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_monday(
    agenda: dict[str, dict[str, Any]], minutes: int, expected: list[str]
) -> None:
    assert _monday(minutes, **agenda) == expected


BOUNDS = [
    (
        "begins at the earliest",
        f"{MON} 09:00",
        f"{MON} 23:00",
        ["11 09:00", "11 09:30", "11 10:00"],
    ),
    ("begins after it", f"{MON} 09:07", f"{MON} 23:00", ["11 09:30", "11 10:00"]),
    ("ends at the latest", f"{MON} 00:00", f"{MON} 09:30", ["11 08:00", "11 08:30"]),
    ("nothing between them", f"{MON} 12:00", f"{MON} 11:00", []),
]


@pytest.mark.parametrize(
    ("earliest", "latest", "expected"),
    [c[1:] for c in BOUNDS],
    ids=[c[0] for c in BOUNDS],
)
def test_bounds(earliest: str, latest: str, expected: list[str]) -> None:
    assert _starts(an_agenda(), earliest, latest) == expected


def test_summer_time_begins_between_two_mondays() -> None:
    mornings = an_agenda({"windows": windows(0, end=10)})
    assert _starts(mornings, "2027-03-22 00:00", "2027-03-30 00:00") == [
        "22 08:00",
        "29 07:00",
    ]


def test_summer_time_ends_between_two_mondays() -> None:
    mornings = an_agenda({"windows": windows(0, end=10)})
    assert _starts(mornings, "2027-10-25 00:00", "2027-11-02 00:00") == [
        "25 07:00",
        "01 08:00",
    ]


NIGHT = {"windows": windows(6, start=1, end=4)}
ALL_WEEK = {"workdays": (0, 1, 2, 3, 4, 5, 6)}


def test_the_hour_that_is_missing_in_spring_holds_nothing() -> None:
    night = an_agenda(NIGHT, NIGHT, ALL_WEEK)
    assert _starts(night, "2027-03-27 12:00", "2027-03-28 12:00") == [
        "28 00:00",
        "28 00:30",
        "28 01:00",
    ]


def test_the_hour_that_comes_twice_in_autumn_holds_more() -> None:
    night = an_agenda(NIGHT, NIGHT, ALL_WEEK)
    expected = [
        "30 23:00",
        "30 23:30",
        "31 00:00",
        "31 00:30",
        "31 01:00",
        "31 01:30",
        "31 02:00",
    ]
    assert _starts(night, "2027-10-30 12:00", "2027-10-31 12:00") == expected


def test_between_two_changes_of_clocks_new_york_is_an_hour_nearer() -> None:
    mentee = {"zone": "America/New_York", "windows": windows(0, start=9, end=10)}
    afternoons = an_agenda({"windows": windows(0, start=14, end=16)}, mentee)
    assert _starts(afternoons, "2027-03-08 00:00", "2027-03-23 00:00") == [
        "08 14:00",
        "15 13:00",
        "22 13:00",
    ]


def test_a_working_day_is_the_regions_whatever_the_zones_of_the_two() -> None:
    sydney = {"zone": "Australia/Sydney", "windows": windows(0, 1, start=6, end=8)}
    both = an_agenda(sydney, sydney)  # Monday 6:00 there is Sunday evening in Paris
    assert _starts(both, "2027-01-10 00:00", "2027-01-12 12:00", 120) == ["11 19:00"]


QUARTER = timedelta(minutes=15)
BEGIN = at("2027-03-20 07:10")
"""Two weeks from here hold the changes of clocks of Europe and Auckland."""
ZONES = st.sampled_from(
    [
        "Europe/Paris",
        "Europe/London",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Auckland",
    ]
)
WINDOWS = st.lists(
    st.builds(
        lambda day, start, length: Window(day=day, start=start * 15, end=min(1440, start * 15 + length * 15)),
        st.integers(0, 6), st.integers(0, 95), st.integers(1, 30),
    ), max_size=8,
).map(tuple)  # fmt: skip
BUSY = st.lists(
    st.builds(
        lambda start, length: Busy(start=BEGIN + start * QUARTER, end=BEGIN + (start + length) * QUARTER),
        st.integers(0, 1200), st.integers(1, 60),
    ), max_size=8,
).map(tuple)  # fmt: skip
SIDES = st.fixed_dictionaries({"zone": ZONES, "windows": WINDOWS, "busy": BUSY})


def _inside_a_window(side: Any, start: datetime, end: datetime) -> bool:
    """Walks through the session by quarters, asking the wall clock of the side each
    time.
    """
    moments = [start + step * QUARTER for step in range((end - start) // QUARTER)]
    locals_ = [moment.astimezone(zone(side.zone)) for moment in moments]
    weekly = side.windows or windows(0, 1, 2, 3, 4, start=9, end=18)
    return all(
        any(
            w.day == t.weekday() and w.start <= t.hour * 60 + t.minute < w.end
            for w in weekly
        )
        for t in locals_
    )


@settings(max_examples=80)
@given(SIDES, SIDES, st.sampled_from([30, 60, 90, 120]))
def test_every_start_suits_both(
    mentor: dict[str, Any], mentee: dict[str, Any], minutes: int
) -> None:
    agenda = an_agenda(mentor, mentee, {"holidays": (date(2027, 3, 29),)})
    latest = BEGIN + timedelta(days=14)
    for start in possible_starts(agenda, BEGIN, latest, minutes):
        end = start + timedelta(minutes=minutes)
        assert start >= BEGIN
        assert end <= latest
        assert agenda.calendar.works_on(start.astimezone(zone("Europe/Paris")).date())
        for side in (agenda.mentor, agenda.mentee):
            assert _inside_a_window(side, start, end)
            assert not any(
                block.start < end and start < block.end for block in side.busy
            )
