"""A pool laid out for the rules: a row for each mentee, a column for each mentor.

Both are in the order of their ids, so that the order of a pool changes nothing.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Self, TypeVar

from domain.matching.categories import CategoryRule, Compare, ExclusionRule
from domain.matching.weekly_hours import CommonHours, compare_hours
from domain.people.reporting_lines import (
    ReportingLines,
    levels_above,
    levels_from_top,
    near_in_line,
)
from schemas.matches.matching import MatchingPool
from schemas.people import Person
from schemas.policy import Policy
from schemas.time.calendar import WorkCalendar

Category = TypeVar("Category", bound=Hashable)


@dataclass(frozen=True)
class Candidates:
    """The mentees and mentors of a pool, and what several rules need of them."""

    mentees: tuple[Person, ...]
    mentors: tuple[Person, ...]
    policy: Policy
    calendar: WorkCalendar
    bans: frozenset[tuple[str, str]]
    """(mentor, mentee) who must not be matched, by person id."""
    reporting_lines: ReportingLines
    session_minutes: int

    @classmethod
    def of(cls, pool: MatchingPool, session_minutes: int | None = None) -> Self:
        """Takes the policy's length of a session where none is given."""
        return cls(
            mentees=tuple(sorted(pool.mentees, key=lambda person: person.person)),
            mentors=tuple(sorted(pool.mentors, key=lambda person: person.person)),
            policy=pool.policy,
            calendar=pool.calendar,
            bans=pool.bans,
            reporting_lines=pool.managers,
            session_minutes=session_minutes or _minutes(pool.policy.sessions.length),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of mentees and mentors."""
        return len(self.mentees), len(self.mentors)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The place of each mentee, by id."""
        return {mentee.person: row for row, mentee in enumerate(self.mentees)}

    @cached_property
    def column_of(self) -> dict[str, int]:
        """The place of each mentor, by id."""
        return {mentor.person: column for column, mentor in enumerate(self.mentors)}

    @cached_property
    def common_hours(self) -> CommonHours:
        return compare_hours(
            self.mentees, self.mentors, self.calendar, self.session_minutes
        )

    @property
    def common_minutes_needed(self) -> int:
        """Least common minutes a week: the policy's, or a session's if that is longer."""
        return max(_minutes(self.policy.matching.minimum_common), self.session_minutes)

    @cached_property
    def near_pairs(self) -> tuple[tuple[int, int, int], ...]:
        """(mentee, mentor, levels between them) of any two in one reporting line who are
        nearer than the policy allows, or are manager and direct report.
        """
        deepest = max(self.policy.matching.minimum_levels - 1, 1)
        return tuple(
            near_in_line(self.row_of, self.column_of, self.reporting_lines, deepest)
        )

    @cached_property
    def level_of(self) -> dict[str, int]:
        """Levels below the top, by person id."""
        return levels_from_top(self.reporting_lines)

    @cached_property
    def supervised_in_line(self) -> frozenset[tuple[str, str]]:
        """(mentee, supervisor) who are one person or in one reporting line.

        People below a mentee without a manager do not count: that is everybody, and the
        mentor of such a mentee needs a supervisor too.
        """
        supervisors = {mentor.supervisor or "" for mentor in self.mentors} - {""}
        if not supervisors:
            return frozenset()
        found = {(who, who) for who in supervisors if who in self.row_of}
        for supervisor in supervisors:
            for above, _ in levels_above(supervisor, self.reporting_lines):
                if above in self.row_of and self.reporting_lines.get(above):
                    found.add((above, supervisor))
        for mentee in self.row_of:
            for above, _ in levels_above(mentee, self.reporting_lines):
                if above in supervisors:
                    found.add((mentee, above))
        return frozenset(found)

    def by_category(
        self,
        mentee: Callable[[Person], Category],
        mentor: Callable[[Person], Category],
        compare: Compare[Category],
    ) -> CategoryRule:
        """Makes a rule of what it looks at in each person, and how that compares."""
        return CategoryRule.of(
            map(mentee, self.mentees), map(mentor, self.mentors), compare
        )

    def all_but(self, pairs: Iterable[tuple[int, int]]) -> ExclusionRule:
        """Makes a rule that excludes some pairs, as (mentee, mentor) by their places."""
        return ExclusionRule.of(set(pairs), self.shape)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
