"""The assignment is exact: as many as possible, then the best, then whose turn it is."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, linear_sum_assignment, milp

from domain.matching.arrays import BoolArray, IndexArray
from domain.matching.scoring import BEST_SCORE
from domain.matching.solver.assignment import assign
from tests.support.pools import blocks_of

MATCH = 100 * BEST_SCORE
"""More than all scores of a small case together."""


class Case(NamedTuple):
    allowed: BoolArray
    scores: IndexArray
    seats: list[int]
    """Their mentors."""
    size: int
    """Mentees in a block."""

    def assigned(self) -> list[tuple[int, int]]:
        return assign(
            blocks_of(self.allowed, self.scores, self.size),
            self.allowed.shape,
            self.seats,
            lambda: None,
        )

    @property
    def worth(self) -> IndexArray:
        """By mentee and seat: what a match adds, 0 where none is allowed."""
        worth = np.where(self.allowed, MATCH + self.scores, 0)
        return worth[:, self.seats]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Few distinct scores make many ties; mentors have from no seat to several, in any
    order of turns.
    """
    mentees, mentors = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    score = (
        st.sampled_from([0, 2500, 5000, 7500, BEST_SCORE])
        if draw(st.booleans())
        else st.integers(0, BEST_SCORE)
    )
    cells = draw(
        st.lists(
            st.none() | score, min_size=mentees * mentors, max_size=mentees * mentors
        )
    )
    allowed = np.array([cell is not None for cell in cells]).reshape(mentees, mentors)
    scores = np.array([cell or 0 for cell in cells]).reshape(mentees, mentors)
    seats = draw(st.lists(st.integers(0, mentors - 1), max_size=12))
    return Case(allowed, scores, seats, draw(st.integers(1, 9)))


@settings(max_examples=40)
@given(cases())
def test_it_equals_an_integer_programme(case: Case) -> None:
    worth = case.worth
    mentees, seats = worth.shape
    found = sum(int(worth[mentee, seat]) for seat, mentee in case.assigned())
    if not seats:
        assert found == 0
        return
    each = [
        *np.kron(np.eye(mentees), np.ones(seats)),
        *np.kron(np.ones(mentees), np.eye(seats)),
    ]
    best = milp(
        -worth.ravel(),
        constraints=LinearConstraint(np.array(each), ub=1),
        integrality=np.ones(worth.size),
    )
    assert found == pytest.approx(-best.fun)


@settings(max_examples=40)
@given(cases())
def test_of_equal_results_it_takes_the_one_with_the_earliest_turns(case: Case) -> None:
    mentees, seats = case.worth.shape
    late = np.arange(seats) + np.arange(mentees)[:, None]
    worth = np.where(case.worth > 0, 10_000 * case.worth - late, 0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    assert (
        sum(int(worth[mentee, seat]) for seat, mentee in case.assigned())
        == worth[rows, columns].sum()
    )


@settings(max_examples=40)
@given(cases())
def test_nobody_is_matched_twice_or_against_a_rule(case: Case) -> None:
    found = case.assigned()
    assert (
        len({seat for seat, _ in found})
        == len({mentee for _, mentee in found})
        == len(found)
    )
    assert all(case.allowed[mentee, case.seats[seat]] for seat, mentee in found)


@settings(max_examples=40)
@given(cases(), st.integers(1, 9))
def test_how_the_work_is_cut_into_blocks_changes_nothing(case: Case, size: int) -> None:
    other = case._replace(size=size)
    assert sum(int(case.worth[m, s]) for s, m in case.assigned()) == sum(
        int(case.worth[m, s]) for s, m in other.assigned()
    )


def test_two_fair_matches_go_before_one_that_is_excellent() -> None:
    case = Case(
        np.array([[True, True], [True, False]]),
        np.array([[BEST_SCORE, 0], [0, 0]]),
        [0, 1],
        1,
    )
    assert case.assigned() == [(0, 1), (1, 0)]


def test_the_better_seat_is_taken_whoever_has_the_earlier_turn() -> None:
    assert Case(
        np.ones((1, 2), np.bool_), np.array([[5000, 5001]]), [0, 1], 1
    ).assigned() == [(1, 0)]


def test_of_mentees_that_suit_alike_the_first_is_matched() -> None:
    assert Case(
        np.ones((4, 1), np.bool_), np.full((4, 1), BEST_SCORE), [0], 2
    ).assigned() == [(0, 0)]


def test_with_nobody_to_match_nothing_is_assigned() -> None:
    assert (
        Case(
            np.zeros((3, 2), np.bool_), np.zeros((3, 2), np.intp), [0, 1], 1
        ).assigned()
        == []
    )
    assert (
        Case(np.ones((3, 2), np.bool_), np.zeros((3, 2), np.intp), [], 1).assigned()
        == []
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_a_large_pool_leaves_out_at_first_is_still_found(seed: int) -> None:
    """Large enough that most pairs are not looked at in the first solution."""
    chance = np.random.default_rng(seed)
    wanted, offered = (chance.integers(0, 4, 300) for _ in range(2))
    scores = (
        np.where(wanted[:, None] == offered, 9000, 0)
        + chance.integers(0, 1000, 300)[:, None]
    )
    case = Case(chance.random((300, 300)) < 0.7, scores, list(range(300)), 64)
    rows, columns = linear_sum_assignment(case.worth, maximize=True)
    assert (
        sum(int(case.worth[m, s]) for s, m in case.assigned())
        == case.worth[rows, columns].sum()
    )
