"""Spans of time: union, intersection and difference.

A span is two instants in UTC, or two minutes of a week, the second excluded; lists of
them are sorted and apart.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

TimeSpan: TypeAlias = tuple[datetime, datetime]
Time = TypeVar("Time", datetime, int)


def union(spans: Iterable[tuple[Time, Time]]) -> list[tuple[Time, Time]]:
    """Sorts spans, drops empty ones, and joins those that overlap or touch."""
    joined: list[tuple[Time, Time]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def intersection(
    some: Sequence[TimeSpan], others: Sequence[TimeSpan]
) -> Iterator[TimeSpan]:
    """Yields what is in both of two unions."""
    here = there = 0
    while here < len(some) and there < len(others):
        (start, end), (other_start, other_end) = some[here], others[there]
        if max(start, other_start) < min(end, other_end):
            yield max(start, other_start), min(end, other_end)
        if end < other_end:
            here += 1
        else:
            there += 1


def difference(
    spans: Sequence[TimeSpan], taken: Sequence[TimeSpan]
) -> Iterator[TimeSpan]:
    """Yields what is left of one union without another."""
    first = 0
    for start, end in spans:
        while first < len(taken) and taken[first][1] <= start:
            first += 1
        for taken_start, taken_end in taken[first:]:
            if taken_start >= end:
                break
            if start < taken_start:
                yield start, taken_start
            start = taken_end
        if start < end:
            yield start, end
