"""What the gateway remembers of those who ask."""

import pytest

from domain.token_bucket import Rate
from gateway.edge import rates
from gateway.edge.rates import RATES, RateKey, RateLimits, TooManyRequests

LIMITED = {**RATES, RateKey.LINK: Rate(burst=1, per_second=1)}


def test_the_address_that_asked_longest_ago_is_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rates, "MOST_BUCKETS", 2)
    limits = RateLimits(LIMITED, lambda: 0)
    for link in ("first", "second", "third", "first"):
        limits.count(RateKey.LINK, link)
    with pytest.raises(TooManyRequests):
        limits.count(RateKey.LINK, "third")


def test_whoever_is_refused_need_not_wait_longer_for_asking_again() -> None:
    seconds = iter([0, 0.3, 0.6, 0.9, 1.0])
    limits = RateLimits(LIMITED, lambda: next(seconds))
    limits.count(RateKey.LINK, "one")
    for _ in range(3):
        with pytest.raises(TooManyRequests):
            limits.count(RateKey.LINK, "one")
    limits.count(RateKey.LINK, "one")
