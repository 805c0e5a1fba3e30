"""Spans are sets of instants: each operation is held to what it means for every minute."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.scheduling.time_spans import TimeSpan, difference, intersection, union
from tests.unit.domain.scheduling.factories import at

MONDAY = at("2027-01-11 00:00")


def _span(start: int, length: int) -> TimeSpan:
    return MONDAY + timedelta(minutes=start), MONDAY + timedelta(minutes=start + length)


SPANS = st.lists(st.builds(_span, st.integers(0, 40), st.integers(-2, 12)), max_size=6)


def _minutes(spans: Iterable[TimeSpan]) -> set[int]:
    return {
        m
        for start, end in spans
        for m in range(*(int((i - MONDAY).total_seconds() // 60) for i in (start, end)))
    }


@settings(max_examples=80)
@given(SPANS)
def test_a_union_is_sorted_and_disjoint_and_loses_nothing(
    spans: list[TimeSpan],
) -> None:
    joined = union(spans)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(joined))
    assert _minutes(joined) == _minutes(spans)


@settings(max_examples=80)
@given(SPANS, SPANS)
def test_an_intersection_is_what_is_in_both(
    some: list[TimeSpan], others: list[TimeSpan]
) -> None:
    assert _minutes(intersection(union(some), union(others))) == _minutes(
        some
    ) & _minutes(others)


@settings(max_examples=80)
@given(SPANS, SPANS)
def test_a_difference_is_what_is_not_taken(
    spans: list[TimeSpan], taken: list[TimeSpan]
) -> None:
    assert _minutes(difference(union(spans), union(taken))) == _minutes(
        spans
    ) - _minutes(taken)
