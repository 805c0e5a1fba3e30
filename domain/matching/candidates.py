"""A pool laid out for the rules: mentees down, mentors across, both by id, so that any order gives one result."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeVar

from domain.matching import reporting_levels, weekly_hours
from domain.matching.categories import Categories, Except, Rows
from schemas.calendar import WorkCalendar
from schemas.matching import MatchingPool
from schemas.people import Person
from schemas.policy import Policy

Kind = TypeVar("Kind", bound=Hashable)


@dataclass(frozen=True)
class Candidates:
    """Everybody who may be matched. What several rules need is worked out once."""

    mentees: tuple[Person, ...]
    mentors: tuple[Person, ...]
    policy: Policy
    calendar: WorkCalendar
    bans: frozenset[tuple[str, str]]
    managers: reporting_levels.Managers
    session: int
    """Minutes of a session."""

    @classmethod
    def of(cls, pool: MatchingPool, session: int | None = None) -> Self:
        """Of a pool, with its policy's length of a session or another."""
        length = int(pool.policy.sessions.length.total_seconds() // 60)
        return cls(
            mentees=tuple(sorted(pool.mentees, key=lambda p: p.person)),
            mentors=tuple(sorted(pool.mentors, key=lambda p: p.person)),
            policy=pool.policy,
            calendar=pool.calendar,
            bans=pool.bans,
            managers=pool.managers,
            session=session or length,
        )

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.mentees), len(self.mentors)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Places of the mentees."""
        return {mentee.person: row for row, mentee in enumerate(self.mentees)}

    @cached_property
    def columns(self) -> dict[str, int]:
        """Places of the mentors."""
        return {mentor.person: column for column, mentor in enumerate(self.mentors)}

    @cached_property
    def common(self) -> weekly_hours.Common:
        return weekly_hours.common(
            self.mentees, self.mentors, self.calendar, self.session
        )

    @property
    def common_needed(self) -> int:
        """Minutes a week in common, at least: the policy's, or a session where that is longer."""
        return max(
            int(self.policy.matching.minimum_common.total_seconds() // 60), self.session
        )

    @cached_property
    def near(self) -> tuple[tuple[int, int, int], ...]:
        """(mentee, mentor, levels) of all who are too near for the policy, manager and report among them."""
        deepest = max(self.policy.matching.minimum_levels - 1, 1)
        return tuple(
            reporting_levels.near(self.rows, self.columns, self.managers, deepest)
        )

    @cached_property
    def depths(self) -> dict[str, int]:
        return reporting_levels.depths(self.managers)

    @cached_property
    def supervised_in_line(self) -> frozenset[tuple[str, str]]:
        """(mentee, supervisor) of one reporting line, dotted lines too. Nobody stands outside the line of who has no
        manager: that everybody is below them keeps nobody from accompanying their mentor."""
        supervisors = {
            mentor.supervisor for mentor in self.mentors if mentor.supervisor
        }
        if not supervisors:
            return frozenset()
        found = {(who, who) for who in supervisors if who in self.rows}
        for who in supervisors:
            above = reporting_levels.levels_up(who, self.managers)
            found |= {
                (mentee, who)
                for mentee in above
                if mentee in self.rows and self.managers.get(mentee)
            }
        for mentee in self.rows:
            found |= {
                (mentee, who)
                for who in reporting_levels.levels_up(mentee, self.managers)
                if who in supervisors
            }
        return frozenset(found)

    def kinds(
        self,
        mentee: Callable[[Person], Kind],
        mentor: Callable[[Person], Kind],
        compare: Callable[[Sequence[Kind], Sequence[Kind]], Rows],
    ) -> Categories:
        """A rule that asks what kind two people are: what of each it looks at, and how kinds compare."""
        return Categories.of(
            map(mentee, self.mentees), map(mentor, self.mentors), compare
        )

    def all_but(self, places: Iterable[tuple[int, int]]) -> Except:
        """A rule that lets everybody but some, as (mentee, mentor) by their places."""
        return Except.of(set(places), self.shape)
