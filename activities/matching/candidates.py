"""A pool laid out for the rules: mentors down, mentees across, both by id, so that any order gives one result."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from activities.matching import lines, weekly
from activities.matching.arrays import Floats
from schemas.calendar import WorkCalendar
from schemas.matching import Pool
from schemas.people import Person
from schemas.policy import Policy


@dataclass(frozen=True)
class Candidates:
    """Everybody who may be matched. What several rules need is worked out once."""

    mentors: tuple[Person, ...]
    mentees: tuple[Person, ...]
    policy: Policy
    calendar: WorkCalendar
    bans: frozenset[tuple[str, str]]
    managers: lines.Managers
    session: int
    """Minutes of a session."""

    @classmethod
    def of(cls, pool: Pool, session: int | None = None) -> Self:
        """Of a pool, with its policy's length of a session or another."""
        length = int(pool.policy.sessions.length.total_seconds() // 60)
        return cls(
            mentors=tuple(sorted(pool.mentors, key=lambda p: p.person)),
            mentees=tuple(sorted(pool.mentees, key=lambda p: p.person)),
            policy=pool.policy,
            calendar=pool.calendar,
            bans=pool.bans,
            managers=pool.managers,
            session=session or length,
        )

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.mentors), len(self.mentees)

    @cached_property
    def rows(self) -> dict[str, int]:
        return {mentor.person: row for row, mentor in enumerate(self.mentors)}

    @cached_property
    def columns(self) -> dict[str, int]:
        return {mentee.person: column for column, mentee in enumerate(self.mentees)}

    @cached_property
    def common(self) -> weekly.Common:
        return weekly.common(self.mentors, self.mentees, self.calendar, self.session)

    @property
    def common_needed(self) -> int:
        """Minutes a week in common, at least: the policy's, or a session where that is longer."""
        return max(int(self.policy.matching.minimum_common.total_seconds() // 60), self.session)

    @cached_property
    def near(self) -> tuple[tuple[int, int, int], ...]:
        """(row, column, levels) of all who are too near for the policy, manager and report among them."""
        deepest = max(self.policy.matching.minimum_levels - 1, 1)
        return tuple(lines.near(tuple(self.rows), tuple(self.columns), self.managers, deepest))

    @cached_property
    def supervised(self) -> dict[str, list[int]]:
        """Rows of mentors by their supervisor; who has none is accompanied by ops."""
        rows: dict[str, list[int]] = {}
        for row, mentor in enumerate(self.mentors):
            if mentor.supervisor:
                rows.setdefault(mentor.supervisor, []).append(row)
        return rows

    @cached_property
    def supervised_in_line(self) -> frozenset[tuple[str, str]]:
        """(supervisor, mentee) of one reporting line, dotted lines too. Nobody stands outside the line of who has no
        manager: that everybody is below them keeps nobody from accompanying their mentor."""
        found = {(who, who) for who in self.supervised if who in self.columns}
        for who in self.supervised:
            above = lines.levels_up(who, self.managers)
            found |= {(who, mentee) for mentee in above if mentee in self.columns and self.managers.get(mentee)}
        for mentee in self.columns:
            found |= {(who, mentee) for who in lines.levels_up(mentee, self.managers) if who in self.supervised}
        return frozenset(found)

    def shared(self, mine: Callable[[Person], Iterable[str]], theirs: Callable[[Person], Iterable[str]]) -> Floats:
        """How many words two people share: mentors by `mine`, mentees by `theirs`."""
        words = sorted({word for mentor in self.mentors for word in mine(mentor)})
        return _members(self.mentors, mine, words) @ _members(self.mentees, theirs, words).T


def _members(people: Sequence[Person], having: Callable[[Person], Iterable[str]], words: Sequence[str]) -> Floats:
    places = {word: place for place, word in enumerate(words)}
    members = np.zeros((len(people), len(words)), np.float32)
    for row, person in enumerate(people):
        members[row, [places[word] for word in set(having(person)) if word in places]] = 1
    return members
