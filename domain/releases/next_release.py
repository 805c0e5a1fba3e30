"""Whether a cohort's figures are published anew, and what they say then."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nlargest

from domain.releases.mean_ranges import MeanRange, Span, mean_ranges
from schemas.records.releases import LOWEST_MARK, MINIMUM_PEOPLE

PEOPLE_FOR_TENTHS = 20
"""From as many people on a mean is rounded to tenths, before that to halves."""


@dataclass(frozen=True)
class ReleasedMarks:
    """A release as the next one is reckoned from it."""

    marks: Mapping[str, int]
    """How many marks it added, by person."""
    least_sum: int
    """The least sum of all marks released so far that its reader thinks possible."""
    most_sum: int


@dataclass(frozen=True)
class MeanRelease:
    """What is published next."""

    people: int
    answers: int
    """Marks that it adds."""
    mean: MeanRange
    total: int
    """The sum of all marks released; never published."""


def next_release(
    published: Sequence[ReleasedMarks],
    waiting: Mapping[str, Sequence[int]],
    before: int = 0,
    least_uncalled: int = LOWEST_MARK,
) -> MeanRelease | None:
    """Release all waiting marks, each person's about sessions that were held, or wait.

    `before` is the sum of all marks that are released.

    It waits until at least five people have new marks, and until something can be said
    that lets nobody compute a mark, not even who sees after which pulses nobody was
    asked to call: such a mark is `least_uncalled` or more. Neither depends on the marks.
    """
    if not enough_people(len(waiting)):
        return None
    added = {person: len(marks) for person, marks in waiting.items()}
    batches = [*(release.marks for release in published), added]
    people = len({person for marks in batches for person in marks})
    answers = sum(sum(marks.values()) for marks in batches)
    step = Fraction(1, 10 if people >= PEOPLE_FOR_TENTHS else 2)
    ranges = mean_ranges(answers, step, _spans(published, batches), least_uncalled)
    if len(ranges) == 1:
        return None
    total = before + sum(mark for marks in waiting.values() for mark in marks)
    mean = next(r for r in ranges if r.least_sum <= total <= r.most_sum)
    return MeanRelease(people, sum(added.values()), mean, total)


def _spans(
    published: Sequence[ReleasedMarks], batches: Sequence[Mapping[str, int]]
) -> list[Span]:
    """The spans that end with the new release, from the shortest to all."""
    bounds = [(0, 0), *((r.least_sum, r.most_sum) for r in published)]
    given: Counter[str] = Counter()
    two: list[str] = []
    spans = []
    for marks, (least, most) in zip(reversed(batches), reversed(bounds), strict=True):
        given.update(marks)
        two = nlargest(2, {*two, *marks}, key=given.__getitem__)
        known = sum(given[person] for person in two)
        spans.append(Span(given.total(), known, least, most))
    return spans


def enough_people(people_with_something_new: int) -> bool:
    """Whether new marks, or new ideas, may be released: fewer people could be recognised."""
    return people_with_something_new >= MINIMUM_PEOPLE
