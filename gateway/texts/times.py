"""Times for people: in their own zone, in their own language."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from schemas.time.calendar import zone

_DAYS = {
    "en": (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
}


_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)
"""The beginning of some day."""


def day_name(locale: str, weekday: int) -> str:
    return _DAYS[locale][weekday]


def span(at: datetime, minutes: int, zone_name: str, locale: str) -> str:
    """Day, beginning and end; the day as it is written in the language, such as `mardi 12 janvier 2027`."""
    local = at.astimezone(zone(zone_name))
    weekday = _DAYS[locale][local.weekday()]
    times = start_and_end(at, minutes, zone_name, locale)
    return f"{weekday} {day(local, locale)}, {times}"


def day(at: date, locale: str) -> str:
    """Returns a day such as `12 January 2027`."""
    number = "1er" if locale == "fr" and at.day == 1 else str(at.day)
    return f"{number} {_MONTHS[locale][at.month - 1]} {at.year}"


def moment(at: datetime, zone_name: str, locale: str) -> str:
    """Returns day and time in a zone, without the day of the week."""
    local = at.astimezone(zone(zone_name))
    return f"{day(local, locale)}, {_time(local, locale)}"


def start_and_end(at: datetime, minutes: int, zone_name: str, locale: str) -> str:
    """Returns beginning and end, without the day."""
    begins, ends = (
        moment.astimezone(zone(zone_name))
        for moment in (at, at + timedelta(minutes=minutes))
    )
    return f"{_time(begins, locale)} – {_time(ends, locale)}"


def _time(local: datetime, locale: str) -> str:
    """Returns a time of day such as `14:30`; in French `9 h` or `14 h 30`, on one line."""
    if locale != "fr":
        return local.strftime("%H:%M")
    return f"{local.hour}\u00a0h" + (f"\u00a0{local.minute:02}" if local.minute else "")


def duration(length: timedelta, t: Callable[..., str], key: str) -> str:
    """Returns a duration in words: in weeks if it is whole weeks, else in days, at least one.

    `key` is `within` for a limit and `every` for a rhythm.
    """
    days = max(1, round(length / timedelta(days=1)))
    unit, number = ("week", days // 7) if days % 7 == 0 else ("day", days)
    return t(f"{key}.{unit}" if number == 1 else f"{key}.{unit}s", number=number)


def time_of_day(minute: int, locale: str) -> str:
    """A minute of the day such as `09:00`, in French `9 h`; 1440 is midnight at the end."""
    return _time(_MIDNIGHT + timedelta(minutes=minute), locale)


def clock_of(minute: int) -> str:
    """A minute of the day as an <input type=time> takes it; midnight at the end is 23:59."""
    minute = min(minute, 1439)
    return f"{minute // 60:02d}:{minute % 60:02d}"
