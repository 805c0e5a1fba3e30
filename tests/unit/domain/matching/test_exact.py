"""A run over people, capacities, bans and pins is as good as an exact solver makes it
with the pins held.
"""

import numpy as np
import pytest
from hypothesis import event, given, settings
from scipy.optimize import Bounds, LinearConstraint, milp

from domain.matching.arrays import BoolArray, IndexArray
from domain.matching.candidates import Candidates
from domain.matching.matching_run import match_pool
from domain.matching.pins import PinsContradict
from domain.matching.scoring import BEST_SCORE, RuledPool, integer_scores
from schemas.matches.matching import MatchingPool
from tests.unit.domain.matching.organisations import pinned_pools

MATCH = 100 * BEST_SCORE
"""More than all scores of a small case together."""


@settings(max_examples=100)
@given(pinned_pools())
def test_a_run_equals_an_integer_programme_with_its_pins_held(
    pool: MatchingPool,
) -> None:
    ruled, pins = RuledPool.of(Candidates.of(pool)), _pins(pool)
    if _contradict(pool, pins):
        event("pins contradict")
        with pytest.raises(PinsContradict):
            match_pool(pool)
        return
    event(f"{len(pins)} pins stand")
    places = [
        (ruled.candidates.row_of[p.mentee], ruled.candidates.column_of[p.mentor])
        for p in match_pool(pool).proposals
    ]
    held = np.zeros(ruled.shape, np.bool_)
    for mentor, mentee in pins:
        held[ruled.candidates.row_of[mentee], ruled.candidates.column_of[mentor]] = True
    assert {*zip(*held.nonzero(), strict=True)} <= set(places)
    worth = _worth(ruled)
    assert sum(int(worth[place]) for place in places) == _most(
        ruled, worth, held, _capacities(pool, ruled.candidates)
    )


def _pins(pool: MatchingPool) -> set[tuple[str, str]]:
    """Those of people who are both free now."""
    free, waiting = (
        {seat.mentor for seat in pool.seats},
        {person.person for person in pool.mentees},
    )
    return {
        (mentor, mentee)
        for mentor, mentee in pool.pins
        if mentor in free and mentee in waiting
    }


def _contradict(pool: MatchingPool, pins: set[tuple[str, str]]) -> bool:
    """As the documentation of pins says it, one pin after the other."""
    seats, mentees = (
        [seat.mentor for seat in pool.seats],
        [mentee for _, mentee in pins],
    )
    never = {
        (mentor, mentee)
        for mentor, mentee in pins
        if mentor == mentee
        or (mentor, mentee) in pool.bans
        or mentor in pool.managers.get(mentee, ())
        or mentee in pool.managers.get(mentor, ())
    }
    too_many = [
        mentor
        for mentor, _ in pins
        if [one for one, _ in pins].count(mentor) > seats.count(mentor)
    ]
    return bool(never or too_many or len(set(mentees)) < len(mentees))


def _worth(ruled: RuledPool) -> IndexArray:
    """By mentee and mentor: what a match of theirs adds."""
    rows, columns = (places.ravel() for places in np.indices(ruled.shape))
    scores = integer_scores(
        sum(ruled.score_shares(rows, columns), np.zeros(len(rows), np.float32))
    )
    return MATCH + scores.astype(np.intp).reshape(ruled.shape)


def _capacities(pool: MatchingPool, c: Candidates) -> IndexArray:
    return np.bincount(
        [c.column_of[seat.mentor] for seat in pool.seats], minlength=c.shape[1]
    )


def _most(
    ruled: RuledPool, worth: IndexArray, held: BoolArray, capacities: IndexArray
) -> int:
    """Every place of the table is a variable: 1 where it is held, 0 where a rule
    forbids it.
    """
    mentees, mentors = worth.shape
    allowed = ruled.allows(np.arange(mentees)) | held
    each = np.vstack(
        [
            np.kron(np.eye(mentees), np.ones(mentors)),
            np.kron(np.ones(mentees), np.eye(mentors)),
        ]
    )
    most = np.concatenate([np.ones(mentees), capacities])
    best = milp(
        -worth.ravel(),
        constraints=LinearConstraint(each, ub=most),
        bounds=Bounds(held.ravel().astype(float), allowed.ravel().astype(float)),
        integrality=np.ones(worth.size),
    )
    return round(float(-best.fun))
