"""How often a link, a person, a source and an address may ask, in this process's memory.

Why in memory, and where the numbers come from: docs/decisions/limits.md.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import blake2b
from math import ceil

from domain.token_bucket import Bucket, Rate, full, refilled, seconds_to_wait, take

MOST_BUCKETS = 20_000
"""Buckets of a kind that are kept; the one that was used longest ago gives way."""


class RateKey(StrEnum):
    """What has a bucket of its own."""

    ADDRESS = "address"
    """Requests of participants and services from one client address (of IPv6: one /64)."""
    REFUSED = "refused"
    """Links and tokens from one address that nobody knows."""
    LINK = "link"
    PERSON = "person"
    """Answers of one person, whichever link they use."""
    MY_DATA = "my_data"
    """Readings of all that is held about one person."""
    MY_DATA_MAIL = "my_data_mail"
    """Mails to one person with the link to that, whichever pair's page asks for it."""
    SOURCE = "source"


Rates = Mapping[RateKey, Rate]
RATES: Rates = {
    RateKey.ADDRESS: Rate(burst=600, per_second=50),
    RateKey.REFUSED: Rate(burst=60, per_second=1),
    RateKey.LINK: Rate(burst=30, per_second=1),
    RateKey.PERSON: Rate(burst=60, per_second=1),
    RateKey.MY_DATA: Rate(burst=10, per_second=1 / 60),
    RateKey.MY_DATA_MAIL: Rate(burst=1, per_second=1 / 3600),
    RateKey.SOURCE: Rate(burst=1000, per_second=100),
}


class TooManyRequests(Exception):
    """Somebody asked more often than they may; `seconds` until they may again."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = ceil(seconds)


class RateLimits:
    """The buckets of one gateway. A bucket that is not kept is full."""

    def __init__(
        self, rates: Rates = RATES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rates = rates
        self._clock = clock
        self._buckets: dict[RateKey, OrderedDict[bytes, Bucket]] = {
            key: OrderedDict() for key in RateKey
        }

    def count(self, key: RateKey, value: str) -> None:
        """Count a request.

        Raises:
            TooManyRequests: it is one too many, and is not counted.
        """
        buckets, digest = self._buckets[key], _digest(value)
        buckets[digest] = take(self._passed(key, value))
        buckets.move_to_end(digest)
        if len(buckets) > MOST_BUCKETS:
            buckets.popitem(last=False)

    def _passed(self, key: RateKey, value: str) -> Bucket:
        rate, now = self._rates[key], self._clock()
        kept = self._buckets[key].get(_digest(value))
        bucket = refilled(kept, rate, now) if kept else full(rate, now)
        if wait := seconds_to_wait(bucket, rate):
            raise TooManyRequests(wait)
        return bucket


def _digest(value: str) -> bytes:
    """What is kept of a link or an address: nobody reads it out of a core dump."""
    return blake2b(value.encode("utf-8", "replace"), digest_size=16).digest()
