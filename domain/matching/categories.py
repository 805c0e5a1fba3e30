"""What a rule finds about mentees (down) and mentors (across), without holding it for everybody at once.

Most rules do not ask who somebody is, only what kind they are: their languages, their hours, their site. Kinds are
compared once, and people looked up; where everybody is a kind of their own, that is done for some mentees at a time.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self, TypeVar

import numpy as np

from domain.matching.arrays import Bools, Floats, Index, Table

AT_ONCE = 2_000_000
"""So many places of a table are held at most; of a larger one, the rows that are asked for."""

Kind = TypeVar("Kind", bound=Hashable)
Rows = Callable[[Index], Table]
"""Some kinds of mentees against every kind of mentor."""


class CategoryTable(NamedTuple):
    """Of some mentees and mentors: a table of kinds, and where in it each stands."""

    table: Table
    down: Index
    across: Index

    def all(self) -> Table:
        found: Table = self.table.take(self.across, axis=1).take(self.down, axis=0)
        return found

    def at(self, rows: Index, columns: Index) -> Table:
        """Of single places, counted within what was asked."""
        places = self.down.take(rows) * self.table.shape[1] + self.across.take(columns)
        found: Table = self.table.ravel().take(places)
        return found


@dataclass(frozen=True)
class Categories:
    """A rule that asks what kind two people are."""

    down: Index
    across: Index
    rows: Rows
    shape: tuple[int, int]
    """How many kinds there are."""

    @classmethod
    def of(
        cls,
        mentees: Iterable[Kind],
        mentors: Iterable[Kind],
        compare: Callable[[Sequence[Kind], Sequence[Kind]], Rows],
    ) -> Self:
        """`compare` gets each kind once, in an order that hangs on the order of the people alone."""
        (down, ours), (across, theirs) = numbered(mentees), numbered(mentors)
        return cls(down, across, compare(ours, theirs), (len(ours), len(theirs)))

    @cached_property
    def whole(self) -> Table | None:
        """Everything at once where that is little."""
        small = self.shape[0] * self.shape[1] <= AT_ONCE
        return self.rows(np.arange(self.shape[0])) if small else None

    def over(self, mentees: Index, mentors: Index | None = None) -> CategoryTable:
        across = self.across if mentors is None else self.across[mentors]
        if self.whole is not None:
            return CategoryTable(self.whole, self.down[mentees], across)
        kinds, down = np.unique(self.down[mentees], return_inverse=True)
        return CategoryTable(self.rows(kinds), down, across)

    def lets(self, mentees: Index, mentors: Index | None = None) -> Bools:
        if mentors is None and self._wide is not None:
            found: Bools = self._wide.take(self.down[mentees], axis=0)
            return found
        return self.over(mentees, mentors).all()

    @cached_property
    def _wide(self) -> Table | None:
        """Every kind of mentee against every mentor, where that is little: rows are copied faster than looked up."""
        small = self.whole is not None and self.shape[0] * len(self.across) <= AT_ONCE
        return (
            self.whole.take(self.across, axis=1)
            if small and self.whole is not None
            else None
        )

    def pairs(self, mentees: Index, mentors: Index) -> Table:
        """Of as many pairs as there are of each."""
        step = max(1, AT_ONCE // self.shape[1]) if self.shape[1] else 1
        parts = [np.zeros(0, np.float32)]
        for at in range(0, len(mentees), step):
            some, theirs = mentees[at : at + step], mentors[at : at + step]
            each = np.arange(len(some))
            parts.append(self.over(some, theirs).at(each, each))
        return np.concatenate(parts)

    @property
    def lets_all(self) -> bool:
        return self.whole is not None and bool(self.whole.all())


@dataclass(frozen=True)
class Except:
    """A hard rule that lets everybody but some."""

    down: Index
    across: Index
    shape: tuple[int, int]

    @classmethod
    def of(cls, places: Iterable[tuple[int, int]], shape: tuple[int, int]) -> Self:
        """`places` are (mentee, mentor)."""
        found = np.array(sorted(places), np.intp).reshape(-1, 2)
        return cls(found[:, 0], found[:, 1], shape)

    def lets(self, mentees: Index, mentors: Index | None = None) -> Bools:
        rows = _places(mentees, self.shape[0])[self.down]
        columns = (
            self.across
            if mentors is None
            else _places(mentors, self.shape[1])[self.across]
        )
        here = (rows >= 0) & (columns >= 0)
        found = np.ones(
            (len(mentees), self.shape[1] if mentors is None else len(mentors)), np.bool_
        )
        found[rows[here], columns[here]] = False
        return found

    @property
    def lets_all(self) -> bool:
        return not len(self.down)


def same(ours: Sequence[str], theirs: Sequence[str]) -> Rows:
    """Where both have the same, and have it at all."""
    places = {word: place for place, word in enumerate(theirs) if word}
    mine, yours = (
        np.array([places.get(word, -1) for word in ours], np.intp),
        np.arange(len(theirs)),
    )
    return lambda some: mine[some][:, None] == yours


def shared(
    ours: Sequence[Mapping[Kind, float]], theirs: Sequence[Mapping[Kind, float]]
) -> Callable[[Index], Floats]:
    """What both have: the sum of what the one weighs it times what the other does."""
    things = dict.fromkeys(thing for one in ours for thing in one)
    places = {thing: place for place, thing in enumerate(things)}
    mine, yours = _weights(ours, places), _weights(theirs, places)
    return lambda some: mine[some] @ yours.T


def _weights(
    having: Sequence[Mapping[Kind, float]], places: Mapping[Kind, int]
) -> Floats:
    weights = np.zeros((len(having), len(places)), np.float32)
    for row, one in enumerate(having):
        for thing, weight in one.items():
            if (place := places.get(thing)) is not None:
                weights[row, place] = weight
    return weights


def numbered(kinds: Iterable[Kind]) -> tuple[Index, list[Kind]]:
    """The number of each one's kind, and the kinds, in the order in which they first come."""
    numbers: dict[Kind, int] = {}
    found = [numbers.setdefault(kind, len(numbers)) for kind in kinds]
    return np.array(found, np.intp), list(numbers)


def _places(some: Index, count: int) -> Index:
    """Where each stands in `some`; -1: not in it."""
    places = np.full(count, -1, np.intp)
    places[some] = np.arange(len(some))
    return places
