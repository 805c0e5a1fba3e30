"""Durations as people write them, and how what is none is refused."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.time.durations import Duration, parse_duration

DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)
READ = [
    ("2 hours", timedelta(hours=2)),
    ("1 hour", timedelta(hours=1)),
    ("4 weeks", timedelta(weeks=4)),
    ("90 min", timedelta(minutes=90)),
    ("1 hour 30 minutes", timedelta(minutes=90)),
    ("1 day and 2 hours", timedelta(hours=26)),
    ("48h", timedelta(hours=48)),
    ("1.5 hours", timedelta(minutes=90)),
    (" 3 Weeks ", timedelta(weeks=3)),
    ("6 months", timedelta(days=180)),
    ("1 year", timedelta(days=365)),
    ("PT48H", timedelta(hours=48)),
    ("p7d", timedelta(days=7)),
]
REFUSED = [
    "",
    "soon",
    "2",
    "2 fortnights",
    "hours 2",
    "2 hours later",
    "-P1D",
    "11 years",
    7,
    None,
    ["2 hours"],
    "9" * 70,
]


@pytest.mark.parametrize(("text", "span"), READ)
def test_a_duration_is_read_as_people_write_it(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize("value", REFUSED)
def test_what_is_no_duration_is_refused_without_repeating_it(value: object) -> None:
    with pytest.raises(ValueError, match="duration") as refused:
        parse_duration(value)
    assert "fortnights" not in str(refused.value)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3650)))
def test_what_is_written_is_read_back(span: timedelta) -> None:
    assert parse_duration(DURATION.dump_python(span, mode="json")) == span
