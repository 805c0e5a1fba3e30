"""Pauses: what is sent in spite of one, what waits, and how far deadlines move."""

from datetime import timedelta

import pytest

from domain.pair.scopes import scopes_of
from schemas import events as e
from schemas import pair_updates as u
from schemas.ids import PairRef
from schemas.stages import Awaited, SessionStatus
from schemas.time.calendar import Closed, WorkCalendar
from tests.support.lives import DAY, MENTEE, MENTOR, MONDAY, Life, a_pair
from tests.unit.domain.pair.factories import agreed, matched, ready, status

CALL = e.ConcernRaised(concern="c1")


def sent_by(life: Life, *events: e.Event) -> list[tuple[str, str]]:
    """The notices that these events send."""
    before = len(life.sent())
    return life.on(*events).sent()[before:]


def test_a_call_for_help_in_a_pause_reaches_supervisor_and_ops_at_once() -> None:
    life = agreed().on(u.PausePair())
    assert sent_by(life, CALL) == [
        ("call_mentor", "supervisor"),
        ("concern_waiting", "ops"),
    ]
    assert sent_by(life, u.ResumePair()) == [
        ("pair_resumed", "mentor"),
        ("pair_resumed", "mentee"),
    ]


def test_a_call_for_help_that_nobody_has_answered_yet_is_put_before_ops_when_the_pair_is_paused() -> (
    None
):
    life = agreed().on(CALL)
    assert ("concern_waiting", "ops") in sent_by(life, u.PausePair())
    assert ("concern_waiting", "ops") not in sent_by(
        agreed().on(CALL, e.CheckedIn(check=1)), u.PausePair()
    )


def test_of_a_match_that_is_made_in_a_pause_both_have_all_of_their_time_after_it() -> (
    None
):
    usual = matched().state.deadlines[Awaited.AGREE_DUE] - matched().now
    life = (
        ready()
        .on(u.PausePair())
        .wait(28 * DAY)
        .on(e.Matched(mentee=MENTEE))
        .wait(14 * DAY)
    )
    assert ("match_announced", "mentee") in sent_by(life, u.ResumePair())
    assert life.state.deadlines[Awaited.AGREE_DUE] - life.now == usual


def test_a_pause_in_a_pause_does_not_move_what_was_set_in_it_twice() -> None:
    life = (
        agreed()
        .on(u.PausePair())
        .wait(30 * DAY)
        .on(u.PausePair(scope="directive"), CALL)
        .wait(1 * DAY)
    )
    life.on(u.ResumePair(), u.ResumePair(scope="directive"))
    assert (
        timedelta(0) < life.state.deadlines[Awaited.CONCERN_DUE] - life.now <= 5 * DAY
    )


def test_what_a_pause_moves_into_a_closed_period_is_moved_beyond_it() -> None:
    closed = Closed(first=MONDAY.date() + 25 * DAY, last=MONDAY.date() + 60 * DAY)
    life = Life(a_pair(calendar=WorkCalendar(closed=(closed,)))).on(e.Started())
    life.on(u.PausePair()).wait(10 * DAY).on(u.ResumePair())
    assert life.state.deadlines[Awaited.TRAINING_DUE] > MONDAY + 60 * DAY


def test_a_pause_withdraws_what_is_booked_sends_nothing_and_moves_deadlines_by_its_length() -> (
    None
):
    life = agreed().on(u.PausePair())
    assert {t for t, _ in life.sent()[-5:]} == {"session_cancelled", "pair_paused"}
    quiet = len(life.sent())
    due = life.state.deadlines[Awaited.WAVE_ENDS]
    assert len(life.wait(60 * DAY).sent()) == quiet
    life.on(u.ResumePair())
    assert life.state.deadlines[Awaited.WAVE_ENDS] == due + 60 * DAY
    assert status(life) is SessionStatus.FINDING


def test_what_came_up_in_a_pause_is_sent_at_its_end() -> None:
    life = ready().on(u.PausePair(), e.Matched(mentee=MENTEE))
    assert ("match_announced", "mentee") not in life.sent()
    assert ("match_announced", "mentee") in life.on(u.ResumePair()).sent()


SCOPES = [
    "programme:pilot",
    "region:pilot:idf",
    "cohort:pilot:idf:2",
    f"pair:pilot:idf:2:{MENTOR}:1",
    f"person:{MENTOR}",
]


@pytest.mark.parametrize(
    ("mentee", "scopes"),
    [(None, SCOPES), (MENTEE, [*SCOPES, f"person:{MENTEE}"])],
)
def test_a_pair_pauses_with_each_of_these_scopes(
    mentee: str | None, scopes: list[str]
) -> None:
    pair = PairRef(programme="pilot", region="idf", wave=2, mentor=MENTOR)
    assert scopes_of(pair, mentee) == scopes
