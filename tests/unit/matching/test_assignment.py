"""The assignment is exact: as many as possible, then the best, then whose turn it is."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from activities.matching.arrays import Bools, Floats
from activities.matching.assignment import assign
from tests.unit.matching.factories import EXAMPLES

SCORES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])


@st.composite
def cases(draw: st.DrawFn, largest: int) -> tuple[Bools, Floats]:
    """Few distinct scores make many ties; up to three seats a mentor, whose rows are the same."""
    mentees = draw(st.integers(1, largest))
    rows: list[list[float]] = []
    for _ in range(draw(st.integers(1, largest))):
        row = [draw(st.none() | SCORES) for _ in range(mentees)]
        rows += [[np.nan if cell is None else cell for cell in row]] * draw(st.integers(1, 3))
    cells = np.array(rows[: 2 * largest], np.float32)
    return ~np.isnan(cells), np.nan_to_num(cells)


def _worth(scores: Floats, found: list[tuple[int, int]]) -> tuple[int, float]:
    return len(found), round(sum(float(scores[place]) for place in found), 6)


def _best_by_trying_all(allowed: Bools, scores: Floats) -> tuple[int, float]:
    seats, mentees = allowed.shape
    places = [*range(seats), *[None] * mentees]
    tried = (
        [(seat, mentee) for mentee, seat in enumerate(taken) if seat is not None and allowed[seat, mentee]]
        for taken in set(permutations(places, mentees))
    )
    return max(_worth(scores, found) for found in tried)


@EXAMPLES
@given(cases(largest=3))
def test_it_equals_the_best_of_all_tried(case: tuple[Bools, Floats]) -> None:
    allowed, scores = case[0][:4], case[1][:4]
    assert _worth(scores, assign(allowed, scores, range(len(allowed)))) == _best_by_trying_all(allowed, scores)


@EXAMPLES
@given(cases(largest=9))
def test_it_equals_a_dense_solver(case: tuple[Bools, Floats]) -> None:
    allowed, scores = case
    gain = np.where(allowed, 100 + scores, 0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    dense = [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if allowed[r, c]]
    assert _worth(scores, assign(allowed, scores, range(len(allowed)))) == _worth(scores, dense)


@EXAMPLES
@given(cases(largest=9))
def test_nobody_is_matched_twice_or_against_a_rule(case: tuple[Bools, Floats]) -> None:
    allowed, scores = case
    found = assign(allowed, scores, range(len(allowed)))
    assert len({seat for seat, _ in found}) == len({mentee for _, mentee in found}) == len(found)
    assert all(allowed[place] for place in found)


def test_two_fair_matches_go_before_one_that_is_excellent() -> None:
    allowed = np.array([[True, True], [True, False]])
    scores = np.array([[1.0, 0.0], [0.0, 0.0]], np.float32)
    assert assign(allowed, scores, [0, 1]) == [(0, 1), (1, 0)]


def test_of_seats_that_suit_alike_the_earliest_turn_is_taken() -> None:
    alike = np.ones((4, 1), np.bool_)
    assert assign(alike, alike.astype(np.float32), [2, 1, 0, 3]) == [(2, 0)]


def test_the_better_seat_is_taken_whoever_has_the_earlier_turn() -> None:
    scores = np.array([[0.5], [0.5001]], np.float32)
    assert assign(np.ones((2, 1), np.bool_), scores, [0, 1]) == [(1, 0)]


def test_of_mentees_that_suit_alike_the_first_is_matched() -> None:
    alike = np.ones((1, 4), np.bool_)
    assert assign(alike, alike.astype(np.float32), [0]) == [(0, 0)]


def test_nobody_to_match_is_an_answer() -> None:
    assert assign(np.zeros((0, 3), np.bool_), np.zeros((0, 3), np.float32), []) == []
