"""Pins, bans and swaps, and what contradicts them."""

from typing import Any

import pytest

from domain.review.decisions import plan_decision
from domain.review.snapshot import (
    DecisionEntry,
)
from schemas.cohort import MatchDecision
from schemas.matches.review import DecisionRefused, Swap
from tests.unit.domain.review.snapshots import checked, match_id, standing, two


def test_a_swap_pins_the_new_two_pairs() -> None:
    found = plan_decision(
        MatchDecision(swap=(Swap(one=match_id("a"), other=match_id("b")),)),
        standing(),
        checked("ab", "ba"),
    )
    assert ([line.what for line in found.entries()], set(found.pin)) == (
        ["swapped", "swapped", "pinned", "pinned"],
        {two("ab"), two("ba")},
    )


def test_a_swap_asked_for_twice_is_one() -> None:
    review = standing(
        {"a": "swapped", "b": "swapped"},
        since=[DecisionEntry("swapped", two("aa"), "console")],
    )
    assert (
        plan_decision(
            MatchDecision(
                swap=(Swap(one=match_id("a"), other=match_id("b")),), revision=1
            ),
            review,
        ).entries()
        == []
    )


@pytest.mark.parametrize(
    ("decision", "twos"),
    [
        (MatchDecision(pin=(two("ab"),)), ["ab"]),
        (
            MatchDecision(swap=(Swap(one=match_id("a"), other=match_id("b")),)),
            ["ab", "ba"],
        ),
    ],
)
def test_who_breaks_a_rule_is_not_put_together(
    decision: MatchDecision, twos: list[str]
) -> None:
    with pytest.raises(DecisionRefused, match="must not be matched: too few levels"):
        plan_decision(decision, standing(), checked(*twos, rule="too_few_levels"))


@pytest.mark.parametrize(
    ("decision", "values", "text"),
    [
        (
            MatchDecision(pin=(two("aa"), two("ba"))),
            {},
            "would be pinned to .* and to ",
        ),
        (
            MatchDecision(pin=(two("aa"),)),
            {"pins": frozenset({two("ba")})},
            "would be pinned to .* and to ",
        ),
        (MatchDecision(pin=(two("aa"), two("ab"))), {}, "with 1 free seat"),
        (
            MatchDecision(pin=(two("aa"),)),
            {"bans": frozenset({two("aa")})},
            "are banned",
        ),
        (
            MatchDecision(ban=(two("aa"),)),
            {"pins": frozenset({two("aa")})},
            "are pinned",
        ),
        (
            MatchDecision(refuse=(match_id("a"),)),
            {"pins": frozenset({two("aa")})},
            "are pinned",
        ),
        (
            MatchDecision(approve=(match_id("a"),)),
            {"pins": frozenset({two("ba")})},
            "cannot be approved",
        ),
        (
            MatchDecision(approve=(match_id("a"),)),
            {"pins": frozenset({two("ab")})},
            "with 0 free seats",
        ),
    ],
)
def test_what_contradicts_a_pin_is_refused(
    decision: MatchDecision, values: dict[str, Any], text: str
) -> None:
    with pytest.raises(DecisionRefused, match=text):
        plan_decision(decision, standing(**values), checked("aa", "ab", "ba"))


def test_a_pin_is_taken_back_and_given_to_another_at_once() -> None:
    decision = MatchDecision(unpin=(two("ba"),), pin=(two("aa"),))
    found = plan_decision(
        decision, standing(pins=frozenset({two("ba")})), checked("aa")
    )
    assert (found.unpin, found.pin) == ([two("ba")], [two("aa")])


def test_people_are_pinned_before_anything_was_proposed() -> None:
    assert plan_decision(
        MatchDecision(pin=(two("aa"),)), standing({}, run=0), checked("aa")
    ).pin == [two("aa")]


def test_a_pin_or_ban_that_exists_already_is_no_decision() -> None:
    review = standing(pins=frozenset({two("aa")}), bans=frozenset({two("ab")}))
    decision = MatchDecision(
        pin=(two("aa"),), ban=(two("ab"),), unban=(two("bb"),), unpin=(two("bb"),)
    )
    assert plan_decision(decision, review, checked("aa")).entries() == []
