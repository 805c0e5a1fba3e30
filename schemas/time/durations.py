"""Durations as people write them: `2 hours`, `4 weeks`, `PT48H`."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter, WithJsonSchema

_UNITS = {
    **dict.fromkeys(("minute", "min"), 1),
    **dict.fromkeys(("hour", "h"), 60),
    **dict.fromkeys(("day", "d"), 1440),
    **dict.fromkeys(("week", "w"), 10080),
    "month": 30 * 1440,
    "year": 365 * 1440,
}
_WORDS = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+?)s?(?:\s*,\s*|\s+and\s+|\s+|$)")
_ISO = TypeAdapter(timedelta)
_BOUNDS = "a duration lies between 0 and 10 years"
ALLOWED = "such as '2 hours', '4 weeks', '1 hour 30 minutes' or 'PT48H'"


def parse_duration(value: object) -> timedelta:
    """Read a duration; a month is 30 days and a year 365.

    Raises:
        ValueError: not a duration, or negative; the message says what is allowed and quotes nothing.
    """
    if isinstance(value, timedelta):
        return _positive(value)
    if not isinstance(value, str) or len(value) > 60:
        raise ValueError(f"not a duration; allowed: {ALLOWED}")
    text = value.strip()
    if text[:1] in ("P", "p"):
        try:
            return _positive(_ISO.validate_python(text.upper()))
        except ValueError:
            raise ValueError(f"not a duration; allowed: {ALLOWED}") from None
    return _positive(_from_words(text.lower()))


def _from_words(text: str) -> timedelta:
    minutes, end = 0.0, 0
    for found in _WORDS.finditer(text):
        if found.start() != end or found[2] not in _UNITS:
            raise ValueError(f"not a duration; allowed: {ALLOWED}")
        minutes += float(found[1]) * _UNITS[found[2]]
        end = found.end()
    if not end or end != len(text):
        raise ValueError(f"not a duration; allowed: {ALLOWED}")
    try:
        return timedelta(minutes=minutes)
    except (
        OverflowError
    ):  # more than Python counts: nobody's duration, and no ValueError by itself
        raise ValueError(_BOUNDS) from None


def _positive(value: timedelta) -> timedelta:
    if value < timedelta(0) or value > timedelta(days=3660):
        raise ValueError(_BOUNDS)
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    WithJsonSchema(
        {
            "type": "string",
            "title": "Duration",
            "examples": ["2 hours", "4 weeks", "PT48H"],
        }
    ),
]
