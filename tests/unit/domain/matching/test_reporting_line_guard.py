"""Which two people are too close by their reporting lines: what matching would keep
apart, and no more.
"""

import pytest

from domain.matching.reporting_line_guard import ops_decide_first, too_close
from schemas.guard import GuardSnapshot, MatchedPeople
from schemas.policy import Supervision

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


SHARES = [
    # too close, live pairs, held: more than one in twenty, and never one or two
    (1, 1, False),
    (2, 8, False),
    (3, 59, True),
    (3, 60, False),
    (4, 60, True),
    (5_000, 100_000, False),
    (5_001, 100_000, True),
]


@pytest.mark.parametrize(("frozen", "pairs", "many"), SHARES)
def test_more_than_one_in_twenty_is_put_before_ops(
    frozen: int, pairs: int, many: bool
) -> None:
    assert ops_decide_first(frozen, pairs, Supervision()) == many
