"""A token bucket: how many requests may come at once, and how many a second for long."""

from typing import NamedTuple


class Rate(NamedTuple):
    """So many at once from a full bucket, and then so many a second."""

    burst: int
    per_second: float


class Bucket(NamedTuple):
    """What is left in a bucket, and when that was so, in seconds of a clock that only goes on."""

    tokens: float
    at_seconds: float


def full(rate: Rate, now_seconds: float) -> Bucket:
    return Bucket(rate.burst, now_seconds)


def refilled(bucket: Bucket, rate: Rate, now_seconds: float) -> Bucket:
    """Returns the bucket as it is at `now_seconds`; a clock that went back adds nothing."""
    gained = max(0.0, now_seconds - bucket.at_seconds) * rate.per_second
    return Bucket(min(float(rate.burst), bucket.tokens + gained), now_seconds)


def seconds_to_wait(bucket: Bucket, rate: Rate) -> float:
    """Returns the seconds until the bucket holds a token; 0: it does."""
    return max(0.0, 1 - bucket.tokens) / rate.per_second


def take(bucket: Bucket) -> Bucket:
    """Returns the bucket with a token less. Whoever takes has looked that there is one."""
    return bucket._replace(tokens=bucket.tokens - 1)
