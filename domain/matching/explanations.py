"""Why two people are matched: what each rule found about them, in codes and numbers; of many pairs at once."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeAlias

from domain.matching import reporting_levels
from domain.matching.arrays import Index
from domain.matching.candidates import Candidates
from schemas.matching import MatchReason
from schemas.people import Person
from schemas.topics import matching_topics

Because: TypeAlias = Callable[[Candidates, Index, Index], Iterator[MatchReason | None]]
"""Of pairs, by the places of mentees and mentors."""


@lru_cache(maxsize=10_000)
def reason(
    rule: str, value: float | None = None, items: tuple[str, ...] = ()
) -> MatchReason:
    """Many pairs have the same."""
    return MatchReason(rule=rule, value=value, items=items)


def languages_of(person: Person) -> frozenset[str]:
    """Languages somebody speaks; none given: the one in which we write to them."""
    return person.languages or frozenset({person.locale})


def topics(c: Candidates, rows: Index, columns: Index) -> Iterator[MatchReason | None]:
    for mentee, mentor in _people(c, rows, columns):
        items = tuple(map(str, matching_topics(mentor.offers, mentee.wants)))
        yield reason("topics", len(items), items) if items else None


def function(
    c: Candidates, rows: Index, columns: Index
) -> Iterator[MatchReason | None]:
    for mentee, mentor in _people(c, rows, columns):
        differ = (
            mentor.function and mentee.function and mentor.function != mentee.function
        )
        yield (
            reason("different_function", None, (mentor.function, mentee.function))
            if differ
            else None
        )


def hours(c: Candidates, rows: Index, columns: Index) -> Iterator[MatchReason | None]:
    for minutes in c.common.minutes.pairs(rows, columns).tolist():
        yield reason("common_hours", round(minutes / 60, 1))


def seniority(
    c: Candidates, rows: Index, columns: Index
) -> Iterator[MatchReason | None]:
    for mentee, mentor in _people(c, rows, columns):
        above, below = c.depths.get(mentee.person), c.depths.get(mentor.person)
        yield (
            reason("seniority", below - above)
            if above is not None and below is not None and below > above
            else None
        )


def site(c: Candidates, rows: Index, columns: Index) -> Iterator[MatchReason | None]:
    for mentee, mentor in _people(c, rows, columns):
        yield (
            reason("same_site", None, (mentor.site,))
            if mentor.site and mentor.site == mentee.site
            else None
        )


def levels(c: Candidates, rows: Index, columns: Index) -> Iterator[MatchReason | None]:
    """No value: they are in different lines."""
    for mentee, mentor in _people(c, rows, columns):
        yield reason(
            "levels_apart",
            reporting_levels.levels_between(mentor.person, mentee.person, c.managers),
        )


def languages(
    c: Candidates, rows: Index, columns: Index
) -> Iterator[MatchReason | None]:
    for mentee, mentor in _people(c, rows, columns):
        both = tuple(sorted(languages_of(mentor) & languages_of(mentee)))
        yield reason("common_language", None, both) if both else None


def _people(
    c: Candidates, rows: Index, columns: Index
) -> Iterator[tuple[Person, Person]]:
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        yield c.mentees[row], c.mentors[column]
