"""Which of many possible times to propose: the earliest, and alternatives that differ from it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from schemas.calendar import zone

NOON = 12


def best(
    starts: Iterable[datetime],
    zone_name: str,
    minutes: int,
    most: int,
    refused: Sequence[datetime] = (),
) -> tuple[datetime, ...]:
    """At most `most` starts, best first.

    A day that was proposed or refused before comes after the others, and so does what overlaps such a time. On one day
    the half of it comes first that was proposed less often, there and at all. Days are those of the zone.
    """
    left = [start for start in starts if start not in refused]
    local = {start: start.astimezone(zone(zone_name)) for start in (*left, *refused)}
    length = timedelta(minutes=minutes)
    used: Counter[object] = Counter()
    chosen: list[datetime] = []

    def use(start: datetime) -> None:
        used.update(_parts(local[start]))

    def rank(start: datetime) -> tuple[int, bool, date, int, int, datetime]:
        day, half, half_of_day = _parts(local[start])
        overlaps = any(abs(start - other) < length for other in (*chosen, *refused))
        return used[day], overlaps, day, used[half_of_day], used[half], start

    for start in refused:
        use(start)
    while left and len(chosen) < most:
        chosen.append(min(left, key=rank))
        left.remove(chosen[-1])
        use(chosen[-1])
    return tuple(chosen)


def _parts(local: datetime) -> tuple[date, bool, tuple[date, bool]]:
    """Its day, whether it is in the afternoon, and both."""
    day, afternoon = local.date(), local.hour >= NOON
    return day, afternoon, (day, afternoon)
