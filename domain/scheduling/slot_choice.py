"""Which of many possible starts to propose: the earliest, and some that differ from it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from schemas.calendar import zone

NOON_HOUR = 12


class _HalfDay(NamedTuple):
    day: date
    afternoon: bool


def choose_starts(
    starts: Iterable[datetime],
    zone_name: str,
    minutes: int,
    most: int,
    refused: Sequence[datetime] = (),
) -> tuple[datetime, ...]:
    """Returns at most `most` starts, best first.

    A day that was proposed or refused before comes after the others, and so does what
    overlaps such a time. On one day the half comes first that was proposed less often,
    there and on all days. Days are those of the zone.

    Args:
        minutes: how long the session is.
    """
    left = [start for start in starts if start not in refused]
    half_days = {start: _half_day(start, zone_name) for start in (*left, *refused)}
    length = timedelta(minutes=minutes)
    on_days: Counter[date] = Counter()
    on_half_days: Counter[_HalfDay] = Counter()
    in_halves: Counter[bool] = Counter()
    chosen: list[datetime] = []

    def count(start: datetime) -> None:
        half_day = half_days[start]
        on_days[half_day.day] += 1
        on_half_days[half_day] += 1
        in_halves[half_day.afternoon] += 1

    def rank(start: datetime) -> tuple[int, bool, date, int, int, datetime]:
        half_day = half_days[start]
        return (
            on_days[half_day.day],
            any(abs(start - other) < length for other in (*chosen, *refused)),
            half_day.day,
            on_half_days[half_day],
            in_halves[half_day.afternoon],
            start,
        )

    for start in refused:
        count(start)
    while left and len(chosen) < most:
        best = min(left, key=rank)
        left.remove(best)
        chosen.append(best)
        count(best)
    return tuple(chosen)


def _half_day(start: datetime, zone_name: str) -> _HalfDay:
    local = start.astimezone(zone(zone_name))
    return _HalfDay(local.date(), local.hour >= NOON_HOUR)
