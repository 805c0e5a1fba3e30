"""How the categories of mentees and of mentors compare, as the rules of matching ask.

Each takes what mentees have and what mentors have, and returns rows as they are asked
for: a row for each category of mentees, a column for each category of mentors.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import lcm
from typing import TypeVar

import numpy as np

from domain.matching.arrays import FloatArray, IndexArray
from domain.matching.categories import Compare, CompareRows, ExclusionRule
from schemas.matches.topics import LEVELS, OFFERED, WANTED, levels_of

FULLY_MET_WISH = lcm(*LEVELS)
"""The sum of all steps of a wish that is met in full. Each step is a whole number, so
their sum is never rounded."""

Item = TypeVar("Item")


def same_text(mentees: Sequence[str], mentors: Sequence[str]) -> CompareRows:
    """Returns true where both have the same text, and it is not empty."""
    columns = {text: column for column, text in enumerate(mentors) if text}
    wanted = np.array([columns.get(text, -1) for text in mentees], np.intp)
    each = np.arange(len(mentors))
    return lambda rows: wanted[rows][:, None] == each


def different_text(mentees: Sequence[str], mentors: Sequence[str]) -> CompareRows:
    """Returns false where both have the same text; true where both are empty."""
    same = same_text(mentees, mentors)
    return lambda rows: ~same(rows)


def known_and_different(mentees: Sequence[str], mentors: Sequence[str]) -> CompareRows:
    same = same_or_unknown(mentees, mentors)
    return lambda rows: ~same(rows)


def same_or_unknown(mentees: Sequence[str], mentors: Sequence[str]) -> CompareRows:
    same = same_text(mentees, mentors)
    unknown, other_unknown = (
        np.array([not text for text in side], np.bool_) for side in (mentees, mentors)
    )
    return lambda rows: same(rows) | unknown[rows][:, None] | other_unknown


def all_pairs_except(excluded: frozenset[tuple[str, str]]) -> Compare[str]:
    """Returns true for all pairs of texts (mentee's, mentor's) but these."""

    def compare(mentees: Sequence[str], mentors: Sequence[str]) -> CompareRows:
        rows = {text: row for row, text in enumerate(mentees)}
        columns = {text: column for column, text in enumerate(mentors)}
        pairs = {(rows[one], columns[other]) for one, other in excluded}
        return ExclusionRule.of(pairs, (len(mentees), len(mentors))).allows

    return compare


def share_an_item(
    mentees: Sequence[frozenset[str]], mentors: Sequence[frozenset[str]]
) -> CompareRows:
    count = _sum_of_products(
        [dict.fromkeys(items, 1) for items in mentees],
        [dict.fromkeys(items, 1) for items in mentors],
    )
    return lambda rows: count(rows) > 0


def share_of_wishes_met(
    wanted: Sequence[frozenset[str]], offered: Sequence[frozenset[str]]
) -> CompareRows:
    """Returns the share of wishes that the offers meet, 0 to 1.

    A wish at level 3 is three steps, each worth a third of it; an offer meets the steps
    up to its own level.
    """
    wishes = [levels_of(topics, WANTED) for topics in wanted]
    offers = [levels_of(topics, OFFERED) for topics in offered]
    wishes_met = _sum_of_products(
        [dict(_wished_steps(wish)) for wish in wishes],
        [dict.fromkeys(_steps(offer), 1) for offer in offers],
    )
    most = [[FULLY_MET_WISH * max(len(wish), 1)] for wish in wishes]
    all_wishes = np.array(most, np.float32)
    return lambda rows: wishes_met(rows) / all_wishes[rows]


def _wished_steps(wish: Mapping[str, int]) -> Iterator[tuple[tuple[str, int], float]]:
    for topic, level in wish.items():
        for step in range(1, level + 1):
            yield (topic, step), FULLY_MET_WISH / level


def _steps(levels: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for topic, level in levels.items():
        for step in range(1, level + 1):
            yield topic, step


def levels_further(
    mentees: Sequence[int | None], mentors: Sequence[int | None], full_score: int
) -> CompareRows:
    """Returns by how many levels the mentor is further from the top, 1 being
    `full_score` levels or more; 0 where it is not known.
    """
    of_mentees, of_mentors = (
        np.array([np.nan if level is None else level for level in side], np.float32)
        for side in (mentees, mentors)
    )

    def rows(some: IndexArray) -> FloatArray:
        further: FloatArray = np.nan_to_num(of_mentors - of_mentees[some][:, None])
        return np.clip(further / full_score, 0, 1)

    return rows


def _sum_of_products(
    mentees: Sequence[Mapping[Item, float]], mentors: Sequence[Mapping[Item, float]]
) -> Callable[[IndexArray], FloatArray]:
    """Over all items that both have: the weight of the one times that of the other."""
    items = dict.fromkeys(item for one in mentees for item in one)
    columns = {item: column for column, item in enumerate(items)}
    of_mentees, of_mentors = _weights(mentees, columns), _weights(mentors, columns)
    return lambda rows: of_mentees[rows] @ of_mentors.T


def _weights(
    of_each: Sequence[Mapping[Item, float]], columns: Mapping[Item, int]
) -> FloatArray:
    weights = np.zeros((len(of_each), len(columns)), np.float32)
    for row, of_one in enumerate(of_each):
        for item, weight in of_one.items():
            if (column := columns.get(item)) is not None:
                weights[row, column] = weight
    return weights
