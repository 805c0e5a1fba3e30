"""Which of many possible starts to propose.

The earliest, and some that differ from it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from schemas.time.calendar import zone

NOON_HOUR = 12


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
    parts = {start: _day_parts(start, zone_name) for start in (*starts, *refused)}
    left, length = parts.keys() - set(refused), timedelta(minutes=minutes)
    times = Counter(part for start in refused for part in parts[start])
    chosen: list[datetime] = []

    def rank(start: datetime) -> tuple[int, bool, date, int, int, datetime]:
        """What starts are ordered by: the least is the best."""
        day, half, half_of_day = parts[start]
        overlaps = any(abs(start - other) < length for other in (*chosen, *refused))
        return times[day], overlaps, day, times[half_of_day], times[half], start

    while left and len(chosen) < most:
        chosen.append(min(left, key=rank))
        left.remove(chosen[-1])
        times.update(parts[chosen[-1]])
    return tuple(chosen)


def _day_parts(start: datetime, zone_name: str) -> tuple[date, bool, tuple[date, bool]]:
    """Returns its day, whether it is in the afternoon, and both."""
    local = start.astimezone(zone(zone_name))
    day, afternoon = local.date(), local.hour >= NOON_HOUR
    return day, afternoon, (day, afternoon)
