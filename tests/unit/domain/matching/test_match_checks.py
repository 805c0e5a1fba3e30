"""What the rules say of two people whom ops put together."""

from typing import Any

import pytest

from domain.matching.match_checks import check_matches
from domain.matching.matching_run import match_pool, never_stop
from schemas.matches.review import CheckedMatch, MatchesToCheck, MentorMentee
from tests.support.pools import a_person, a_pool, who

TWO = MentorMentee(mentor=who("m"), mentee=who("x"))


def checked(
    *, swap: bool, mentee: dict[str, Any] | None = None, **values: Any
) -> CheckedMatch:
    pool = a_pool(
        [a_person("m", offers={"ai"})],
        [a_person("x", wants={"ai"}, **(mentee or {}))],
        **values,
    )
    (found,) = check_matches(
        MatchesToCheck(pool=pool, **{"swaps" if swap else "pins": (TWO,)}), never_stop
    )
    return found


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("refused_before", {"bans": frozenset({(TWO.mentor, TWO.mentee)})}),
        ("manager_and_report", {"managers": {TWO.mentor: (TWO.mentee,)}}),
    ],
)
@pytest.mark.parametrize("swap", [True, False])
def test_nobody_breaks_a_rule_that_nothing_switches_off(
    rule: str, values: dict[str, Any], swap: bool
) -> None:
    assert checked(swap=swap, **values).broken_rule == rule


@pytest.mark.parametrize(
    ("swap", "rule"), [(True, "no_common_language"), (False, None)]
)
def test_what_a_policy_can_switch_off_binds_a_swap_and_no_pin(
    swap: bool, rule: str | None
) -> None:
    assert (
        checked(swap=swap, mentee={"languages": frozenset({"de"})}).broken_rule == rule
    )


def test_a_rule_that_the_policy_switched_off_binds_nobody() -> None:
    policy = {"matching": {"common_language": False}}
    assert (
        checked(
            swap=True, mentee={"languages": frozenset({"de"})}, policy=policy
        ).broken_rule
        is None
    )


def test_score_and_reasons_are_those_of_a_run_after_who_put_them_together() -> None:
    found = checked(swap=True)
    pool = a_pool([a_person("m", offers={"ai"})], [a_person("x", wants={"ai"})])
    (proposal,) = match_pool(pool).proposals
    assert (found.score, found.reasons[1:]) == (proposal.score, proposal.reasons)
    assert found.reasons[0].rule == "swapped"
