"""Between which values a mean is published, so that no mark can be computed from it.

A reader may have all earlier figures and know the marks of any two people. What they then
can say of the sum of any run of releases has to leave room for two values of each other
mark. Which ranges do is decided from numbers of people and answers and from what is
published already, never from the marks, since a choice that followed the marks would
tell of them.

Such a reader may see which pulses had nobody asked for a call, too: their marks were not
low. So at the lower end a mark counts as one value where all are the least such mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from schemas.records.releases import HIGHEST_MARK, LOWEST_MARK

_MIDDLE = Fraction(LOWEST_MARK + HIGHEST_MARK, 2)
_SPREAD = HIGHEST_MARK - LOWEST_MARK


@dataclass(frozen=True)
class MeanRange:
    """A mean between two values, and the sums of marks that are published so."""

    lowest: Fraction
    highest: Fraction
    least_sum: int
    most_sum: int


@dataclass(frozen=True)
class Span:
    """The newest releases from one on, up to the one that is being made."""

    answers: int
    """Marks in them."""
    known: int
    """How many of these any two people gave, at most."""
    least_before: int
    """The least sum of all marks before them that a reader thinks possible."""
    most_before: int


def mean_ranges(
    answers: int, step: Fraction, spans: Sequence[Span], least_uncalled: int
) -> list[MeanRange]:
    """Split all means of so many marks into ranges, as fine as is safe.

    From the lowest range to the highest; one alone says nothing. `least_uncalled` is the
    least mark after which nobody may have been asked to call.
    """
    for ranges in (_rounded(answers, step), _halves(answers)):
        safe = _safe(ranges, spans, least_uncalled)
        if len(safe) > 1:
            return safe
    return safe


def _rounded(answers: int, step: Fraction) -> list[MeanRange]:
    """A range for each rounded mean that some sum has; half a step goes away from the middle."""
    values = [LOWEST_MARK + step * n for n in range(int(Fraction(_SPREAD) / step) + 1)]
    starts = [_first_sum(answers, value - step / 2) for value in values]
    starts[0] = LOWEST_MARK * answers
    ends = [*(start - 1 for start in starts[1:]), HIGHEST_MARK * answers]
    return [
        MeanRange(value, value, start, end)
        for value, start, end in zip(values, starts, ends, strict=True)
        if start <= end
    ]


def _first_sum(answers: int, bound: Fraction) -> int:
    """The least sum whose mean belongs above a bound; over the middle the bound itself does."""
    if bound > _MIDDLE:
        return ceil(bound * answers)
    return floor(bound * answers) + 1


def _halves(answers: int) -> list[MeanRange]:
    """Under the middle, and the middle or more."""
    cut = ceil(_MIDDLE * answers)
    return [
        MeanRange(Fraction(LOWEST_MARK), _MIDDLE, LOWEST_MARK * answers, cut - 1),
        MeanRange(_MIDDLE, Fraction(HIGHEST_MARK), cut, HIGHEST_MARK * answers),
    ]


def _safe(
    ranges: Sequence[MeanRange], spans: Sequence[Span], least_uncalled: int
) -> list[MeanRange]:
    """Join the ranges at both ends that would tell too much.

    A mark has one value only where all marks of a span are highest, or all the least
    that a reader thinks possible: in any other one mark may be higher where another is
    lower. The marks of two people move what can be said of a span's sum by at most what
    lies between those and their own, each.
    """
    highest_start = min(
        span.most_before
        + HIGHEST_MARK * (span.answers - span.known)
        + LOWEST_MARK * span.known
        - 1
        for span in spans
    )
    lowest_end = max(
        span.least_before
        + least_uncalled * (span.answers - span.known)
        + HIGHEST_MARK * span.known
        + 1
        for span in spans
    )
    top = max(
        (n for n, r in enumerate(ranges) if r.least_sum <= highest_start), default=0
    )
    bottom = min(
        (n for n, r in enumerate(ranges) if r.most_sum >= lowest_end),
        default=len(ranges) - 1,
    )
    if top <= bottom:
        return [_joined(ranges)]
    return [
        _joined(ranges[: bottom + 1]),
        *ranges[bottom + 1 : top],
        _joined(ranges[top:]),
    ]


def _joined(ranges: Sequence[MeanRange]) -> MeanRange:
    first, last = ranges[0], ranges[-1]
    return MeanRange(first.lowest, last.highest, first.least_sum, last.most_sum)
