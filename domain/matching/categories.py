"""Rules over everybody, without a table of everybody.

Most rules do not ask who somebody is, only to which category they belong: those who
speak the same languages, have the same hours, work at the same site. Categories are
compared once and people are looked up; where everybody is a category of their own,
that is done for some mentees at a time.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self, TypeVar

import numpy as np

from domain.matching.arrays import AnyArray, BoolArray, IndexArray

MAX_TABLE_CELLS = 2_000_000
"""The largest table that is kept; of a larger one only the rows asked for are made."""

Category = TypeVar("Category", bound=Hashable)
CompareRows = Callable[[IndexArray], AnyArray]
"""Makes the rows of some mentee categories, with a column for every mentor category."""
Compare = Callable[[Sequence[Category], Sequence[Category]], CompareRows]
"""Takes the categories of mentees and of mentors, each once."""


class CategoryTable(NamedTuple):
    """A table of categories, and the row and column of some people in it."""

    table: AnyArray
    mentee_rows: IndexArray
    mentor_columns: IndexArray

    def for_everybody(self) -> AnyArray:
        """Returns a row for each of these mentees, a column for each mentor."""
        columns = self.table.take(self.mentor_columns, axis=1)
        return columns.take(self.mentee_rows, axis=0)

    def for_pairs(self, mentees: IndexArray, mentors: IndexArray) -> AnyArray:
        """Returns one value a pair; people are counted within those of this table."""
        cells = self.mentee_rows.take(mentees)
        cells *= self.table.shape[1]
        cells += self.mentor_columns.take(mentors)
        found: AnyArray = self.table.ravel().take(cells)
        return found


@dataclass(frozen=True)
class CategoryRule:
    """A rule whose result depends only on the categories of the two people."""

    category_of_mentee: IndexArray
    category_of_mentor: IndexArray
    compare_rows: CompareRows
    shape: tuple[int, int]
    """How many categories of mentees and of mentors there are."""

    @classmethod
    def of(
        cls,
        mentees: Iterable[Category],
        mentors: Iterable[Category],
        compare: Compare[Category],
    ) -> Self:
        """Takes the category of everybody, in the order of their places."""
        of_mentee, mentee_categories = number_categories(mentees)
        of_mentor, mentor_categories = number_categories(mentors)
        return cls(
            of_mentee,
            of_mentor,
            compare(mentee_categories, mentor_categories),
            (len(mentee_categories), len(mentor_categories)),
        )

    def compared_by(self, compare_rows: CompareRows) -> Self:
        """Returns a rule about the same categories that compares them otherwise."""
        return replace(self, compare_rows=compare_rows)

    @cached_property
    def small_table(self) -> AnyArray | None:
        """The table of all categories against all, if it is small enough to be kept."""
        rows, columns = self.shape
        if rows * columns > MAX_TABLE_CELLS:
            return None
        return self.compare_rows(np.arange(rows))

    @cached_property
    def _small_table_by_mentor(self) -> AnyArray | None:
        """The same with a column for every mentor: rows are copied faster than looked
        up.
        """
        cells = self.shape[0] * len(self.category_of_mentor)
        if self.small_table is None or cells > MAX_TABLE_CELLS:
            return None
        return self.small_table.take(self.category_of_mentor, axis=1)

    def table_for(
        self, mentees: IndexArray, mentors: IndexArray | None = None
    ) -> CategoryTable:
        """Returns the table of some mentees; `mentors` None: with all mentors."""
        of_mentors = self.category_of_mentor
        if mentors is not None:
            of_mentors = of_mentors[mentors]
        of_mentees = self.category_of_mentee[mentees]
        if self.small_table is not None:
            return CategoryTable(self.small_table, of_mentees, of_mentors)
        categories, rows = np.unique(of_mentees, return_inverse=True)
        return CategoryTable(self.compare_rows(categories), rows, of_mentors)

    def allows(
        self, mentees: IndexArray, mentors: IndexArray | None = None
    ) -> BoolArray:
        """Returns for a hard rule whether it allows each of these with each."""
        if mentors is None and self._small_table_by_mentor is not None:
            return self._small_table_by_mentor.take(
                self.category_of_mentee[mentees], axis=0
            )
        return self.table_for(mentees, mentors).for_everybody()

    def for_pairs(self, mentees: IndexArray, mentors: IndexArray) -> AnyArray:
        """Returns one value a pair, of as many pairs as there are of each."""
        step = max(1, MAX_TABLE_CELLS // self.shape[1]) if self.shape[1] else 1
        found = [np.zeros(0, np.float32)]
        for first in range(0, len(mentees), step):
            some_mentees = mentees[first : first + step]
            some_mentors = mentors[first : first + step]
            each = np.arange(len(some_mentees))
            table = self.table_for(some_mentees, some_mentors)
            found.append(table.for_pairs(each, each))
        return np.concatenate(found)

    @property
    def allows_everybody(self) -> bool:
        return self.small_table is not None and bool(self.small_table.all())


@dataclass(frozen=True)
class ExclusionRule:
    """A hard rule that excludes a few pairs, and allows all others."""

    mentees: IndexArray
    mentors: IndexArray
    shape: tuple[int, int]
    """How many mentees and mentors there are."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]], shape: tuple[int, int]) -> Self:
        """Takes the excluded pairs as (mentee, mentor)."""
        excluded = np.array(sorted(pairs), np.intp).reshape(-1, 2)
        return cls(excluded[:, 0], excluded[:, 1], shape)

    def allows(
        self, mentees: IndexArray, mentors: IndexArray | None = None
    ) -> BoolArray:
        """Returns whether it allows each of these with each; None: all mentors."""
        rows = _places_within(mentees, self.shape[0])[self.mentees]
        columns, width = self.mentors, self.shape[1]
        if mentors is not None:
            columns = _places_within(mentors, width)[columns]
            width = len(mentors)
        asked = (rows >= 0) & (columns >= 0)
        allowed = np.ones((len(mentees), width), np.bool_)
        allowed[rows[asked], columns[asked]] = False
        return allowed

    @property
    def allows_everybody(self) -> bool:
        return not len(self.mentees)


def number_categories(of_each: Iterable[Category]) -> tuple[IndexArray, list[Category]]:
    """Returns the number of each one's category, and the categories as they came."""
    numbers: dict[Category, int] = {}
    found = [numbers.setdefault(category, len(numbers)) for category in of_each]
    return np.array(found, np.intp), list(numbers)


def _places_within(some: IndexArray, count: int) -> IndexArray:
    """Returns the place of each of `count` people in `some`; -1: they are not in it."""
    places = np.full(count, -1, np.intp)
    places[some] = np.arange(len(some))
    return places
