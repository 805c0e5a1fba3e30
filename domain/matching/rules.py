"""The rules of matching. A new one is one function and one row of RULES (and, for people, one line of words).

A hard rule answers for mentees (down) and mentors (across) whether it lets them; a soft one how well they suit, from
0 to 1. Who lends mentors to whom (`mentors_from`) is decided before, by who is in the pool, and pins after, by `pins`.
The function's docstring and the row are what docs/matching.md is made of.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np

from domain.matching import explanations
from domain.matching.arrays import Bools, Floats, Index
from domain.matching.candidates import Candidates
from domain.matching.categories import Categories, Except, Rows, same, shared
from schemas.people import Person
from schemas.policy import Matching
from schemas.topics import LEVELS, OFFERED, WANTED, levels_of


@dataclass(frozen=True)
class Hard:
    """A rule that nothing outweighs. `code` is told to who is excluded, `because`, if any, to who is matched."""

    code: str
    lets: Callable[[Candidates], Categories | Except]
    field: str | None = None
    """Of the policy, by which it is switched off: false, or 0. None: never."""
    because: explanations.Because | None = None

    def holds(self, policy: Matching) -> bool:
        return self.field is None or bool(getattr(policy, self.field))


@dataclass(frozen=True)
class Soft:
    """A rule that counts as much as the policy says. Without `because`, its code alone is told."""

    code: str
    suits: Callable[[Candidates], Categories]
    field: str
    """Of the policy: its weight; 0 switches it off."""
    because: explanations.Because | None = None

    def weight(self, policy: Matching) -> float:
        return float(getattr(policy, self.field))


PLENTY = 4
"""Common hours count up to so many times what is needed; more makes no agenda easier."""
FAR = 6
"""Levels of distance count up to so many: further, everything is new anyway."""
WISH = lcm(*LEVELS)
"""What a wish met in full adds up to, so that its steps are whole numbers and their sum is never rounded."""
ANYWHERE = "remote"
"""The site of somebody who has none."""


def not_refused(c: Candidates) -> Except:
    """Neither of the two, nor ops, refused this match before."""
    return c.all_but(
        (c.rows[n], c.columns[m]) for m, n in c.bans if m in c.columns and n in c.rows
    )


def two_people(c: Candidates) -> Except:
    """Nobody coaches themselves, though one person may be mentor and mentee."""
    return c.all_but(
        (c.rows[p], c.columns[p]) for p in c.rows.keys() & c.columns.keys()
    )


def not_manager_and_report(c: Candidates) -> Except:
    """Whatever the policy: neither reports to the other, dotted lines included."""
    return c.all_but(
        (mentee, mentor) for mentee, mentor, levels in c.near if levels == 1
    )


def minimum_levels(c: Candidates) -> Except:
    """In one reporting line, dotted lines included, the two are at least so many levels apart.

    People of different lines may always be matched.
    """
    least = c.policy.matching.minimum_levels
    return c.all_but(
        (mentee, mentor) for mentee, mentor, levels in c.near if levels < least
    )


def different_team(c: Candidates) -> Categories:
    """The two do not report to the same direct manager."""
    return c.kinds(_manager, _manager, lambda ours, theirs: _no(same(ours, theirs)))


def supervisor_outside(c: Candidates) -> Categories | Except:
    """The mentor's supervisor is not the mentee, nor above or below them; below the head of all everybody is."""
    if not c.supervised_in_line:
        return c.all_but(())
    return c.kinds(
        lambda mentee: mentee.person,
        lambda mentor: mentor.supervisor or "",
        _but(c.supervised_in_line),
    )


def common_language(c: Candidates) -> Categories:
    """Both speak a language; of somebody who gave none, the one in which they get mail."""
    return c.kinds(explanations.languages_of, explanations.languages_of, _any_shared)


def common_availability(c: Candidates) -> Categories:
    """Both are free for enough hours a week, and for one stretch of them that holds a session, in winter and summer."""
    minutes, fits = c.common
    return Categories(
        minutes.down, minutes.across, lambda some: (minutes.rows(some) >= c.common_needed) & fits.rows(some),
        minutes.shape,
    )  # fmt: skip


def site_or_remote(c: Candidates) -> Categories:
    """Both are of one site, or one of them is of none or of `remote`."""
    return c.kinds(_site, _site, _meet)


def topics(c: Candidates) -> Categories:
    """The share of the topics that the mentee wants which the mentor offers.

    Nothing wanted, nothing met. A wish with a level is met as far as the offer gets:
    `ai:3` by `ai:1` to a third. An offer without a level counts as level 2; a wish
    without one is met by any offer.
    """
    return c.kinds(lambda mentee: mentee.wants, lambda mentor: mentor.offers, _share)


def different_function(c: Candidates) -> Categories:
    """1 where both functions are known and differ."""
    return c.kinds(
        lambda mentee: mentee.function, lambda mentor: mentor.function, _differ
    )


def common_hours(c: Candidates) -> Categories:
    """Hours a week in common, up to four times what is needed: more makes no agenda easier."""
    minutes, most = c.common.minutes, np.float32(PLENTY * c.common_needed)
    return Categories(
        minutes.down,
        minutes.across,
        lambda some: np.minimum(minutes.rows(some) / most, 1),
        minutes.shape,
    )


def seniority(c: Candidates) -> Categories:
    """Levels by which the mentor stands further from the head of the organisation, up to six."""
    return c.kinds(
        lambda mentee: c.depths.get(mentee.person),
        lambda mentor: c.depths.get(mentor.person),
        _further,
    )


def same_site(c: Candidates) -> Categories:
    """1 where both are of one site."""
    return c.kinds(lambda mentee: mentee.site, lambda mentor: mentor.site, same)


RULES: tuple[Hard | Soft, ...] = (
    Hard("refused_before", not_refused),
    Hard("same_person", two_people),
    Hard("manager_and_report", not_manager_and_report),
    Hard("too_few_levels", minimum_levels, "minimum_levels", explanations.levels),
    Hard("same_team", different_team, "different_team"),
    Hard("supervisor_in_line", supervisor_outside, "supervisor_outside"),
    Hard(
        "no_common_language", common_language, "common_language", explanations.languages
    ),
    Hard("no_common_hours", common_availability, "common_hours"),
    Hard("other_site", site_or_remote, "same_site"),
    Soft("topics", topics, "topics_weight", explanations.topics),
    Soft(
        "different_function",
        different_function,
        "function_weight",
        explanations.function,
    ),
    Soft("common_hours", common_hours, "availability_weight", explanations.hours),
    Soft("seniority", seniority, "seniority_weight", explanations.seniority),
    Soft("same_site", same_site, "site_weight", explanations.site),
)
HARD = tuple(rule for rule in RULES if isinstance(rule, Hard))
SOFT = tuple(rule for rule in RULES if isinstance(rule, Soft))


def _manager(person: Person) -> str:
    return person.manager or ""


def _site(person: Person) -> str:
    return "" if person.site.casefold() == ANYWHERE else person.site


def _no(rows: Rows) -> Rows:
    return lambda some: ~rows(some)


def _but(
    excluded: frozenset[tuple[str, str]],
) -> Callable[[Sequence[str], Sequence[str]], Rows]:
    def compare(ours: Sequence[str], theirs: Sequence[str]) -> Rows:
        down, across = (
            {one: place for place, one in enumerate(side)} for side in (ours, theirs)
        )
        found = Except.of(
            {(down[a], across[b]) for a, b in excluded}, (len(ours), len(theirs))
        )
        return found.lets

    return compare


def _any_shared(
    ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]
) -> Rows:
    count = shared(
        [dict.fromkeys(one, 1) for one in ours],
        [dict.fromkeys(one, 1) for one in theirs],
    )
    return lambda some: count(some) > 0


def _share(wanted: Sequence[frozenset[str]], offered: Sequence[frozenset[str]]) -> Rows:
    """A wish at level 3 is three steps, each worth a third of it, and an offer the steps up to its own level."""
    wishes, offers = (
        [levels_of(one, WANTED) for one in wanted],
        [levels_of(one, OFFERED) for one in offered],
    )
    met = shared(
        [
            {
                step: WISH / level
                for code, level in one.items()
                for step in _steps(code, level)
            }
            for one in wishes
        ],
        [
            {step: 1 for code, level in one.items() for step in _steps(code, level)}
            for one in offers
        ],
    )
    of = np.array([[WISH * max(len(one), 1)] for one in wishes], np.float32)
    return lambda some: met(some) / of[some]


def _steps(code: str, level: int) -> Iterator[tuple[str, int]]:
    return ((code, step) for step in range(1, level + 1))


def _known(words: Sequence[str]) -> Bools:
    return np.array([bool(word) for word in words], np.bool_)


def _meet(ours: Sequence[str], theirs: Sequence[str]) -> Rows:
    alike, here, there = same(ours, theirs), _known(ours), _known(theirs)
    return lambda some: alike(some) | ~here[some][:, None] | ~there


def _differ(ours: Sequence[str], theirs: Sequence[str]) -> Rows:
    alike, here, there = same(ours, theirs), _known(ours), _known(theirs)
    return lambda some: ~alike(some) & here[some][:, None] & there


def _further(mentees: Sequence[int | None], mentors: Sequence[int | None]) -> Rows:
    above, below = (
        np.array([np.nan if d is None else d for d in side], np.float32)
        for side in (mentees, mentors)
    )

    def rows(some: Index) -> Floats:
        levels: Floats = np.nan_to_num(below - above[some][:, None])
        return np.clip(levels / FAR, 0, 1)

    return rows
