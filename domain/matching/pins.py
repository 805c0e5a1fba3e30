"""Pins: pairs that ops want to stand. They go before every rule that can be switched off, and before any score."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from domain.matching.candidates import Candidates
from domain.matching.rules import HARD
from schemas.matching import FreeSeat, MatchingPool

PINNED = "pinned"
"""The reason of a pinned pair."""


class PinsContradict(ValueError):
    """Two pins cannot both stand, or one breaks a rule that nothing switches off. Its message is for ops, with ids."""


def settle(pool: MatchingPool, seats: Sequence[FreeSeat]) -> list[tuple[FreeSeat, str]]:
    """The seat and mentee of each pin that both are free for; `seats` by turn.

    Raises:
        PinsContradict: see there.
    """
    if not pool.pins:
        return []
    mentees = {person.person for person in pool.mentees}
    free: dict[str, list[FreeSeat]] = {}
    for seat in seats:
        free.setdefault(seat.mentor, []).append(seat)
    pins = sorted(
        (mentor, mentee)
        for mentor, mentee in pool.pins
        if mentor in free and mentee in mentees
    )
    for (one, mentee), (other, same) in pairwise(sorted(pins, key=lambda pin: pin[1])):
        if mentee == same:
            raise PinsContradict(
                f"mentee {mentee} is pinned to {one} and to {other}; take back one of the pins"
            )
    for mentor in dict.fromkeys(mentor for mentor, _ in pins):
        theirs = [mentee for pinned, mentee in pins if pinned == mentor]
        if len(theirs) > (have := len(free[mentor])):
            raise PinsContradict(
                f"mentor {mentor} is pinned to {' and to '.join(theirs)}, with free seats: {have}"
            )
    _check_rules(pool, pins)
    return [(free[mentor].pop(0), mentee) for mentor, mentee in pins]


def _check_rules(pool: MatchingPool, pins: Iterable[tuple[str, str]]) -> None:
    c = Candidates.of(pool)
    lasting = [(rule.code, rule.lets(c)) for rule in HARD if rule.field is None]
    for mentor, mentee in pins:
        places = np.array([c.rows[mentee]]), np.array([c.columns[mentor]])
        for code, lets in lasting:
            if not lets.lets(*places)[0, 0]:
                raise PinsContradict(
                    f"mentor {mentor} and mentee {mentee} are pinned, but {code}; take it back"
                )
