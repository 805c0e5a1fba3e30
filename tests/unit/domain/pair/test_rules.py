"""The rules of a pair's life, a row each: what happens, and who hears of it."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.pair.training import missing
from schemas import events as e
from schemas import pair_updates as u
from schemas.stages import Awaited, Health, Outcome, SessionStatus, Stage
from schemas.time.calendar import Closed, WorkCalendar
from tests.support.lives import DAY, MENTEE, MONDAY, OTHER, Life, a_pair

MENTOR_SIDE, MENTEE_SIDE = e.Side.MENTOR, e.Side.MENTEE
YES, NO, ANOTHER, HALF = (
    e.InvitationAnswer.YES,
    e.InvitationAnswer.NO,
    e.InvitationAnswer.ANOTHER_TIME,
    e.InvitationAnswer.HALF_HOUR,
)


def started(**policy: object) -> Life:
    return Life(a_pair(policy)).on(e.Started())


def ready(**policy: object) -> Life:
    return started(**policy).on(
        e.Volunteered(), e.CharterSigned(side=MENTOR_SIDE), u.SignedOff(rehearsed=True)
    )


def matched(**policy: object) -> Life:
    return ready(**policy).on(e.Matched(mentee=MENTEE))


def in_sessions(**policy: object) -> Life:
    agreed = [e.MatchAgreed(side=side, mentee=MENTEE, charter=True) for side in e.Side]
    return matched(**policy).on(*agreed)


def proposed(**policy: object) -> Life:
    return in_sessions(**policy).slots()


def answer(life: Life, what: e.InvitationAnswer, **more: object) -> Life:
    s = life.state.current
    assert s is not None
    return life.on(
        e.InvitationAnswered(
            session=s.number,
            attempt=s.attempt,
            sequence=s.sequence,
            answer=what,
            **more,
        )
    )


def agreed(**policy: object) -> Life:
    return answer(proposed(**policy), YES)


def until_over(life: Life) -> Life:
    s = life.state.current
    assert s is not None and s.start is not None
    return life.wait(s.start - life.now + timedelta(hours=3))


def hold(life: Life) -> Life:
    life = until_over(answer(life.slots(), YES))
    s = life.state.current
    assert s is not None
    return life.on(e.Held(session=s.number, attempt=s.attempt))


def status(life: Life) -> SessionStatus:
    return life.state.sessions[-1].status


GATE = [
    # what was done                                                        what is still missing
    ([], ("volunteer", "module:listening", "rehearsal", "sign_off", "charter")),
    ([e.Volunteered()], ("module:listening", "rehearsal", "sign_off", "charter")),
    (
        [e.ModuleCompleted(module="listening")],
        ("volunteer", "rehearsal", "sign_off", "charter"),
    ),
    (
        [e.ModuleCompleted(module="cooking")],
        ("volunteer", "module:listening", "rehearsal", "sign_off", "charter"),
    ),
    ([e.Rehearsed()], ("volunteer", "module:listening", "sign_off", "charter")),
    (
        [u.Waived(item="module:listening", reason="known")],
        ("volunteer", "rehearsal", "sign_off", "charter"),
    ),
    (
        [e.CharterSigned(side=MENTOR_SIDE)],
        ("volunteer", "module:listening", "rehearsal", "sign_off"),
    ),
    (
        [e.CharterSigned(side=MENTEE_SIDE)],
        ("volunteer", "module:listening", "rehearsal", "sign_off", "charter"),
    ),
]


@pytest.mark.parametrize(("done", "lacks"), GATE)
def test_the_readiness_gate_lacks_what_was_not_done(
    done: list[e.Event], lacks: tuple[str, ...]
) -> None:
    assert (
        missing(started(training={"modules": ["listening"]}).on(*done).state) == lacks
    )


def test_the_supervisor_is_asked_once_everything_else_that_comes_first_is_done() -> (
    None
):
    life = started(training={"modules": ["listening"]}).on(e.Volunteered())
    assert ("sign_off_request", "supervisor") not in life.sent()
    life.on(e.ModuleCompleted(module="listening"), e.CharterSigned(side=MENTOR_SIDE))
    assert life.sent().count(("sign_off_request", "supervisor")) == 1


TRAINING_DAYS = [
    # days  who heard what by then
    (13, []),
    (14, [("training_reminder", "mentor")]),
    (21, [("training_reminder", "mentor"), ("training_late", "supervisor")]),
    (
        28,
        [
            ("training_reminder", "mentor"),
            ("training_late", "supervisor"),
            ("deferred", "mentor"),
        ],
    ),
]


@pytest.mark.parametrize(("days", "heard"), TRAINING_DAYS)
def test_a_late_mentor_is_reminded_then_the_supervisor_told_then_deferred(
    days: int, heard: list[tuple[str, str]]
) -> None:
    assert started().wait(days * DAY).sent()[1:] == heard


OUTCOMES = [
    (started().on(e.Declined()), Outcome.LEFT, "declined"),
    (started().wait(28 * DAY), Outcome.DEFERRED, "not_ready"),
    (ready().wait(28 * DAY), Outcome.UNMATCHED, "no_match"),
    (in_sessions().on(u.Ended(reason="moved")), Outcome.ENDED_EARLY, "moved"),
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


AGREEMENTS: list[tuple[list[e.Event], Stage]] = [
    ([], Stage.MATCHING),
    ([e.MatchAgreed(side=MENTOR_SIDE, mentee=MENTEE)], Stage.MATCHING),
    ([e.MatchAgreed(side=MENTEE_SIDE, mentee=MENTEE, charter=True)], Stage.MATCHING),
    (
        [
            e.MatchAgreed(side=MENTOR_SIDE, mentee=MENTEE),
            e.MatchAgreed(side=MENTEE_SIDE, mentee=MENTEE),
        ],
        Stage.MATCHING,
    ),
    (
        [
            e.MatchAgreed(side=MENTOR_SIDE, mentee=MENTEE),
            e.MatchAgreed(side=MENTEE_SIDE, mentee=OTHER, charter=True),
        ],
        Stage.MATCHING,
    ),
    (
        [
            e.MatchAgreed(side=MENTOR_SIDE, mentee=MENTEE),
            e.MatchAgreed(side=MENTEE_SIDE, mentee=MENTEE, charter=True),
        ],
        Stage.SESSIONS,
    ),
]


@pytest.mark.parametrize(("said", "stage"), AGREEMENTS)
def test_sessions_begin_only_when_both_agreed_and_the_mentee_signed(
    said: list[e.Event], stage: Stage
) -> None:
    assert matched().on(*said).state.stage is stage


@pytest.mark.parametrize(
    ("side", "told"), [(MENTOR_SIDE, "mentee"), (MENTEE_SIDE, "mentor")]
)
def test_a_refusal_tells_the_other_in_neutral_words_and_never_matches_them_again(
    side: e.Side, told: str
) -> None:
    life = matched().on(e.MatchRefused(side=side, mentee=MENTEE))
    assert life.sent()[-1] == ("match_not_made", told)
    assert life.on(e.Matched(mentee=MENTEE)).ignored == "parted_before"
    assert life.on(e.Matched(mentee=OTHER)).state.match is not None


def test_an_unanswered_claim_expires_after_a_week_of_open_days() -> None:
    life = matched().wait(8 * DAY)
    assert life.state.match is not None
    assert life.wait(3 * DAY).state.match is None
    assert life.state.stage is Stage.MATCHING


ANSWERS = [
    # answer              status after               strikes
    ((YES, {}), SessionStatus.AGREED, 0),
    ((HALF, {}), SessionStatus.AGREED, 0),
    ((NO, {}), SessionStatus.FINDING, 0),
    ((ANOTHER, {}), SessionStatus.FINDING, 0),
    ((NO, {"side": MENTOR_SIDE}), SessionStatus.FINDING, 0),
    ((YES, {"side": MENTOR_SIDE}), SessionStatus.PROPOSED, 0),
]


@pytest.mark.parametrize(("said", "after", "strikes"), ANSWERS)
def test_declining_a_proposal_costs_nothing(
    said: tuple[e.InvitationAnswer, dict[str, object]],
    after: SessionStatus,
    strikes: int,
) -> None:
    life = answer(proposed(), said[0], **said[1])
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


def test_the_notice_runs_from_the_next_open_hour_so_that_no_weekend_eats_it() -> None:
    life = answer(proposed(sessions={"notice": "1 week"}).wait(5 * DAY), NO)
    monday = datetime(2027, 1, 18, 8, tzinfo=UTC)
    asked = life.state.finding
    assert (life.now < monday, asked and asked.earliest) == (
        True,
        monday + timedelta(weeks=1),
    )


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


def test_a_check_in_that_went_well_clears_the_risk() -> None:
    life = in_sessions().on(
        e.ConcernRaised(concern="c1"), e.CheckedIn(check=1, well=True)
    )
    assert life.state.health is Health.ON_COURSE


def test_nothing_booked_for_fourteen_days_puts_the_pair_at_risk() -> None:
    life = in_sessions().wait(13 * DAY)
    assert life.state.health is Health.ON_COURSE
    assert life.wait(DAY).state.health is Health.AT_RISK


def test_a_mentee_who_leaves_is_replaced_and_the_mentor_waits_first_in_line() -> None:
    life = hold(in_sessions()).on(e.PersonLeft(side=MENTEE_SIDE, mentee=MENTEE))
    assert (life.state.stage, life.state.match, life.state.held) == (
        Stage.MATCHING,
        None,
        1,
    )
    life.on(
        e.Matched(mentee=OTHER),
        *[e.MatchAgreed(side=s, mentee=OTHER, charter=True) for s in e.Side],
    )
    assert (life.state.first, life.state.last) == (3, 8)


def test_a_pause_withdraws_what_is_booked_sends_nothing_and_moves_deadlines_by_its_length() -> (
    None
):
    life = agreed().on(u.Paused())
    assert {t for t, _ in life.sent()[-5:]} == {"session_cancelled", "pair_paused"}
    quiet = len(life.sent())
    due = life.state.deadlines[Awaited.WAVE_ENDS]
    assert len(life.wait(60 * DAY).sent()) == quiet
    life.on(u.Resumed())
    assert life.state.deadlines[Awaited.WAVE_ENDS] == due + 60 * DAY
    assert status(life) is SessionStatus.FINDING


def test_what_came_up_in_a_pause_is_sent_at_its_end() -> None:
    life = ready().on(u.Paused(), e.Matched(mentee=MENTEE))
    assert ("match_announced", "mentee") not in life.sent()
    assert ("match_announced", "mentee") in life.on(u.Resumed()).sent()


def test_no_deadline_falls_into_a_closed_period() -> None:
    august = WorkCalendar(
        closed=(Closed(first=MONDAY.date() + 14 * DAY, last=MONDAY.date() + 41 * DAY),)
    )
    life = Life(a_pair(calendar=august)).on(e.Started())
    assert life.state.deadlines[Awaited.TRAINING_DUE] == datetime(
        2027, 2, 21, 23, 0, tzinfo=UTC
    )


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
        e.PulseReceived(session=1, side=MENTOR_SIDE),
        e.PulseReceived(session=1, side=MENTEE_SIDE),
    )
    assert life.state.outcome is Outcome.COMPLETED
    assert life.sent()[-3:] == [
        ("certificate", "mentor"),
        ("thanks", "mentee"),
        ("word_to_manager", "manager"),
    ]


def test_a_pulse_that_never_comes_closes_the_pair_all_the_same() -> None:
    assert (
        hold(in_sessions(sessions={"count": 1})).wait(14 * DAY).state.outcome
        is Outcome.COMPLETED
    )
