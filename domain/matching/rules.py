"""The rules of matching. A new one is one function and one row below.

A hard rule says whether a mentee and a mentor may be matched, a soft one how well they
fit, from 0 to 1. Who lends mentors to whom (`mentors_from`) is decided before, by who
is in the pool; pins go before, in `pins`. The functions' docstrings and the rows are
what docs/matching.md is made of; people read a rule's code in the words of
`gateway/texts/reason_texts.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from domain.matching import comparisons, explanations
from domain.matching.candidates import Candidates
from domain.matching.categories import CategoryRule, ExclusionRule
from schemas.people import Person
from schemas.policy import Matching


@dataclass(frozen=True)
class HardRule:
    """A rule that nothing outweighs.

    `code` is shown to whoever it excludes, what `explain` makes of it to whoever is
    matched.
    """

    code: str
    apply: Callable[[Candidates], CategoryRule | ExclusionRule]
    policy_field: str | None = None
    """The field that switches it off by false or 0. None: nothing does."""
    explain: explanations.Explain | None = None

    def is_on(self, policy: Matching) -> bool:
        return self.policy_field is None or bool(getattr(policy, self.policy_field))


@dataclass(frozen=True)
class SoftRule:
    """A rule that counts as much as the policy says."""

    code: str
    apply: Callable[[Candidates], CategoryRule]
    policy_field: str
    """The field that holds its weight; 0 switches it off."""
    explain: explanations.Explain

    def weight(self, policy: Matching) -> float:
        return float(getattr(policy, self.policy_field))


COMMON_HOURS_THAT_COUNT = 4
"""Times what is needed; more common hours make no agenda easier."""
LEVELS_FOR_FULL_SCORE = 6
"""Levels of distance; beyond, everything is new anyway."""
REMOTE_SITE = "remote"
"""The site of somebody who has none."""


def not_refused(candidates: Candidates) -> ExclusionRule:
    """Neither of the two, nor ops, refused this match before."""
    row_of, column_of = candidates.row_of, candidates.column_of
    return candidates.all_but(
        (row_of[mentee], column_of[mentor])
        for mentor, mentee in candidates.bans
        if mentor in column_of and mentee in row_of
    )


def not_oneself(candidates: Candidates) -> ExclusionRule:
    """Nobody coaches themselves, though one person may be mentor and mentee."""
    row_of, column_of = candidates.row_of, candidates.column_of
    return candidates.all_but(
        (row_of[who], column_of[who]) for who in (row_of.keys() & column_of.keys())
    )


def not_manager_and_report(candidates: Candidates) -> ExclusionRule:
    """Whatever the policy: neither reports to the other, dotted lines included."""
    return candidates.all_but(
        (mentee, mentor)
        for mentee, mentor, levels in candidates.near_pairs
        if levels == 1
    )


def minimum_levels(candidates: Candidates) -> ExclusionRule:
    """In one reporting line, dotted lines included, the two are at least so many levels
    apart; people of different lines may always be matched.
    """
    least = candidates.policy.matching.minimum_levels
    return candidates.all_but(
        (mentee, mentor)
        for mentee, mentor, levels in candidates.near_pairs
        if levels < least
    )


def different_team(candidates: Candidates) -> CategoryRule:
    """The two do not report to the same direct manager."""
    return candidates.by_category(_manager, _manager, comparisons.different_text)


def supervisor_outside(candidates: Candidates) -> CategoryRule | ExclusionRule:
    """The mentor's supervisor is not the mentee, nor above or below the mentee in a
    reporting line. A mentee without a manager is above everybody; that does not count.
    """
    if not candidates.supervised_in_line:
        return candidates.all_but(())
    return candidates.by_category(
        lambda mentee: mentee.person,
        lambda mentor: mentor.supervisor or "",
        comparisons.all_pairs_except(candidates.supervised_in_line),
    )


def common_language(candidates: Candidates) -> CategoryRule:
    """Both speak a language; of somebody who gave none, the one in which they get
    mail.
    """
    spoken = explanations.languages_of
    return candidates.by_category(spoken, spoken, comparisons.share_an_item)


def common_availability(candidates: Candidates) -> CategoryRule:
    """Both are free for enough hours a week, and for one stretch of them that holds a
    session, in winter and summer.
    """
    minutes, fits = candidates.common_hours
    needed = candidates.common_minutes_needed
    return minutes.compared_by(
        lambda rows: (minutes.compare_rows(rows) >= needed) & fits.compare_rows(rows)
    )


def site_or_remote(candidates: Candidates) -> CategoryRule:
    """Both are of one site, or one of them is of none or of `remote`."""
    return candidates.by_category(_site, _site, comparisons.same_or_unknown)


def topics(candidates: Candidates) -> CategoryRule:
    """The share of the topics that the mentee wants which the mentor offers; nothing
    wanted, nothing met. A wish with a level is met as far as the offer gets: `ai:3` by
    `ai:1` to a third. An offer without a level counts as level 2; a wish without one is
    met by any offer.
    """
    return candidates.by_category(
        lambda mentee: mentee.wants,
        lambda mentor: mentor.offers,
        comparisons.share_of_wishes_met,
    )


def different_function(candidates: Candidates) -> CategoryRule:
    """1 where both functions are known and differ."""
    return candidates.by_category(
        lambda mentee: mentee.function,
        lambda mentor: mentor.function,
        comparisons.known_and_different,
    )


def common_hours(candidates: Candidates) -> CategoryRule:
    """Hours a week in common, up to four times what is needed: more makes no agenda
    easier.
    """
    minutes = candidates.common_hours.minutes
    most = np.float32(COMMON_HOURS_THAT_COUNT * candidates.common_minutes_needed)
    return minutes.compared_by(
        lambda rows: np.minimum(minutes.compare_rows(rows) / most, 1)
    )


def seniority(candidates: Candidates) -> CategoryRule:
    """Levels by which the mentor is further from the head of the organisation, up
    to six.
    """
    level_of = candidates.level_of
    return candidates.by_category(
        lambda mentee: level_of.get(mentee.person),
        lambda mentor: level_of.get(mentor.person),
        partial(comparisons.levels_further, full_score=LEVELS_FOR_FULL_SCORE),
    )


def same_site(candidates: Candidates) -> CategoryRule:
    """1 where both are of one site."""
    return candidates.by_category(
        lambda mentee: mentee.site, lambda mentor: mentor.site, comparisons.same_text
    )


def _manager(person: Person) -> str:
    return person.manager or ""


def _site(person: Person) -> str:
    return "" if person.site.casefold() == REMOTE_SITE else person.site


HARD_RULES = (
    HardRule("refused_before", not_refused),
    HardRule("same_person", not_oneself),
    HardRule("manager_and_report", not_manager_and_report),
    HardRule(
        "too_few_levels", minimum_levels, "minimum_levels", explanations.explain_levels
    ),
    HardRule("same_team", different_team, "different_team"),
    HardRule("supervisor_in_line", supervisor_outside, "supervisor_outside"),
    HardRule(
        "no_common_language",
        common_language,
        "common_language",
        explanations.explain_language,
    ),
    HardRule("no_common_hours", common_availability, "common_hours"),
    HardRule("other_site", site_or_remote, "same_site"),
)
SOFT_RULES = (
    SoftRule("topics", topics, "topics_weight", explanations.explain_topics),
    SoftRule(
        "different_function",
        different_function,
        "function_weight",
        explanations.explain_function,
    ),
    SoftRule(
        "common_hours",
        common_hours,
        "availability_weight",
        explanations.explain_common_hours,
    ),
    SoftRule(
        "seniority", seniority, "seniority_weight", explanations.explain_seniority
    ),
    SoftRule("same_site", same_site, "site_weight", explanations.explain_same_site),
)
