"""What is wrong with a value and what is allowed, in words for people.

The value itself is never repeated.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from itertools import islice
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from schemas.ids import KEY_PATTERN, MATCH_PATTERN, PERSON_PATTERN
from schemas.wording.counted import counted

MOST_NAMES_COMPARED = 100
LONGEST_NAME_COMPARED = 60
"""Characters. What is longer or further down is no slip of the pen, and comparing takes the square of it."""

CODE = "lower-case letters, digits, - and _, at most 40 characters"
_UNITS = (("week", 10080), ("day", 1440), ("hour", 60), ("minute", 1))

_WORDS: dict[str, str] = {
    "missing": "missing; it is needed",
    "date_type": "not a date; write it like 2027-01-11",
    "date_parsing": "not a date; write it like 2027-01-11",
    "date_from_datetime_parsing": "not a date; write it like 2027-01-11",
    "date_from_datetime_inexact": "not a date; write it like 2027-01-11",
    "int_type": "not a whole number",
    "int_parsing": "not a whole number",
    "int_from_float": "not a whole number",
    "int_parsing_size": "not a whole number of reasonable size",
    "float_type": "not a number",
    "float_parsing": "not a number",
    "finite_number": "not a number",
    "bool_type": "not true or false",
    "bool_parsing": "not true or false",
    "string_type": "not a text",
    "string_unicode": "not a text",
    "tuple_type": 'not a list; write it like ["one", "two"]',
    "model_type": 'not a group of fields; write it like {"field": "value"}',
    "model_attributes_type": 'not a group of fields; write it like {"field": "value"}',
    "dict_type": 'not a group of fields; write it like {"field": "value"}',
}


def error_in_words(error: ErrorDetails, field: FieldInfo | None) -> str:
    """Returns one error of a validation in words; `field` is where it was found, for
    its bounds.
    """
    kind, context = error["type"], error.get("ctx", {})
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(context, field)
    if bounds := _bounds(field):
        return f"{_WORDS.get(kind, 'out of range')}; allowed: {bounds}"
    return _WORDS.get(kind, "not accepted")


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Returns the known name that somebody may have meant; as much work for any name."""
    if len(name) > LONGEST_NAME_COMPARED:
        return None
    short = (each for each in known if len(each) <= LONGEST_NAME_COMPARED)
    compared = list(islice(short, MOST_NAMES_COMPARED))
    return next(iter(get_close_matches(name, compared, 1, cutoff)), None)


def unknown_field_in_words(
    name: str, known: Sequence[str], elsewhere: Mapping[str, str]
) -> str:
    """Returns what to write instead of an unknown field; `elsewhere` has the path where
    a name would be known.
    """
    if near := nearest(name, known):
        return f"unknown; did you mean {near}?"
    if name in elsewhere:
        return f"unknown here; did you mean {elsewhere[name]}?"
    return f"unknown; allowed: {', '.join(known) or 'no field at all'}"


def duration_in_words(value: timedelta) -> str:
    """Returns it in the largest unit that is exact, as people write it in a document."""
    minutes = int(value.total_seconds()) // 60
    unit, size = next(
        ((unit, size) for unit, size in _UNITS if minutes and minutes % size == 0),
        _UNITS[-1],
    )
    return counted(minutes // size, unit)


def _bounds(field: FieldInfo | None) -> str:
    """Returns such as `from 1 to 9`; empty: there are none."""
    found: dict[str, Any] = {}
    for constraint in field.metadata if field else ():
        for name in ("ge", "gt", "le", "lt"):
            value = getattr(constraint, name, None)
            if value is not None:
                is_duration = isinstance(value, timedelta)
                found[name] = duration_in_words(value) if is_duration else value
    return " ".join(
        f"{word} {found[name]}{comma}"
        for name, word, comma in _BOUND_WORDS
        if name in found
    )


_BOUND_WORDS = (
    ("ge", "from", ""),
    ("gt", "above", ","),
    ("le", "to", ""),
    ("lt", "below", ""),
)


def _choice(context: Mapping[str, Any], _: FieldInfo | None) -> str:
    return f"not allowed; allowed: {context['expected'].replace(chr(39), '')}"


def _pattern(context: Mapping[str, Any], _: FieldInfo | None) -> str:
    pattern = context["pattern"]
    if pattern == r"^[A-Z]{2}$":
        return "not a country; allowed: two capital letters, such as FR"
    if pattern == PERSON_PATTERN:
        return "not the id of a person; take it from the state of the workflow"
    if pattern in (KEY_PATTERN, MATCH_PATTERN):
        return "not an id; copy it from where it is shown"
    if pattern.startswith("^("):
        choices = (
            pattern[2:-2]
            .replace("[a-z0-9_-]{1,40}", "CODE")
            .replace("[ap][a-z2-7]{13}", "ID")
            .replace("|", ", ")
        )
        return f"not allowed; allowed: {choices}"
    return f"not a code; allowed: {CODE}"


def _length(context: Mapping[str, Any], _: FieldInfo | None) -> str:
    most, least = context.get("max_length"), context.get("min_length")
    return (
        f"too many; allowed: up to {most}"
        if most is not None
        else f"too few; allowed: at least {least}"
    )


_SPECIAL: dict[str, Callable[[Mapping[str, Any], FieldInfo | None], str]] = {
    "enum": _choice,
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
    "value_error": lambda context, _: str(context["error"]),
    "too_long": _length,
    "too_short": _length,
    "string_too_long": lambda context, _: (
        f"too long; allowed: up to {context['max_length']} characters"
    ),
}
