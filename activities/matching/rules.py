"""The rules of matching. A new one is one function and one row of RULES (and, for people, one line of words).

A hard rule answers, for every mentor (down) and mentee (across), whether it lets them; a soft one how well they
suit, from 0 to 1. Who lends mentors to whom (`mentors_from`) is decided before, by who is in the pool.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from activities.matching import reasons
from activities.matching.arrays import Bools, Floats
from activities.matching.candidates import Candidates
from schemas.matching import Reason
from schemas.people import Person
from schemas.policy import Matching

Because: TypeAlias = Callable[[Candidates, Person, Person], Reason | None]


@dataclass(frozen=True)
class Hard:
    """A rule that nothing outweighs. `code` is told to who is excluded, `because`, if any, to who is matched."""

    code: str
    lets: Callable[[Candidates], Bools]
    because: Because | None = None


@dataclass(frozen=True)
class Soft:
    """A rule that counts as much as the policy says. Without `because`, its code alone is told."""

    code: str
    suits: Callable[[Candidates], Floats]
    weight: Callable[[Matching], float]
    because: Because | None = None


PLENTY = 4
"""Common hours count up to so many times what is needed; more makes no agenda easier."""


def not_refused(c: Candidates) -> Bools:
    """Neither of them, nor ops, refused this match before."""
    return _except(c, ((c.rows[m], c.columns[n]) for m, n in c.bans if m in c.rows and n in c.columns))


def two_people(c: Candidates) -> Bools:
    """Nobody coaches themselves, though one person may be mentor and mentee."""
    return _except(c, ((c.rows[p], c.columns[p]) for p in c.rows.keys() & c.columns.keys()))


def not_manager_and_report(c: Candidates) -> Bools:
    """Whatever the policy: neither reports to the other, dotted lines included."""
    return _except(c, ((row, column) for row, column, levels in c.near if levels == 1))


def minimum_levels(c: Candidates) -> Bools:
    """In one reporting line, at least so many levels apart; people of different lines may always be matched."""
    least = c.policy.matching.minimum_levels
    return _except(c, ((row, column) for row, column, levels in c.near if levels < least))


def supervisor_outside(c: Candidates) -> Bools:
    """The mentor's supervisor is not the mentee, nor above or below them; below the head of all everybody is."""
    return _except(
        c, ((row, c.columns[mentee]) for who, mentee in c.supervised_in_line for row in c.supervised.get(who, ()))
    )


def common_language(c: Candidates) -> Bools:
    return c.shared(reasons.languages_of, reasons.languages_of) > 0


def common_availability(c: Candidates) -> Bools:
    """Enough hours a week, and one stretch of them that holds a session."""
    return (c.common.minutes >= c.common_needed) & c.common.fits


def topics(c: Candidates) -> Floats:
    """The share of the wished topics that the mentor offers; nothing wished, nothing met."""
    wished = np.array([max(len(mentee.wants), 1) for mentee in c.mentees], np.float32)
    met: Floats = c.shared(lambda mentor: mentor.offers, lambda mentee: mentee.wants) / wished
    return met


def different_function(c: Candidates) -> Floats:
    known = _known(c, lambda person: person.function)
    different: Floats = known * (1 - _same(c, lambda person: person.function))
    return different


def common_hours(c: Candidates) -> Floats:
    share: Floats = c.common.minutes / np.float32(PLENTY * c.common_needed)
    return np.clip(share, 0, 1)


def same_site(c: Candidates) -> Floats:
    return _same(c, lambda person: person.site)


RULES: tuple[Hard | Soft, ...] = (
    Hard("refused_before", not_refused),
    Hard("same_person", two_people),
    Hard("manager_and_report", not_manager_and_report),
    Hard("too_few_levels", minimum_levels, reasons.levels),
    Hard("supervisor_in_line", supervisor_outside),
    Hard("no_common_language", common_language, reasons.languages),
    Hard("no_common_hours", common_availability),
    Soft("topics", topics, lambda policy: policy.topics_weight, reasons.topics),
    Soft("different_function", different_function, lambda policy: policy.function_weight, reasons.function),
    Soft("common_hours", common_hours, lambda policy: policy.availability_weight, reasons.hours),
    Soft("same_site", same_site, lambda policy: policy.site_weight, reasons.site),
)
HARD = tuple(rule for rule in RULES if isinstance(rule, Hard))
SOFT = tuple(rule for rule in RULES if isinstance(rule, Soft))


def _except(c: Candidates, places: Iterable[tuple[int, int]]) -> Bools:
    lets = np.ones(c.shape, np.bool_)
    for place in places:
        lets[place] = False
    return lets


def _same(c: Candidates, what: Callable[[Person], str]) -> Floats:
    """1 where both have the same, and have it at all."""
    return c.shared(lambda mentor: [what(mentor)] if what(mentor) else [], lambda mentee: [what(mentee)])


def _known(c: Candidates, what: Callable[[Person], str]) -> Floats:
    mentors = np.array([bool(what(person)) for person in c.mentors], np.float32)
    mentees = np.array([bool(what(person)) for person in c.mentees], np.float32)
    return np.outer(mentors, mentees)
