"""Why two people are matched: what each rule found about them, in codes and numbers.

Each function explains many pairs at once, given by the places of their mentees and
mentors; it yields None for a pair of which the rule has nothing to say.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeAlias

from domain.matching.arrays import IndexArray
from domain.matching.candidates import Candidates
from domain.people.reporting_lines import levels_between
from schemas.matches.matching import MatchReason
from schemas.matches.topics import matching_topics
from schemas.people import Person

Explanations: TypeAlias = Iterator[MatchReason | None]
Explain: TypeAlias = Callable[[Candidates, IndexArray, IndexArray], Explanations]


@lru_cache(maxsize=10_000)
def _reason(
    rule: str, value: float | None = None, items: tuple[str, ...] = ()
) -> MatchReason:
    """Returns a reason; equal reasons are one object, since many pairs share them."""
    return MatchReason(rule=rule, value=value, items=items)


def languages_of(person: Person) -> frozenset[str]:
    """Languages somebody speaks; none given: the one in which we write to them."""
    return person.languages or frozenset({person.locale})


def explain_topics(
    candidates: Candidates, mentees: IndexArray, mentors: IndexArray
) -> Explanations:
    for mentee, mentor in _people(candidates, mentees, mentors):
        items = tuple(map(str, matching_topics(mentor.offers, mentee.wants)))
        yield _reason("topics", len(items), items) if items else None


def explain_function(
    candidates: Candidates, mentees: IndexArray, mentors: IndexArray
) -> Explanations:
    for mentee, mentor in _people(candidates, mentees, mentors):
        both = (mentor.function, mentee.function)
        differ = all(both) and mentor.function != mentee.function
        yield _reason("different_function", None, both) if differ else None


def explain_common_hours(
    candidates: Candidates, mentees: IndexArray, mentors: IndexArray
) -> Explanations:
    minutes = candidates.common_hours.minutes.for_pairs(mentees, mentors)
    for in_common in minutes.tolist():
        yield _reason("common_hours", round(in_common / 60, 1))


def explain_seniority(
    candidates: Candidates, mentees: IndexArray, mentors: IndexArray
) -> Explanations:
    level_of = candidates.level_of
    for mentee, mentor in _people(candidates, mentees, mentors):
        of_mentee, of_mentor = level_of.get(mentee.person), level_of.get(mentor.person)
        if of_mentee is None or of_mentor is None or of_mentor <= of_mentee:
            yield None
        else:
            yield _reason("seniority", of_mentor - of_mentee)


def explain_same_site(
    candidates: Candidates, mentees: IndexArray, mentors: IndexArray
) -> Explanations:
    for mentee, mentor in _people(candidates, mentees, mentors):
        same = mentor.site and mentor.site == mentee.site
        yield _reason("same_site", None, (mentor.site,)) if same else None


def explain_levels(
    candidates: Candidates, mentees: IndexArray, mentors: IndexArray
) -> Explanations:
    """The reason of levels; it has no value if the two are in different reporting lines."""
    lines = candidates.reporting_lines
    for mentee, mentor in _people(candidates, mentees, mentors):
        yield _reason(
            "levels_apart", levels_between(mentor.person, mentee.person, lines)
        )


def explain_language(
    candidates: Candidates, mentees: IndexArray, mentors: IndexArray
) -> Explanations:
    for mentee, mentor in _people(candidates, mentees, mentors):
        both = tuple(sorted(languages_of(mentor) & languages_of(mentee)))
        yield _reason("common_language", None, both) if both else None


def _people(
    candidates: Candidates, mentees: IndexArray, mentors: IndexArray
) -> Iterator[tuple[Person, Person]]:
    for row, column in zip(mentees.tolist(), mentors.tolist(), strict=True):
        yield candidates.mentees[row], candidates.mentors[column]
