"""Whether a cohort's figures are published anew, and what they say then."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.releases.mean_ranges import MeanRange, SumRange, as_sum_range, mean_ranges
from schemas.records.releases import MINIMUM_PEOPLE

PEOPLE_FOR_TENTHS = 20
"""From as many people on a mean is rounded to tenths, before that to halves."""


@dataclass(frozen=True)
class PersonMarks:
    """One person's marks about sessions of a cohort that were held."""

    released: int
    """How many are in earlier releases."""
    waiting: tuple[int, ...]
    """Those in no release yet."""


@dataclass(frozen=True)
class MeanRelease:
    """What is published next, and what the release after it is reckoned from."""

    people: int
    mean: MeanRange
    known: SumRange
    """What a reader of all releases knows of the sum."""
    total: int
    """The sum itself; never published."""


def next_release(
    published: Sequence[SumRange], released_total: int, people: Sequence[PersonMarks]
) -> MeanRelease | None:
    """Release all waiting marks, or wait.

    It waits until at least five people have new marks, and until something can be said
    that lets nobody compute a mark. Neither depends on the marks.
    """
    waiting = [mark for person in people for mark in person.waiting]
    if not enough_people(sum(1 for person in people if person.waiting)):
        return None
    step = Fraction(1, 10 if len(people) >= PEOPLE_FOR_TENTHS else 2)
    ranges = mean_ranges(published, len(waiting), step, _most_marks_of_two(people))
    if len(ranges) == 1:
        return None
    total = released_total + sum(waiting)
    mean = next(r for r in ranges if r.least_sum <= total <= r.most_sum)
    known = as_sum_range(mean, published, len(waiting))
    return MeanRelease(len(people), mean, known, total)


def _most_marks_of_two(people: Sequence[PersonMarks]) -> int:
    counts = sorted(person.released + len(person.waiting) for person in people)
    return sum(counts[-2:])


def enough_people(people_with_something_new: int) -> bool:
    """Whether new marks, or new ideas, may be released: fewer people could be recognised."""
    return people_with_something_new >= MINIMUM_PEOPLE
