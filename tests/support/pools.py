"""People who suit each other in everything, except in what a test says."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from domain.matching.arrays import BoolArray, IndexArray
from domain.matching.scoring import PairBlock
from schemas.ids import CohortRef
from schemas.matches.matching import FreeSeat, MatchingPool
from schemas.people import Person
from schemas.policy import Policy
from schemas.time.calendar import Window

COHORT = CohortRef(programme="demo", region="comex")
MORNING = Window(day=0, start=9 * 60, end=12 * 60)


def who(name: str) -> str:
    """The id of somebody called by a letter or a short word of letters."""
    return "p" + name.ljust(13, "a")


def window(day: int, start: str, end: str) -> Window:
    def minutes(text: str) -> int:
        hours, _, rest = text.partition(":")
        return int(hours) * 60 + int(rest or 0)

    return Window(day=day, start=minutes(start), end=minutes(end))


def a_person(name: str, **values: Any) -> Person:
    given: dict[str, Any] = {
        "languages": frozenset({"fr"}),
        "windows": (MORNING,),
        "region": "comex",
        **values,
    }
    return Person(
        person=who(name),
        external_id=name,
        name=name,
        email=f"{name}@example.org",
        **given,
    )


def seats_of(mentors: Iterable[Person], **values: Any) -> tuple[FreeSeat, ...]:
    return tuple(
        FreeSeat(
            pair=f"pair:demo:comex:1:{mentor.person}:{number}",
            mentor=mentor.person,
            number=number,
            **values,
        )
        for mentor in mentors
        for number in range(1, mentor.seats + 1)
    )


def a_pool(
    mentors: Iterable[Person],
    mentees: Iterable[Person],
    policy: Mapping[str, Any] | None = None,
    **values: Any,
) -> MatchingPool:
    mentors = tuple(mentors)
    given: dict[str, Any] = {"seats": seats_of(mentors), **values}
    return MatchingPool(
        cohort=COHORT,
        policy=Policy.model_validate(policy or {}),
        mentors=mentors,
        mentees=tuple(mentees),
        **given,
    )


def matched(pool: MatchingPool) -> list[tuple[str, str]]:
    """(mentor, mentee) of a run over a pool, by their short names."""
    from domain.matching.matching_run import match_pool

    return sorted((p.mentor, p.mentee) for p in match_pool(pool).proposals)


def blocks_of(allowed: BoolArray, scores: IndexArray, size: int) -> list[PairBlock]:
    """A whole table, mentees down, cut into blocks of so many."""
    found = []
    for first in range(0, len(allowed), size):
        some = allowed[first : first + size]
        kept = scores[first : first + size][some]
        found.append(
            PairBlock(
                first,
                some.sum(axis=1),
                np.nonzero(some)[1].astype(np.uint16),
                kept.astype(np.uint16),
            )
        )
    return found
