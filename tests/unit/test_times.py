"""Times and durations at the end of what can be counted: refused like any other mistake."""

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.time.calendar import Instant
from schemas.time.durations import Duration

INSTANT: TypeAdapter[object] = TypeAdapter(Instant)
DURATION: TypeAdapter[object] = TypeAdapter(Duration)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_time_that_utc_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="outside the calendar"):
        INSTANT.validate_python(text)


@pytest.mark.parametrize(
    "text", ["99999999999 weeks", f"{'9' * 50} years", "P99999999999W", "P99999999999D"]
)
def test_a_duration_that_nobody_lives_to_see_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="duration"):
        DURATION.validate_python(text)
