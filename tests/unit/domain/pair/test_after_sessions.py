"""What follows a session: was it held, pulses, risk, and the outcome of the pair."""

from datetime import timedelta

import pytest

from schemas import events as e
from schemas import pair_updates as u
from schemas.stages import Health, Outcome, SessionStatus, Stage
from tests.support.lives import DAY, OTHER, PAIR, Life
from tests.unit.domain.pair.factories import (
    MENTEE_SIDE,
    MENTOR_SIDE,
    agreed,
    hold,
    in_sessions,
    ready,
    started,
    until_over,
)

OUTCOMES = [
    (started().on(e.Declined()), Outcome.LEFT, "declined"),
    (started().wait(28 * DAY), Outcome.DEFERRED, "not_ready"),
    (ready().wait(28 * DAY), Outcome.UNMATCHED, "no_match"),
    (in_sessions().on(u.EndPair(reason="moved")), Outcome.ENDED_EARLY, "moved"),
    (in_sessions().on(e.PersonLeft(side=MENTOR_SIDE)), Outcome.LEFT, "mentor_left"),
]


@pytest.mark.parametrize(("life", "outcome", "reason"), OUTCOMES)
def test_a_pair_closes_with_one_outcome_and_a_reason(
    life: Life, outcome: Outcome, reason: str
) -> None:
    assert (life.state.stage, life.state.outcome, life.state.reason) == (
        Stage.CLOSED,
        outcome,
        reason,
    )


def test_a_mentor_who_says_nothing_after_a_session_is_reminded_then_the_supervisor_asked_then_a_make_up() -> (
    None
):
    life = until_over(agreed())
    asked = [n for n in life.state.outbox[-1].notices if n.template == "ask_held"]
    start = life.state.sessions[-1].start
    assert start is not None
    assert [n.not_before for n in asked] == [start + timedelta(hours=1)]
    assert life.wait(4 * DAY).sent()[-1] == ("held_reminder", "mentor")
    assert life.wait(4 * DAY).sent()[-1] == ("held_unknown", "supervisor")
    assert [s.status for s in life.wait(11 * DAY).state.sessions] == [
        SessionStatus.UNKNOWN,
        SessionStatus.FINDING,
    ]


def test_a_late_yes_withdraws_the_make_up() -> None:
    life = until_over(agreed()).wait(19 * DAY).slots()
    life.on(e.Held(session=1, attempt=1))
    assert [(s.attempt, s.status) for s in life.state.sessions[:2]] == [
        (1, SessionStatus.HELD),
        (2, SessionStatus.WITHDRAWN),
    ]
    assert ("session_cancelled", "mentee") in life.sent()


def test_a_missed_session_counts_and_gets_a_make_up_with_its_own_calendar_entry() -> (
    None
):
    life = until_over(agreed()).on(e.Held(session=1, held=False)).slots()
    assert (life.state.strikes, life.state.current and life.state.current.attempt) == (
        1,
        2,
    )
    uids = {n.invite.uid for r in life.state.outbox for n in r.notices if n.invite}
    assert len(uids) == 2


def test_pulses_follow_the_first_the_middle_and_the_last_session() -> None:
    life = in_sessions()
    for _ in range(6):
        hold(life)
    asked = [
        n.session
        for r in life.state.outbox
        for n in r.notices
        if "pulse" in n.template and n.to == "mentor"
    ]
    assert asked == [1, 3, 6]


def test_the_supervisor_checks_in_every_three_sessions() -> None:
    life = in_sessions()
    for _ in range(5):
        hold(life)
    assert life.sent().count(("check_in", "supervisor")) == 1


def test_a_concern_has_the_supervisor_call_and_never_says_whose() -> None:
    life = in_sessions().on(e.ConcernRaised(concern="c1"))
    assert life.sent()[-1] == ("call_mentor", "supervisor")
    assert life.state.health is Health.AT_RISK
    assert "mentor" not in life.state.outbox[-1].lines[0].model_dump_json()


def failed(template: str) -> str:
    """Id of a notice of the pair that could not be delivered."""
    return f"{PAIR.workflow_id}:9:{template}:0.1.1:{OTHER}"


HELP = e.ConcernRaised(concern="c1")
MORE_HELP = e.ConcernRaised(concern="c2")
OPEN_CALLS = [
    # after a call for help                                         who is asked now
    ((MORE_HELP,), []),
    ((e.CheckedIn(check=1), MORE_HELP), [("call_mentor", "supervisor")]),
    # The supervisor talked, and it is worse: the next call is a new one.
    (
        (e.CheckedIn(check=1, well=False), MORE_HELP),
        [("pair_at_risk", "ops"), ("call_mentor", "supervisor")],
    ),
    # The pair waits for the call no longer, so ops do.
    ((u.EndPair(reason="asked"),), [("concern_waiting", "ops")]),
    ((u.RematchPair(reason="asked"),), [("concern_waiting", "ops")]),
    ((e.PersonLeft(side=MENTEE_SIDE),), [("concern_waiting", "ops")]),
    ((e.PersonLeft(side=MENTOR_SIDE),), [("concern_waiting", "ops")]),
    (
        (e.CheckedIn(check=1), u.EndPair(reason="asked")),
        [],
    ),
    # The mail did not arrive.
    (
        (e.NoticeFailed(notice=failed("call_mentor"), reason="address_refused"),),
        [("address_failed", "ops"), ("concern_waiting", "ops")],
    ),
    (
        (e.NoticeFailed(notice=failed("concern_waiting"), reason="address_refused"),),
        [("address_failed", "ops"), ("concern_waiting", "sponsor")],
    ),
    (
        (e.NoticeFailed(notice=failed("session_agreed"), reason="address_refused"),),
        [("address_failed", "ops")],
    ),
]
ASK_SOMEBODY = {"call_mentor", "concern_waiting", "pair_at_risk", "address_failed"}


@pytest.mark.parametrize(("then", "asked"), OPEN_CALLS)
def test_a_pair_has_one_open_call_and_it_is_never_lost(
    then: tuple[e.Event, ...], asked: list[tuple[str, str]]
) -> None:
    life = in_sessions().on(HELP)
    before = len(life.sent())
    life.on(*then)
    assert [one for one in life.sent()[before:] if one[0] in ASK_SOMEBODY] == asked


def test_a_check_in_that_went_well_clears_the_risk() -> None:
    life = in_sessions().on(
        e.ConcernRaised(concern="c1"), e.CheckedIn(check=1, well=True)
    )
    assert life.state.health is Health.ON_COURSE


def test_nothing_booked_for_fourteen_days_puts_the_pair_at_risk() -> None:
    life = in_sessions().wait(13 * DAY)
    assert life.state.health is Health.ON_COURSE
    assert life.wait(DAY).state.health is Health.AT_RISK


def test_a_pair_that_takes_twice_its_time_makes_room() -> None:
    life = in_sessions(sessions={"count": 2, "every": "1 week", "window": "1 week"})
    life.wait(60 * DAY)
    assert (life.state.outcome, life.state.reason) == (
        Outcome.ENDED_EARLY,
        "out_of_time",
    )


def test_the_last_pulses_close_the_pair_and_recognise_the_mentor() -> None:
    life = hold(in_sessions(sessions={"count": 1}))
    life.on(
        e.PulseReceived(session=1, pulse="one"),
        e.PulseReceived(session=1, pulse="other"),
    )
    assert life.state.outcome is Outcome.COMPLETED
    assert life.sent()[-3:] == [
        ("certificate", "mentor"),
        ("thanks", "mentee"),
        ("word_to_manager", "manager"),
    ]


def test_a_pair_whose_pulse_never_comes_is_closed_too() -> None:
    assert (
        hold(in_sessions(sessions={"count": 1})).wait(14 * DAY).state.outcome
        is Outcome.COMPLETED
    )
