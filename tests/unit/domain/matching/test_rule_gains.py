"""What loosening a rule would gain is what a new assignment without it would come to."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from domain.matching.matching_run import match_pool, never_stop
from domain.matching.rule_gains import CountingTimeUp
from domain.matching.rules import HARD_RULES
from schemas.matches.matching import MatchingPool, RuleGain
from tests.support.pools import a_person, a_pool, window
from tests.unit.domain.matching.organisations import pools

AFTERNOON = (window(0, "14", "18"),)


def _loosened(pool: MatchingPool, field: str) -> MatchingPool:
    policy = pool.policy
    matching = policy.matching.model_copy(
        update={field: 0 if field == "minimum_levels" else False}
    )
    return pool.having(policy=policy.model_copy(update={"matching": matching}))


@settings(max_examples=30)
@given(pools())
def test_a_gain_is_what_a_run_without_the_rule_matches_more(pool: MatchingPool) -> None:
    before = match_pool(pool)
    recomputed = {
        rule.code: len(match_pool(_loosened(pool, rule.policy_field)).proposals)
        - len(before.proposals)
        for rule in HARD_RULES
        if rule.policy_field and rule.is_on(pool.policy.matching)
    }
    assert {gain.rule: gain.more_people for gain in before.gains} == {
        rule: more for rule, more in recomputed.items() if more
    }


def test_who_could_move_moves_for_somebody_else() -> None:
    """X speaks German, as only a does, who is matched with y; without the rule about
    hours y could have b.
    """
    mentors = [a_person("a", languages={"de", "fr"}), a_person("b", windows=AFTERNOON)]
    run = match_pool(a_pool(mentors, [a_person("x", languages={"de"}), a_person("y")]))
    assert len(run.proposals) == 1
    assert run.gains == (RuleGain(rule="no_common_hours", more_people=1),)


def test_where_everybody_is_matched_there_is_nothing_to_gain() -> None:
    assert (
        match_pool(
            a_pool([a_person("a"), a_person("b", languages={"de"})], [a_person("x")])
        ).gains
        == ()
    )


def test_where_no_seat_is_free_there_is_nothing_to_gain() -> None:
    assert (
        match_pool(
            a_pool([a_person("a")], [a_person("x"), a_person("y", languages={"de"})])
        ).gains
        == ()
    )


def test_a_rule_that_was_never_switched_off_is_not_loosened() -> None:
    mentor, mentee = a_person("a"), a_person("x")
    pool = a_pool([mentor], [mentee], bans=frozenset({(mentor.person, mentee.person)}))
    assert match_pool(pool).gains == ()


def _stops_after(calls: int) -> Callable[[], None]:
    left = [calls]

    def step() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise CountingTimeUp

    return step


@pytest.mark.parametrize(("calls", "counted"), [(0, [None, None]), (100, [1])])
def test_what_would_take_too_long_is_marked_as_not_counted(
    calls: int, counted: list[int | None]
) -> None:
    mentors = [a_person("a", languages={"de", "fr"}), a_person("b", windows=AFTERNOON)]
    pool = a_pool(mentors, [a_person("x", languages={"de"}), a_person("y")])
    run = match_pool(pool, never_stop, _stops_after(calls))
    assert ([gain.more_people for gain in run.gains], len(run.proposals)) == (
        counted,
        1,
    )
