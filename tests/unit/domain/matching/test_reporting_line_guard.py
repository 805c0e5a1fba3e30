"""Which two people are too close by their reporting lines: what matching would keep apart, and no more."""

import pytest

from domain.matching.reporting_line_guard import too_close
from schemas.guard import GuardSnapshot, MatchedPeople

LINES = {
    "head": ("chief",),
    "lead": ("head",),
    "junior": ("lead",),
    "aside": ("head",),
    "dotted": ("aside", "chief"),
}

CASES = [
    # mentor, mentee, minimum levels, too close
    ("lead", "head", 3, True),  # a report and their manager
    ("lead", "head", 0, True),  # whatever the policy
    ("head", "lead", 0, True),  # either way
    ("junior", "head", 3, True),
    ("junior", "head", 2, False),
    ("junior", "chief", 3, False),
    ("junior", "chief", 4, True),
    ("dotted", "chief", 3, True),  # by a dotted line
    ("aside", "lead", 3, False),  # two lines
    ("stranger", "chief", 3, False),
]


@pytest.mark.parametrize(("mentor", "mentee", "least", "close"), CASES)
@pytest.mark.parametrize("kind", ["pairs", "proposals"])
def test_the_rules_of_matching_are_those_of_the_guard(
    mentor: str, mentee: str, least: int, close: bool, kind: str
) -> None:
    two = MatchedPeople("one", mentor, mentee)
    other = MatchedPeople("another", "stranger", mentee)
    seen = GuardSnapshot.model_validate(
        {"check": 1, "minimum_levels": least, "managers": LINES, kind: (two, other)}
    )
    assert ("one" in too_close(seen, lambda: None)) == close
    assert "another" not in too_close(seen, lambda: None)


def test_nobody_is_nobody() -> None:
    assert (
        too_close(GuardSnapshot(check=0, minimum_levels=3), lambda: None) == frozenset()
    )
