"""Which of many possible starts to propose.

The earliest, and some that differ from it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from schemas.time.calendar import zone

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
    before = _Before(zone_name, timedelta(minutes=minutes))
    for start in refused:
        before.add(start)
    left = [start for start in starts if start not in refused]
    chosen: list[datetime] = []
    while left and len(chosen) < most:
        best = min(left, key=before.rank)
        left.remove(best)
        chosen.append(best)
        before.add(best)
    return tuple(chosen)


class _Before:
    """Earlier proposals and refusals, counted by day and half of the day."""

    def __init__(self, zone_name: str, length: timedelta) -> None:
        self._zone = zone(zone_name)
        self._length = length
        self._half_days: dict[datetime, _HalfDay] = {}
        self._starts: list[datetime] = []
        self._on_days: Counter[date] = Counter()
        self._on_half_days: Counter[_HalfDay] = Counter()
        self._in_halves: Counter[bool] = Counter()

    def add(self, start: datetime) -> None:
        half_day = self._half_day(start)
        self._starts.append(start)
        self._on_days[half_day.day] += 1
        self._on_half_days[half_day] += 1
        self._in_halves[half_day.afternoon] += 1

    def rank(self, start: datetime) -> tuple[int, bool, date, int, int, datetime]:
        """Returns what starts are ordered by: the least is the best."""
        half_day = self._half_day(start)
        overlaps = any(abs(start - other) < self._length for other in self._starts)
        return (
            self._on_days[half_day.day],
            overlaps,
            half_day.day,
            self._on_half_days[half_day],
            self._in_halves[half_day.afternoon],
            start,
        )

    def _half_day(self, start: datetime) -> _HalfDay:
        half_day = self._half_days.get(start)
        if half_day is None:
            local = start.astimezone(self._zone)
            half_day = _HalfDay(local.date(), local.hour >= NOON_HOUR)
            self._half_days[start] = half_day
        return half_day
