"""A run over a pool: seats, turns, who is left and why."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.matching_run import MatchingPhase, match_pool
from domain.people.reporting_lines import levels_between
from schemas.matches.matching import MatchingPool, MatchReason, UnmatchedPerson
from tests.support.pools import (
    a_person,
    a_pool,
    matched,
    seats_of,
    who,
    window,
)
from tests.unit.domain.matching.organisations import pools

DAY = datetime(2027, 2, 1, tzinfo=UTC)


def _left(pool: MatchingPool) -> dict[str, tuple[str, tuple[MatchReason, ...]]]:
    return {
        left.person: (left.side, left.reasons) for left in match_pool(pool).unmatched
    }


def test_a_mentor_gets_a_mentee_for_each_seat() -> None:
    pool = a_pool([a_person("m", seats=2)], [a_person(name) for name in "xyz"])
    assert matched(pool) == [(who("m"), who("x")), (who("m"), who("y"))]


def test_first_in_line_is_matched_before_others_who_suit_alike() -> None:
    mentors = [a_person(name) for name in "abc"]
    seats = (*seats_of(mentors[:2]), *seats_of(mentors[2:], first_in_line=True))
    assert matched(a_pool(mentors, [a_person("x")], seats=seats)) == [
        (who("c"), who("x"))
    ]


def test_who_has_waited_longer_comes_before_others_who_suit_alike() -> None:
    mentors = [a_person(name) for name in "ab"]
    seats = (
        *seats_of(mentors[:1], since=DAY),
        *seats_of(mentors[1:], since=DAY - timedelta(days=1)),
    )
    assert matched(a_pool(mentors, [a_person("x")], seats=seats)) == [
        (who("b"), who("x"))
    ]


def test_who_suits_better_comes_before_who_is_first_in_line() -> None:
    mentors = [a_person("a", offers={"ai"}), a_person("b")]
    seats = (*seats_of(mentors[:1]), *seats_of(mentors[1:], first_in_line=True))
    assert matched(a_pool(mentors, [a_person("x", wants={"ai"})], seats=seats)) == [
        (who("a"), who("x"))
    ]


def test_whoever_could_only_have_had_people_taken_has_their_number_as_reason() -> None:
    pool = a_pool([a_person("m")], [a_person("x"), a_person("y")])
    assert _left(pool) == {
        who("y"): ("mentee", (MatchReason(rule="all_taken", value=1),))
    }


def test_one_rule_that_excludes_everybody_is_the_whole_reason() -> None:
    afternoon = (window(0, "14", "18"),)
    mentors = [
        a_person("a", languages={"en"}),
        a_person("b", languages={"en"}, windows=afternoon),
    ]
    left = _left(a_pool(mentors, [a_person("x")]))
    assert left[who("x")] == (
        "mentee",
        (MatchReason(rule="no_common_language", value=2),),
    )


def test_two_rules_that_exclude_everybody_between_them_are_both_named() -> None:
    mentors = [
        a_person("a", languages={"en"}),
        a_person("b", windows=(window(0, "14", "18"),)),
    ]
    _, reasons = _left(a_pool(mentors, [a_person("x")]))[who("x")]
    assert reasons == (
        MatchReason(rule="no_common_language", value=1),
        MatchReason(rule="no_common_hours", value=1),
    )


def test_where_nobody_is_on_the_other_side_that_is_the_reason() -> None:
    assert match_pool(a_pool([], [a_person("x")])).unmatched == (
        UnmatchedPerson(
            person=who("x"), side="mentee", reasons=(MatchReason(rule="nobody_there"),)
        ),
    )


def test_a_mentor_with_one_of_two_seats_filled_is_not_left() -> None:
    assert _left(a_pool([a_person("m", seats=2)], [a_person("x")])) == {}


def test_a_mentor_without_a_free_seat_takes_no_part() -> None:
    run = match_pool(a_pool([a_person("m")], [a_person("x")], seats=()))
    assert (run.proposals, [left.person for left in run.unmatched]) == ((), [who("x")])


def test_an_empty_pool_is_matched_to_nothing() -> None:
    assert match_pool(a_pool([], [])) == match_pool(a_pool([], [], seats=()))


@settings(max_examples=40)
@given(pools())
def test_no_mentor_has_more_mentees_than_seats(pool: MatchingPool) -> None:
    proposals = match_pool(pool).proposals
    assert {p.pair for p in proposals} <= {seat.pair for seat in pool.seats}
    assert len({p.pair for p in proposals}) == len(proposals)


@settings(max_examples=40)
@given(pools())
def test_no_hard_rule_is_ever_broken(pool: MatchingPool) -> None:
    people: dict[str, Any] = {
        person.person: person for person in (*pool.mentors, *pool.mentees)
    }
    for proposal in match_pool(pool).proposals:
        mentor, mentee = people[proposal.mentor], people[proposal.mentee]
        levels = levels_between(mentor.person, mentee.person, pool.managers)
        assert mentor.person != mentee.person
        assert levels is None or levels >= 3
        assert mentor.languages & mentee.languages
        assert (mentor.person, mentee.person) not in pool.bans
        if mentor.windows and mentee.windows:
            assert {w.day for w in mentor.windows} & {w.day for w in mentee.windows}


@settings(max_examples=40)
@given(pools())
def test_everybody_is_either_matched_or_left_with_a_reason(pool: MatchingPool) -> None:
    run = match_pool(pool)
    mentees = [p.mentee for p in run.proposals] + [
        left.person for left in run.unmatched if left.side == "mentee"
    ]
    assert sorted(mentees) == sorted(person.person for person in pool.mentees)
    assert all(left.reasons for left in run.unmatched)


@settings(max_examples=40)
@given(pools(), st.randoms(use_true_random=False))
def test_the_order_of_the_pool_changes_nothing(
    pool: MatchingPool, chance: Random
) -> None:
    def shuffled(name: str) -> tuple[Any, ...]:
        return tuple(chance.sample(getattr(pool, name), len(getattr(pool, name))))

    other = pool.model_copy(
        update={name: shuffled(name) for name in ("mentors", "mentees", "seats")}
    )
    assert match_pool(other) == match_pool(pool)


@settings(max_examples=40)
@given(pools())
def test_how_much_is_held_at_once_changes_nothing(pool: MatchingPool) -> None:
    """Large pools are worked through some mentees and some kinds of people at a time."""
    with pytest.MonkeyPatch.context() as small:
        small.setattr("domain.matching.categories.MAX_TABLE_CELLS", 3)
        small.setattr("domain.matching.scoring.BLOCK_CELLS", 3)
        in_parts = match_pool(pool)
    whole = match_pool(pool)
    assert (len(in_parts.proposals), in_parts.unmatched, in_parts.gains) == (
        len(whole.proposals),
        whole.unmatched,
        whole.gains,
    )
    assert sum(p.score for p in in_parts.proposals) == pytest.approx(
        sum(p.score for p in whole.proposals)
    )


def test_each_phase_is_reported_as_it_begins() -> None:
    seen: list[str] = []
    match_pool(a_pool([a_person("m")], [a_person("x")]), on_phase=seen.append)
    assert seen == list(get_args(MatchingPhase))
