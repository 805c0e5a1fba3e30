"""Pins go before rules that can be switched off and before scores; pins that contradict
each other stop the run.
"""

from typing import Any

import pytest

from domain.matching.matching_run import match_pool
from domain.matching.pins import PinsContradict
from schemas.matches.matching import MatchingPool, MatchReason
from tests.support.pools import a_person, a_pool, matched, who


def _pins(*pairs: str) -> frozenset[tuple[str, str]]:
    """Each a letter for the mentor and one for the mentee."""
    return frozenset((who(pair[0]), who(pair[1])) for pair in pairs)


def _pool(
    pins: frozenset[tuple[str, str]],
    mentees: dict[str, Any] | None = None,
    **values: Any,
) -> MatchingPool:
    """Mentors m, with two seats, and k; mentees x, y and z."""
    mentors = [a_person("m", seats=2), a_person("k", offers={"ai"})]
    return a_pool(
        mentors,
        [a_person(name, wants={"ai"}, **(mentees or {})) for name in "xyz"],
        pins=pins,
        **values,
    )


def test_a_pin_is_matched_though_another_fits_better() -> None:
    assert (who("m"), who("x")) in matched(_pool(_pins("mx")))


def test_the_others_are_matched_around_it() -> None:
    assert matched(_pool(_pins("kz"))) == sorted(
        [(who("k"), who("z")), (who("m"), who("x")), (who("m"), who("y"))]
    )


def test_a_pin_goes_before_a_rule_that_can_be_switched_off() -> None:
    assert matched(_pool(_pins("mx"), {"languages": frozenset({"de"})})) == [
        (who("m"), who("x"))
    ]


def test_a_pinned_pair_says_so_first() -> None:
    proposal = next(
        p for p in match_pool(_pool(_pins("mx"))).proposals if p.mentee == who("x")
    )
    assert proposal.reasons[0] == MatchReason(rule="pinned")


def test_of_who_is_not_free_now_nothing_is_asked() -> None:
    assert len(matched(_pool(_pins("qx", "mq")))) == 3


@pytest.mark.parametrize(
    "rule", ["refused_before", "manager_and_report", "same_person"]
)
def test_a_pin_never_breaks_a_rule_that_nothing_switches_off(rule: str) -> None:
    values: dict[str, dict[str, Any]] = {
        "refused_before": {"bans": _pins("mx")},
        "manager_and_report": {"managers": {who("m"): (who("x"),)}},
    }
    pool = _pool(_pins("mx"), **values.get(rule, {}))
    if rule == "same_person":
        pool = a_pool([a_person("m")], [a_person("m")], pins=_pins("mm"))
    with pytest.raises(PinsContradict, match=rule):
        match_pool(pool)


@pytest.mark.parametrize(
    ("pins", "named"),
    [
        (_pins("mx", "kx"), "mkx"),  # one mentee for two mentors
        (_pins("kx", "ky"), "kxy"),  # two mentees for one seat
        (_pins("mx", "my", "mz"), "mxyz"),  # three for two
    ],
)
def test_pins_that_exclude_each_other_are_named(
    pins: frozenset[tuple[str, str]], named: str
) -> None:
    with pytest.raises(PinsContradict) as stopped:
        match_pool(_pool(pins))
    assert all(who(name) in str(stopped.value) for name in named)


def test_as_many_pins_as_seats_are_accepted() -> None:
    assert set(matched(_pool(_pins("mx", "my")))) >= {
        (who("m"), who("x")),
        (who("m"), who("y")),
    }
