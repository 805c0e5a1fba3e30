"""Levels between two people, solid and dotted lines alike."""

import pytest

from domain.matching.reporting_levels import depths, levels_between, levels_up, near

CHIEF_TO_JUNIOR = {"vp": ["chief"], "head": ["vp"], "junior": ["head"], "aside": ["vp"]}


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
    assert (
        levels_between(
            "junior", "chief", {**CHIEF_TO_JUNIOR, "junior": ["head", "chief"]}
        )
        == 1
    )


def test_dotted_lines_that_run_in_a_circle_end() -> None:
    assert levels_up("a", {"a": ["b"], "b": ["c"], "c": ["a", "b"]}) == {"b": 1, "c": 2}


def test_only_who_is_as_near_as_asked_is_answered() -> None:
    found = near({"junior": 0, "vp": 1}, {"chief": 0, "head": 1}, CHIEF_TO_JUNIOR, 2)
    assert sorted(found) == [(0, 1, 1), (1, 0, 1), (1, 1, 1)]


def test_depth_is_counted_from_the_head_by_the_shortest_line() -> None:
    lines = {**CHIEF_TO_JUNIOR, "junior": ["head", "chief"]}
    assert depths(lines) == {"chief": 0, "vp": 1, "head": 2, "aside": 2, "junior": 1}


def test_lines_that_only_run_in_a_circle_have_no_depth() -> None:
    assert depths({"a": ["b"], "b": ["a"], "c": ["a"]}) == {}
