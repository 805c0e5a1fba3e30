"""Who declines time after time is called, and not asked by mail again; a row a rule."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pair.refusals import refusal
from schemas import events as e
from schemas import pair_updates as u
from schemas.stages import Awaited, Health, SessionStatus
from tests.support.lives import DAY, Life
from tests.support.properties import budget
from tests.unit.domain.pair.factories import (
    ANOTHER,
    MENTOR_SIDE,
    NO,
    YES,
    answer,
    proposed,
    status,
    until_called,
)

WEEK = timedelta(weeks=1)
CALL = ("call_about_times", "supervisor")


def awaits_call(life: Life) -> bool:
    session = life.state.current
    return session is not None and session.awaits_call


def agreed_and_given_up(life: Life) -> Life:
    return answer(answer(life, YES), NO)


def decline(life: Life) -> Life:
    return answer(life, NO)


def of_the_mentor(life: Life) -> Life:
    return answer(life, NO, side=MENTOR_SIDE)


def none_of_these(life: Life) -> Life:
    return answer(life, ANOTHER)


def moved_by_ops(life: Life) -> Life:
    return life.on(u.RescheduleSession(session=1))


def nobody_answers(life: Life) -> Life:
    s = life.state.current
    assert s is not None and s.start is not None
    return life.wait(s.start - life.now + timedelta(minutes=1))


COUNTED = [
    # three times in a week                  somebody is asked to call
    (decline, True),
    (none_of_these, True),
    (of_the_mentor, True),
    (agreed_and_given_up, True),
    (moved_by_ops, False),
    (nobody_answers, False),
]


@pytest.mark.parametrize(("refuse", "called"), COUNTED)
def test_what_counts_as_a_decline(refuse: Callable[[Life], Life], called: bool) -> None:
    life = proposed()
    for _ in range(2):
        life = refuse(life).slots()
    assert awaits_call(refuse(life)) is called


def test_the_supervisor_is_asked_once_and_no_other_time_is_proposed() -> None:
    life = until_called(proposed())
    assert (status(life), life.state.finding) == (SessionStatus.FINDING, None)
    assert life.sent().count(CALL) == 1
    assert life.sent()[-4:] == [
        ("session_cancelled", "mentor"),
        ("session_cancelled", "mentee"),
        ("session_cancelled", "delegate"),
        CALL,
    ]


def test_declining_still_costs_nothing() -> None:
    life = until_called(proposed())
    assert (life.state.strikes, life.state.health) == (0, Health.ON_COURSE)


def test_the_policy_says_how_many() -> None:
    life = proposed(sessions={"declines_a_week": 1})
    assert awaits_call(answer(life, NO))


def test_declines_of_earlier_weeks_do_not_count() -> None:
    life = proposed(sessions={"notice": "3 weeks"})
    for _ in range(6):
        life = answer(life.wait(4 * DAY), NO)
        assert not awaits_call(life)
        life = life.slots()


GOES_ON = [
    (lambda life: life.on(e.CheckedIn(check=life.state.checks)), True),
    (lambda life: life.on(e.CheckedIn(check=life.state.checks, well=False)), False),
    (lambda life: life.on(u.RescheduleSession(session=1)), True),
    (lambda life: life.wait(WEEK - timedelta(hours=1)), False),
    (lambda life: life.wait(WEEK), True),
    (lambda life: life.on(e.WindowsGiven(side=e.Side.MENTEE)), False),
]


@pytest.mark.parametrize(("then", "looks"), GOES_ON)
def test_times_are_proposed_again_after_a_call_or_a_week(
    then: Callable[[Life], Life], looks: bool
) -> None:
    life = then(until_called(proposed()))
    assert (life.state.finding is not None) is looks
    assert awaits_call(life) is not looks


def test_a_check_in_asked_for_before_the_declines_is_no_call_about_them() -> None:
    life = until_called(proposed().on(e.ConcernRaised(concern="c1")))
    life.on(e.CheckedIn(check=1))
    assert (life.ignored, awaits_call(life)) == ("newer_request", True)
    assert life.on(e.CheckedIn(check=2)).state.finding is not None


def test_after_the_call_a_week_begins_anew() -> None:
    life = until_called(proposed())
    life = life.on(e.CheckedIn(check=life.state.checks)).slots()
    assert not awaits_call(answer(life, NO))


def test_a_pause_does_not_begin_a_week_anew_nor_bring_a_refused_time_back() -> None:
    life = answer(answer(proposed(), NO).slots(), NO)
    refused = life.state.sessions[-1].refused
    life.on(u.PausePair(), u.ResumePair())
    assert set(refused) <= set(life.state.sessions[-1].refused)
    assert awaits_call(answer(life.slots(), NO))


def test_a_withdrawn_session_is_not_withdrawn_from_calendars_twice() -> None:
    life = until_called(proposed())
    before = life.sent().count(("session_cancelled", "mentee"))
    life.on(u.RematchPair(reason="asked"))
    assert life.sent().count(("session_cancelled", "mentee")) == before


def test_ops_may_look_for_a_time_before_anybody_called() -> None:
    life = until_called(proposed())
    assert refusal(life.state, u.RescheduleSession(session=1)) is None
    assert Awaited.CALL_ABOUT_TIMES in life.state.deadlines


def test_a_refused_time_never_comes_again() -> None:
    life = proposed(sessions={"declines_a_week": 20})
    seen: set[datetime] = set()
    for _ in range(60):
        s = life.state.current
        assert s is not None and s.start is not None
        times = {s.start, *s.alternatives}
        assert not seen & times
        seen |= times
        life = answer(life, NO)
        if awaits_call(life):
            life.on(e.CheckedIn(check=life.state.checks))
        asked = life.state.finding
        assert asked is not None
        assert {at for at in seen if at > life.now} <= set(asked.refused)
        life.slots()


def test_whoever_changes_their_hours_again_and_again_makes_no_endless_search() -> None:
    life = proposed()
    answer(life, NO)
    for _ in range(300):
        asked = life.state.finding
        assert asked is not None
        life.on(e.SlotsFound(revision=asked.revision, session=1))
        life.on(e.WindowsGiven(side=e.Side.MENTEE))
    asked = life.state.finding
    assert asked is not None
    assert asked.latest - asked.earliest <= timedelta(weeks=52)
    assert life.sent().count(("no_common_time", "mentee")) == 1


@settings(max_examples=budget(60))
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=120))
def test_no_link_writes_more_than_a_handful_of_mails_a_week(
    answers: list[tuple[bool, int]],
) -> None:
    """Whoever holds a link answers as fast as they like, and times are always found."""
    life = proposed()
    for yes, hours in answers:
        if life.state.finding is not None:
            life.slots()
        s = life.state.current
        if s is not None and s.status in (SessionStatus.PROPOSED, SessionStatus.AGREED):
            answer(life, YES if yes else NO)
        life.wait(timedelta(hours=hours))
    proposals = [
        record.at
        for record in life.state.outbox
        for line in record.lines
        if line.what == "proposed"
    ]
    for at in proposals:
        assert len([one for one in proposals if at <= one < at + WEEK]) <= 6
