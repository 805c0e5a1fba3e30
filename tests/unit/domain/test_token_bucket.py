"""How many requests at once, and how many a second for long."""

import pytest

from domain.token_bucket import Rate, full, refilled, seconds_to_wait, take

RATE = Rate(burst=3, per_second=0.5)


@pytest.mark.parametrize(
    ("at_seconds", "admitted"),
    [
        ((0, 0, 0), 3),  # a full bucket
        ((0, 0, 0, 0), 3),  # one too many
        ((0, 0, 0, 1.9), 3),  # not yet another one
        ((0, 0, 0, 2), 4),  # one came back
        ((0, 0, 0, 2, 2), 4),  # and one only
        ((0, 0, 0, 600, 600, 600, 600), 6),  # never fuller than full
        ((600, 0, 0, 0), 3),  # a clock that went back adds nothing
    ],
)
def test_as_many_are_admitted_as_the_rate_says(
    at_seconds: tuple[float, ...], admitted: int
) -> None:
    bucket, count = full(RATE, at_seconds[0]), 0
    for now in at_seconds:
        bucket = refilled(bucket, RATE, now)
        if not seconds_to_wait(bucket, RATE):
            bucket, count = take(bucket), count + 1
    assert count == admitted


@pytest.mark.parametrize(("after", "wait"), [(0, 2), (0.5, 1.5), (2, 0), (600, 0)])
def test_an_empty_bucket_says_how_long_to_wait(after: float, wait: float) -> None:
    empty = full(RATE, 0)._replace(tokens=0)
    assert seconds_to_wait(refilled(empty, RATE, after), RATE) == wait
