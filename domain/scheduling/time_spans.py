"""Spans of time as sorted, disjoint pairs of instants in UTC, the end excluded: union, intersection, difference."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

Span: TypeAlias = tuple[datetime, datetime]


def union(spans: Iterable[Span]) -> list[Span]:
    """Sort, drop what is empty, and join what overlaps or touches."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def intersection(some: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """What lies in both, by one sweep over two lists that `union` made."""
    here = there = 0
    while here < len(some) and there < len(others):
        (start, end), (other_start, other_end) = some[here], others[there]
        if max(start, other_start) < min(end, other_end):
            yield max(start, other_start), min(end, other_end)
        if end < other_end:
            here += 1
        else:
            there += 1


def difference(spans: Sequence[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """What is left of spans without what is taken; both made by `union`."""
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
