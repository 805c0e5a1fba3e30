"""Lengths of time as a participant reads them: of the programme's own numbers, one and many."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.pages.words import translator
from gateway.texts.times import duration, start_and_end

DURATIONS = [
    ("en", "within", timedelta(days=2), "within 2 days"),
    ("en", "within", timedelta(weeks=3), "within 3 weeks"),
    ("en", "within", timedelta(hours=20), "within a day"),
    ("en", "every", timedelta(weeks=1), "about once a week"),
    ("en", "every", timedelta(days=10), "about every 10 days"),
    ("fr", "within", timedelta(days=2), "en 2 jours"),
    ("fr", "within", timedelta(weeks=1), "en une semaine"),
    ("fr", "every", timedelta(weeks=1), "une fois par semaine environ"),
    ("fr", "every", timedelta(weeks=4), "toutes les 4 semaines environ"),
]


@pytest.mark.parametrize(("locale", "key", "length", "text"), DURATIONS)
def test_a_length_is_written_in_weeks_or_days_and_agrees_in_number(
    locale: str, key: str, length: timedelta, text: str
) -> None:
    assert duration(length, translator(locale), key) == text


@pytest.mark.parametrize(
    ("locale", "text"), [("en", "09:00 – 09:30"), ("fr", "9\u00a0h – 9\u00a0h\u00a030")]
)
def test_an_hour_is_written_as_the_language_does(locale: str, text: str) -> None:
    assert (
        start_and_end(datetime(2027, 1, 15, 9, tzinfo=UTC), 30, "Etc/UTC", locale)
        == text
    )
