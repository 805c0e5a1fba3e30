"""Each hard rule by itself, on two people whom nothing else keeps apart."""

from typing import Any

import numpy as np
import pytest

from domain.matching.candidates import Candidates
from domain.matching.rules import HARD_RULES
from domain.matching.scoring import RuledPool
from schemas.matches.matching import MatchingPool
from tests.support.pools import a_person, a_pool, who, window

M, N = who("m"), who("n")


def _excluded(pool: MatchingPool) -> set[str]:
    bits = int(
        RuledPool.of(Candidates.of(pool)).excluding_rules(np.zeros(1, np.intp))[0, 0]
    )
    return {rule.code for place, rule in enumerate(HARD_RULES) if bits & (1 << place)}


def _two(
    mentor: dict[str, Any], mentee: dict[str, Any], policy: dict[str, Any], **pool: Any
) -> MatchingPool:
    return a_pool([a_person("m", **mentor)], [a_person("n", **mentee)], policy, **pool)


LINE_OF_TWO = {M: (who("h"),), who("h"): (N,)}
S, X, H = who("s"), who("x"), who("h")
LED = {"supervisor": S}
BELOW = {S: (X,), X: (N,), N: (H,)}
ANY_TEAM = {"matching": {"different_team": False}}
IN_PERSON = {"matching": {"same_site": True}}
AFTERNOON = (window(0, "14", "18"),)
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], set[str]]] = [
    ("nothing keeps them apart", {}, {}, {}, {}, set()),
    ("an earlier refusal", {}, {}, {}, {"bans": frozenset({(M, N)})}, {"refused_before"}),
    ("a refusal the other way round is another one", {}, {}, {}, {"bans": frozenset({(N, M)})}, set()),
    ("two levels of three", {}, {}, {}, {"managers": LINE_OF_TWO}, {"too_few_levels"}),
    ("two levels of two", {}, {}, {"matching": {"minimum_levels": 2}}, {"managers": LINE_OF_TWO}, set()),
    ("the mentee reports to the mentor", {}, {}, {}, {"managers": {N: (M,)}}, {"too_few_levels", "manager_and_report"}),
    (
        "manager and report, whatever the policy",
        {},
        {},
        {"matching": {"minimum_levels": 0}},
        {"managers": {M: (who("x"), N)}},
        {"manager_and_report"},
    ),
    ("the supervisor is above the mentee", LED, {}, {}, {"managers": {N: (X,), X: (S,)}}, {"supervisor_in_line"}),
    ("the supervisor is below the mentee", LED, {}, {}, {"managers": BELOW}, {"supervisor_in_line"}),
    ("by a dotted line", LED, {}, {}, {"managers": {S: (X, N), N: (H,)}}, {"supervisor_in_line"}),
    ("the supervisor is the mentee", {"supervisor": N}, {}, {}, {}, {"supervisor_in_line"}),
    ("one direct manager", {"manager": H}, {"manager": H}, {}, {}, {"same_team"}),
    ("no manager is none in common", {}, {}, {}, {}, set()),
    ("by the policy, one direct manager", {"manager": H}, {"manager": H}, ANY_TEAM, {}, set()),
    ("a dotted line is no team", {"dotted_managers": (H,)}, {"manager": H}, {}, {}, set()),
    ("two sites, and the policy does not mind", {"site": "Lyon"}, {"site": "Lille"}, {}, {}, set()),
    ("two sites, and the policy minds", {"site": "Lyon"}, {"site": "Lille"}, IN_PERSON, {}, {"other_site"}),
    ("one site", {"site": "Lyon"}, {"site": "Lyon"}, IN_PERSON, {}, set()),
    ("one works remotely", {"site": "Remote"}, {"site": "Lille"}, IN_PERSON, {}, set()),
    ("a site that is not known", {"site": ""}, {"site": "Lille"}, IN_PERSON, {}, set()),
    ("beside the mentee, under one manager", LED, {}, {}, {"managers": {S: (H,), N: (H,)}}, set()),
    ("everybody is below the head of all", LED, {}, {}, {"managers": {S: (X,), X: (N,)}}, set()),
    ("ops accompany the mentor", {}, {}, {}, {"managers": {N: (S,)}}, set()),
    ("no language in common", {"languages": {"en"}}, {"languages": {"fr"}}, {}, {}, {"no_common_language"}),
    ("none given: the one of mails", {"languages": set(), "locale": "en"}, {}, {}, {}, {"no_common_language"}),
    ("one of several", {"languages": {"en", "fr"}}, {"languages": {"fr", "de"}}, {}, {}, set()),
    ("any language, by the policy", {"languages": {"en"}}, {}, {"matching": {"common_language": False}}, {}, set()),
    ("any hours, by the policy", {"windows": AFTERNOON}, {}, {"matching": {"common_hours": False}}, {}, set()),
    ("any supervisor, by the policy", {"supervisor": N}, {}, {"matching": {"supervisor_outside": False}}, {}, set()),
    ("no hours in common", {"windows": AFTERNOON}, {}, {}, {}, {"no_common_hours"}),
    ("too few for the policy", {}, {}, {"matching": {"minimum_common": "4 hours"}}, {}, {"no_common_hours"}),
    (
        "enough a week, but no stretch that holds a session",
        {"windows": (window(0, "9", "10"), window(1, "9", "10"))},
        {"windows": (window(0, "9", "10"), window(1, "9", "10"))},
        {"sessions": {"length": "2 hours"}},
        {},
        {"no_common_hours"},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_hard_rule_excludes(case: Any) -> None:
    _, mentor, mentee, policy, pool, expected = case
    assert _excluded(_two(mentor, mentee, policy, **pool)) == expected


def test_nobody_coaches_themselves() -> None:
    both = a_person("b")
    assert _excluded(a_pool([both], [both])) == {"same_person"}


def test_a_chief_executive_is_coached_from_three_levels_below() -> None:
    managers = {M: (who("h"),), who("h"): (who("v"),), who("v"): (N,)}
    assert _excluded(_two({}, {}, {}, managers=managers)) == set()
