"""Between which values a mean is published, so that no mark can be computed from it.

A reader may have all earlier figures and know the marks of any two people. What they then
can say of the sum of one batch has to leave room for two values of each other mark. Which
ranges do is decided from numbers of people and answers and from what is published already,
never from the marks, since a choice that followed the marks would tell of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from schemas.records.releases import HIGHEST_MARK, LOWEST_MARK

_MIDDLE = Fraction(LOWEST_MARK + HIGHEST_MARK, 2)
_SPREAD = HIGHEST_MARK - LOWEST_MARK


@dataclass(frozen=True)
class SumRange:
    """What a reader of a release knows of the sum of all marks released so far."""

    answers: int
    """Marks that this release adds."""
    lowest: int | None
    """The least sum; None: nothing is known but that no mark is under 1."""
    highest: int | None
    """The largest sum; None: nothing is known but that no mark is over 5."""


@dataclass(frozen=True)
class MeanRange:
    """A mean between two values, and the sums that are published so."""

    lowest: Fraction
    highest: Fraction
    least_sum: int
    most_sum: int

    def with_next(self, higher: "MeanRange") -> "MeanRange":
        """Returns both as one; `higher` begins where this one ends."""
        return replace(self, highest=higher.highest, most_sum=higher.most_sum)


def mean_ranges(
    published: Sequence[SumRange], added: int, step: Fraction, known: int
) -> list[MeanRange]:
    """Split all means of a release into ranges, as fine as is safe.

    `added` marks come to those published; `known` is how many marks any two people have
    given at most, in all releases. From the lowest range to the highest; one alone says
    nothing.
    """
    answers = sum(each.answers for each in published) + added
    for ranges in (_rounded(answers, step), _halves(answers)):
        merged = _merge_unsafe(ranges, published, added, known)
        if len(merged) > 1:
            return merged
    return merged


def as_sum_range(
    chosen: MeanRange, published: Sequence[SumRange], added: int
) -> SumRange:
    """What a reader knows once a range is published."""
    answers = sum(each.answers for each in published) + added
    return SumRange(
        added,
        None if chosen.least_sum == LOWEST_MARK * answers else chosen.least_sum,
        None if chosen.most_sum == HIGHEST_MARK * answers else chosen.most_sum,
    )


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


def _merge_unsafe(
    ranges: list[MeanRange], published: Sequence[SumRange], added: int, known: int
) -> list[MeanRange]:
    """Join each range that would tell too much with a neighbour, until none does."""
    merged = list(ranges)
    at = 0
    while at < len(merged) and len(merged) > 1:
        sums = [*published, as_sum_range(merged[at], published, added)]
        if _tells_too_much(sums, known, high=True):
            at = max(at - 1, 0)
        elif _tells_too_much(sums, known, high=False):
            at = min(at, len(merged) - 2)
        else:
            at += 1
            continue
        merged[at : at + 2] = [merged[at].with_next(merged[at + 1])]
        at = max(at - 1, 0)
    return merged


def _tells_too_much(sums: Sequence[SumRange], known: int, *, high: bool) -> bool:
    """Whether some batch could be read as all highest (or all lowest) marks.

    Only such a batch has marks with one value: in any other one mark may be higher where
    another is lower. What two people's marks are moves what can be said of a sum by at
    most `known` times the spread of a mark.
    """
    seen = sums if high else [_mirrored(sums[: n + 1]) for n in range(len(sums))]
    return any(
        least is not None and least > HIGHEST_MARK * batch.answers - _SPREAD * known - 1
        for batch, least in zip(seen, _least_of_batches(seen), strict=True)
    )


def _mirrored(sums: Sequence[SumRange]) -> SumRange:
    """The last of some releases as if each mark were as far from the other end."""
    both = (LOWEST_MARK + HIGHEST_MARK) * sum(each.answers for each in sums)
    lowest, highest = sums[-1].lowest, sums[-1].highest
    return SumRange(
        sums[-1].answers,
        None if highest is None else both - highest,
        None if lowest is None else both - lowest,
    )


def _least_of_batches(sums: Sequence[SumRange]) -> list[int | None]:
    """The least sum of each batch alone that the published ranges allow; None: they say nothing."""
    most_before, before = 0, []
    for each in sums:
        before.append(most_before)
        most = most_before + HIGHEST_MARK * each.answers
        most_before = most if each.highest is None else min(most, each.highest)
    least_after: int | None = None
    least: list[int | None] = []
    for each, most in zip(reversed(sums), reversed(before), strict=True):
        bounds = [bound for bound in (each.lowest, least_after) if bound is not None]
        if bounds:
            least.append(max(bounds) - most)
            least_after = max(bounds) - HIGHEST_MARK * each.answers
        else:
            least.append(None)
    return least[::-1]
