"""Pins: matches that ops want to be made.

They go before every rule that a policy can switch off, and before any score.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

import numpy as np

from domain.matching.candidates import Candidates
from domain.matching.rules import HARD_RULES
from schemas.matches.matching import FreeSeat, MatchingPool

PINNED = "pinned"
"""The reason of a pinned match."""

Pin = tuple[str, str]
"""(mentor, mentee) whom ops want matched, by person id."""


class PinsContradict(ValueError):
    """Raised when two pins exclude each other, or one breaks a rule that is always on. The
    message is for ops, with ids.
    """


def seats_for_pins(
    pool: MatchingPool, seats: Sequence[FreeSeat]
) -> list[tuple[FreeSeat, str]]:
    """Returns the seat and the mentee of each pin whose two people are both free.

    Args:
        seats: in the order in which they are taken.

    Raises:
        PinsContradict: not all of them can be matched.
    """
    if not pool.pins:
        return []
    free: dict[str, list[FreeSeat]] = {}
    for seat in seats:
        free.setdefault(seat.mentor, []).append(seat)
    waiting = {person.person for person in pool.mentees}
    pins = sorted(
        (mentor, mentee)
        for mentor, mentee in pool.pins
        if mentor in free and mentee in waiting
    )
    _check_mentees(pins)
    _check_seats(pins, {mentor: len(seats) for mentor, seats in free.items()})
    _check_rules(pool, pins)
    return [(free[mentor].pop(0), mentee) for mentor, mentee in pins]


def _check_mentees(pins: Iterable[Pin]) -> None:
    by_mentee = sorted(pins, key=lambda pin: pin[1])
    for (mentor, mentee), (other_mentor, other_mentee) in pairwise(by_mentee):
        if mentee == other_mentee:
            raise PinsContradict(
                f"mentee {mentee} is pinned to {mentor} and to {other_mentor};"
                " take back one of the pins"
            )


def _check_seats(pins: Iterable[Pin], free_seats: dict[str, int]) -> None:
    """`pins` are in the order of their mentors."""
    for mentor, of_mentor in groupby(pins, key=itemgetter(0)):
        mentees = [mentee for _, mentee in of_mentor]
        if len(mentees) > free_seats[mentor]:
            raise PinsContradict(
                f"mentor {mentor} is pinned to {' and to '.join(mentees)},"
                f" with free seats: {free_seats[mentor]}"
            )


def _check_rules(pool: MatchingPool, pins: Iterable[Pin]) -> None:
    candidates = Candidates.of(pool)
    lasting = [
        (rule.code, rule.apply(candidates))
        for rule in HARD_RULES
        if rule.policy_field is None
    ]
    for mentor, mentee in pins:
        row = np.array([candidates.row_of[mentee]])
        column = np.array([candidates.column_of[mentor]])
        for code, rule in lasting:
            if not rule.allows(row, column)[0, 0]:
                raise PinsContradict(
                    f"mentor {mentor} and mentee {mentee} are pinned, but {code};"
                    " take it back"
                )
