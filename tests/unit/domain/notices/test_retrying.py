"""When a deferred mail is tried again."""

from datetime import timedelta

import pytest

from domain.notices.retrying import MAX_ATTEMPTS, retry_delay


@pytest.mark.parametrize(
    ("attempts", "delay"),
    [
        (1, timedelta(seconds=30)),
        (2, timedelta(minutes=1)),
        (7, timedelta(minutes=32)),
        (8, timedelta(hours=1)),
        (MAX_ATTEMPTS - 1, timedelta(hours=1)),
        (MAX_ATTEMPTS, None),
    ],
)
def test_each_attempt_waits_twice_as_long_up_to_an_hour(
    attempts: int, delay: timedelta | None
) -> None:
    assert retry_delay(attempts) == delay
