"""Who is above whom, and by how many levels, solid and dotted lines alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.reporting_lines import (
    levels_above,
    levels_between,
    levels_from_top,
    near_in_line,
    pairs_in_line,
)

CHIEF_TO_JUNIOR = {"vp": ["chief"], "head": ["vp"], "junior": ["head"], "aside": ["vp"]}
PEOPLE = st.integers(0, 8).map(lambda number: f"E{number}")
LINES = st.dictionaries(PEOPLE, st.lists(PEOPLE | st.none(), max_size=3))


@pytest.mark.parametrize(
    ("one", "other", "levels"),
    [
        ("junior", "head", 1),
        ("junior", "vp", 2),
        ("junior", "chief", 3),
        ("chief", "junior", 3),  # whichever way it is asked
        ("junior", "aside", None),  # the same division, another line
        ("aside", "head", None),
        ("stranger", "chief", None),
    ],
)
def test_levels_are_counted_along_the_line(
    one: str, other: str, levels: int | None
) -> None:
    assert levels_between(one, other, CHIEF_TO_JUNIOR) == levels


def test_a_dotted_line_that_is_shorter_counts() -> None:
    lines = {**CHIEF_TO_JUNIOR, "junior": ["head", "chief"]}
    assert levels_between("junior", "chief", lines) == 1


def test_a_place_without_a_manager_is_above_nobody() -> None:
    assert dict(levels_above("a", {"a": [None, "b"], "b": [None]})) == {"b": 1}


def test_dotted_lines_that_run_in_a_circle_end() -> None:
    lines = {"a": ["b"], "b": ["c"], "c": ["a", "b"]}
    assert dict(levels_above("a", lines)) == {"b": 1, "c": 2}


def test_only_who_is_as_near_as_asked_is_found() -> None:
    found = near_in_line(
        {"junior": 0, "vp": 1}, {"chief": 0, "head": 1}, CHIEF_TO_JUNIOR, 2
    )
    assert sorted(found) == [(0, 1, 1), (1, 0, 1), (1, 1, 1)]


def test_levels_are_counted_from_the_top_by_the_shortest_line() -> None:
    lines = {**CHIEF_TO_JUNIOR, "junior": ["head", "chief"]}
    assert levels_from_top(lines) == {
        "chief": 0,
        "vp": 1,
        "head": 2,
        "aside": 2,
        "junior": 1,
    }


def test_whoever_has_nobody_as_manager_is_at_the_top() -> None:
    assert levels_from_top({"a": ["b"], "b": [None]}) == {"b": 0, "a": 1}


def test_lines_that_only_run_in_a_circle_have_no_top() -> None:
    assert levels_from_top({"a": ["b"], "b": ["a"], "c": ["a"]}) == {}


@given(LINES, st.lists(st.tuples(PEOPLE, PEOPLE)))
def test_many_pairs_at_once_are_as_one_by_one_in_circles_too(
    lines: dict[str, list[str | None]], pairs: list[tuple[str, str]]
) -> None:
    assert pairs_in_line(pairs, lines) == {
        (one, other) for one, other in pairs if other in _above(one, lines)
    }


def _above(person: str, lines: dict[str, list[str | None]]) -> set[str]:
    """In a circle, themselves too."""
    managers = {manager for manager in lines.get(person, ()) if manager is not None}
    return managers | {
        above for manager in managers for above, _ in levels_above(manager, lines)
    }


def test_a_line_as_deep_as_it_is_long_takes_no_longer() -> None:
    lines = {f"E{n}": [f"E{n - 1}"] for n in range(1, 5000)}
    pairs = [(f"E{n}", f"E{n // 2}") for n in range(1, 5000)]
    assert pairs_in_line(pairs, lines) == set(pairs)
