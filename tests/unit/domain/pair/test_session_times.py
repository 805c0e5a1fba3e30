"""How the time of a session is found, agreed and reminded; a row each."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas import events as e
from schemas.stages import Awaited, Health, SessionStatus
from schemas.time.calendar import Closed, WorkCalendar
from tests.support.lives import DAY, MONDAY, Life, a_pair
from tests.unit.domain.pair.factories import (
    ANOTHER,
    HALF,
    MENTOR_SIDE,
    NO,
    YES,
    agreed,
    answer,
    hold,
    in_sessions,
    proposed,
    status,
)

ANSWERS = [
    # answer              status after               strikes
    ((YES, {}), SessionStatus.AGREED, 0),
    ((HALF, {}), SessionStatus.AGREED, 0),
    ((NO, {}), SessionStatus.FINDING, 0),
    ((ANOTHER, {}), SessionStatus.FINDING, 0),
    ((NO, {"side": MENTOR_SIDE}), SessionStatus.FINDING, 0),
    ((YES, {"side": MENTOR_SIDE}), SessionStatus.PROPOSED, 0),
]


@pytest.mark.parametrize(("answered", "after", "strikes"), ANSWERS)
def test_declining_a_proposal_costs_nothing(
    answered: tuple[e.InvitationAnswer, dict[str, object]],
    after: SessionStatus,
    strikes: int,
) -> None:
    life = answer(proposed(), answered[0], **answered[1])
    assert (status(life), life.state.strikes) == (after, strikes)


def test_another_of_the_offered_times_is_agreed_at_once_with_a_newer_invite() -> None:
    life = proposed()
    other = life.state.sessions[-1].alternatives[0]
    answer(life, ANOTHER, start=other)
    assert (
        status(life),
        life.state.sessions[-1].start,
        life.state.sessions[-1].sequence,
    ) == (
        SessionStatus.AGREED,
        other,
        1,
    )


def test_half_an_hour_shortens_the_session() -> None:
    assert answer(proposed(), HALF).state.sessions[-1].minutes == 30


def test_an_answer_to_an_invite_already_replaced_changes_nothing() -> None:
    life = answer(proposed(), NO).slots()
    life.on(e.InvitationAnswered(session=1, sequence=0, answer=YES))
    assert (life.ignored, status(life)) == ("newer_invite", SessionStatus.PROPOSED)


def test_only_cancelling_an_agreed_time_counts_and_two_put_the_pair_at_risk() -> None:
    life = answer(agreed(), NO)
    assert (life.state.strikes, life.state.health) == (1, Health.ON_COURSE)
    life = answer(answer(life.slots(), YES), NO)
    assert (life.state.strikes, life.state.health) == (2, Health.AT_RISK)
    assert ("pair_at_risk", "supervisor") in life.sent()


def test_silence_is_reminded_then_the_mentor_is_asked_and_may_answer_for_both() -> None:
    life = in_sessions()
    asked = life.state.finding
    assert asked is not None
    life.slots(asked.earliest + 6 * DAY)
    life.wait(2 * DAY)
    assert life.sent()[-2:] == [
        ("answer_reminder", "mentee"),
        ("answer_reminder", "delegate"),
    ]
    life.wait(2 * DAY)
    assert life.sent()[-1] == ("mentee_silent", "mentor")
    assert status(answer(life, YES, side=MENTOR_SIDE)) is SessionStatus.AGREED


def test_a_proposal_whose_time_comes_unanswered_is_replaced_and_held_against_nobody() -> (
    None
):
    life = proposed().wait(10 * DAY)
    assert (status(life), life.state.strikes) == (SessionStatus.FINDING, 0)


def test_the_rhythm_keeps_at_least_four_weeks_between_sessions() -> None:
    life = hold(in_sessions())
    first, asked = life.state.sessions[0].start, life.state.finding
    assert first is not None and asked is not None
    assert asked.earliest == first + timedelta(weeks=4)


def test_a_session_on_monday_is_reminded_on_friday() -> None:
    monday = datetime(2027, 1, 18, 9, tzinfo=UTC)
    life = answer(in_sessions().slots(monday), YES)
    times = {
        n.not_before
        for r in life.state.outbox
        for n in r.notices
        if n.template == "session_reminder"
    }
    assert times == {monday - timedelta(days=3)}


def test_the_notice_runs_from_the_next_open_hour_so_that_no_weekend_shortens_it() -> (
    None
):
    life = answer(proposed(sessions={"notice": "1 week"}).wait(5 * DAY), NO)
    monday = datetime(2027, 1, 18, 8, tzinfo=UTC)
    asked = life.state.finding
    assert (life.now < monday, asked and asked.earliest) == (
        True,
        monday + timedelta(weeks=1),
    )


def test_no_deadline_falls_into_a_closed_period() -> None:
    august = WorkCalendar(
        closed=(Closed(first=MONDAY.date() + 14 * DAY, last=MONDAY.date() + 41 * DAY),)
    )
    life = Life(a_pair(calendar=august)).on(e.Started())
    assert life.state.deadlines[Awaited.TRAINING_DUE] == datetime(
        2027, 2, 21, 23, 0, tzinfo=UTC
    )
