"""How well two people suit, and what is said about it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.candidates import Candidates
from domain.matching.matching_run import match_pool
from domain.matching.rules import topics
from domain.matching.scoring import BEST_SCORE, RuledPool
from schemas.matches.matching import MatchingPool, MatchReason
from schemas.matches.topics import LEVELS, Topic
from tests.support.pools import a_person, a_pool, who, window

ONLY = {
    "topics_weight": 0,
    "function_weight": 0,
    "availability_weight": 0,
    "seniority_weight": 0,
    "site_weight": 0,
}
ALL_DAY = (window(0, "9", "18"),)
LINE = {
    who("m"): (who("x"),),
    who("x"): (who("y"),),
    who("y"): (who("n"),),
    who("z"): (who("n"),),
}
CASES: list[tuple[str, str, dict[str, Any], dict[str, Any], float]] = [
    ("half of the wishes are met", "topics", {"offers": {"ai", "sea"}}, {"wants": {"ai", "climate"}}, 0.5),
    ("nothing is wished", "topics", {"offers": {"ai"}}, {}, 0.0),
    ("a wish without a level is met by any offer", "topics", {"offers": {"ai:1"}}, {"wants": {"ai"}}, 1.0),
    ("the level wanted is offered", "topics", {"offers": {"ai:3"}}, {"wants": {"ai:3"}}, 1.0),
    ("more than is wanted is no better", "topics", {"offers": {"ai:3"}}, {"wants": {"ai:2"}}, 1.0),
    ("a third of what is wanted", "topics", {"offers": {"ai:1"}}, {"wants": {"ai:3"}}, 1 / 3),
    ("half of what is wanted", "topics", {"offers": {"ai:1"}}, {"wants": {"ai:2"}}, 0.5),
    ("an offer without a level counts as practised", "topics", {"offers": {"ai"}}, {"wants": {"ai:3"}}, 2 / 3),
    ("the mean over the wishes", "topics", {"offers": {"ai:1", "sea"}}, {"wants": {"ai:2", "sea", "law:3"}}, 0.5),
    ("another function", "function", {"function": "IT"}, {"function": "Legal"}, 1.0),
    ("the same function", "function", {"function": "IT"}, {"function": "IT"}, 0.0),
    ("a function is not known", "function", {"function": "IT"}, {}, 0.0),
    ("three of four hours that count", "availability", {}, {}, 0.75),
    ("more hours than count", "availability", {"windows": ALL_DAY}, {"windows": ALL_DAY}, 1.0),
    ("the same site", "site", {"site": "Lyon"}, {"site": "Lyon"}, 1.0),
    ("no site is no site in common", "site", {}, {}, 0.0),
]  # fmt: skip


def _score(pool: MatchingPool) -> float:
    """The score of the two in the pool."""
    (block,) = RuledPool.of(Candidates.of(pool)).allowed_blocks(lambda: None)
    return float(block.scores[0]) / BEST_SCORE


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_soft_rule_scores(case: Any) -> None:
    _, rule, mentor, mentee, expected = case
    policy = {"matching": {**ONLY, f"{rule}_weight": 1}}
    pool = a_pool([a_person("m", **mentor)], [a_person("n", **mentee)], policy)
    assert _score(pool) == pytest.approx(expected, abs=1 / BEST_SCORE)


@pytest.mark.parametrize(
    ("mentor", "expected"),
    [("m", 0.5), ("x", 2 / 6), ("z", 1 / 6), ("n", 0.0), ("q", 0.0)],
)
def test_the_further_the_mentor_is_from_the_head_the_better(
    mentor: str, expected: float
) -> None:
    policy = {"matching": {**ONLY, "seniority_weight": 1, "minimum_levels": 0}}
    managers = {**LINE, who("n"): (who("h"),), who("o"): (who("h"),)}
    pool = a_pool([a_person(mentor)], [a_person("o")], policy, managers=managers)
    assert _score(pool) == pytest.approx(expected, abs=1e-4)


TOPICS = st.dictionaries(
    st.sampled_from(["ai", "sea", "law", "tax"]), st.sampled_from([None, *LEVELS])
).map(lambda found: frozenset(str(Topic(code, level)) for code, level in found.items()))


@settings(max_examples=40)
@given(
    st.lists(TOPICS, min_size=1, max_size=5), st.lists(TOPICS, min_size=1, max_size=5)
)
def test_the_share_of_topics_is_the_mean_of_how_far_each_wish_is_met(
    wanted: list[frozenset[str]], offered: list[frozenset[str]]
) -> None:
    mentees = [a_person("n" + "abcde"[at], wants=one) for at, one in enumerate(wanted)]
    mentors = [
        a_person("m" + "abcde"[at], offers=one) for at, one in enumerate(offered)
    ]
    found = (
        topics(Candidates.of(a_pool(mentors, mentees)))
        .table_for(np.arange(len(mentees)))
        .for_everybody()
    )
    assert found == pytest.approx(
        np.array(
            [[_share_met(wants, offers) for offers in offered] for wants in wanted]
        )
    )


def _share_met(wants: frozenset[str], offers: frozenset[str]) -> float:
    """One wish after the other."""
    reached = {topic.code: topic.level or 2 for topic in map(Topic.of, offers)}
    wishes = [(topic.code, topic.level or 1) for topic in map(Topic.of, wants)]
    return sum(
        min(reached.get(code, 0), level) / level for code, level in wishes
    ) / max(len(wishes), 1)


@pytest.mark.parametrize(
    ("offers", "wants", "items"),
    [
        ({"ai:1", "sea"}, {"ai", "sea"}, ("ai:1", "sea")),
        ({"ai:1", "sea"}, {"ai:3", "sea:2"}, ("ai:1/3", "sea")),
        ({"ai", "sea:3"}, {"ai:3", "sea:1"}, ("ai/3", "sea:3")),
    ],
)
def test_reasons_name_the_levels_that_were_given(
    offers: set[str], wants: set[str], items: tuple[str, ...]
) -> None:
    pool = a_pool(
        [a_person("m", offers=offers)],
        [a_person("n", wants=wants)],
        {"matching": {"topics_weight": 10}},
    )
    (proposal,) = match_pool(pool).proposals
    assert proposal.reasons[0] == MatchReason(rule="topics", value=2, items=items)


def test_rules_count_by_their_weights() -> None:
    mentor = a_person("m", offers={"ai"}, site="Lyon")
    mentee = a_person("n", wants={"ai"}, site="Lille")
    pool = a_pool(
        [mentor], [mentee], {"matching": {**ONLY, "topics_weight": 3, "site_weight": 1}}
    )
    assert _score(pool) == pytest.approx(0.75)


def test_a_policy_that_weighs_nothing_scores_nothing() -> None:
    assert _score(a_pool([a_person("m")], [a_person("n")], {"matching": ONLY})) == 0


def test_reasons_come_with_what_weighed_most_first() -> None:
    mentor = a_person("m", offers={"ai", "sea"}, function="IT", site="Lyon")
    mentee = a_person("n", wants={"ai"}, function="Legal", site="Lyon")
    (proposal,) = match_pool(a_pool([mentor], [mentee], managers=LINE)).proposals
    assert proposal.reasons == (
        MatchReason(rule="topics", value=1, items=("ai",)),
        MatchReason(rule="different_function", items=("IT", "Legal")),
        MatchReason(rule="common_hours", value=3.0),
        MatchReason(rule="seniority", value=3),
        MatchReason(rule="same_site", items=("Lyon",)),
        MatchReason(rule="levels_apart", value=3),
        MatchReason(rule="common_language", items=("fr",)),
    )
    assert proposal.score == pytest.approx((3 + 1.5 + 0.75 + 0.5 + 0.5) / 7, abs=1e-4)


def test_a_rule_that_found_nothing_is_no_reason() -> None:
    (proposal,) = match_pool(a_pool([a_person("m")], [a_person("n")])).proposals
    assert [reason.rule for reason in proposal.reasons] == [
        "common_hours",
        "levels_apart",
        "common_language",
    ]
