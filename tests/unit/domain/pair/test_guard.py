"""A pair whose reporting lines became too close: frozen, decided about, parted, with no reason in any notice."""

import pytest

from domain.pair.refusals import refusal
from schemas import events as e
from schemas import pair_updates as u
from schemas.guard import ApartAgain, KeptTogether, TooClose
from schemas.notices import Template
from schemas.stages import Awaited, Outcome, SessionStatus, Stage
from tests.support.lives import DAY, MENTEE, OTHER, Life
from tests.unit.domain.pair.factories import (
    agreed,
    hold,
    in_sessions,
    matched,
    proposed,
    until_over,
)

CLOSE, APART, KEEP = (
    TooClose(mentee=MENTEE, check=7),
    ApartAgain(mentee=MENTEE, check=8),
    KeptTogether(reason="agreed"),
)
FREEZE_NOTICES = {
    ("planned_again", "mentor"),
    ("planned_again", "mentee"),
    ("keep_or_part", "supervisor"),
}


def frozen(**policy: object) -> Life:
    return agreed(**policy).on(CLOSE)


def all_held() -> Life:
    return hold(in_sessions(sessions={"count": 1}))


FROZEN_FROM = [
    # the pair before, its session after, frozen
    (in_sessions, SessionStatus.WITHDRAWN, True),
    (proposed, SessionStatus.WITHDRAWN, True),
    (agreed, SessionStatus.WITHDRAWN, True),
    (lambda: until_over(agreed()), SessionStatus.AGREED, True),  # its question stays
    (lambda: agreed().on(u.PausePair()), SessionStatus.WITHDRAWN, True),
    (all_held, SessionStatus.HELD, False),  # nothing is left to withdraw
]


@pytest.mark.parametrize(("start", "after", "is_frozen"), FROZEN_FROM)
def test_a_session_to_come_is_withdrawn_and_no_other_is_planned(
    start: object, after: SessionStatus, is_frozen: bool
) -> None:
    state = start().on(CLOSE).state  # type: ignore[operator]
    assert (state.sessions[-1].status, state.frozen, state.finding) == (
        after,
        is_frozen,
        None,
    )


def test_both_get_neutral_notices_and_the_supervisor_is_asked() -> None:
    life = frozen()
    sent = set(life.sent()[len(agreed().sent()) :])
    assert sent == FREEZE_NOTICES | {
        ("session_cancelled", to) for to in ("mentor", "mentee", "delegate")
    }
    notices = [
        n
        for n in life.state.outbox[-1].notices
        if n.template in ("planned_again", "session_cancelled")
    ]
    assert all(not n.items and not n.check for n in notices)


DECIDED = [
    # what happens                     stage           match     next session, and whether both are notified
    ([KEEP], Stage.SESSIONS, MENTEE, SessionStatus.FINDING, False),
    ([APART], Stage.SESSIONS, MENTEE, SessionStatus.FINDING, False),
    (
        [u.RematchPair(reason="supervisor")],
        Stage.MATCHING,
        None,
        SessionStatus.WITHDRAWN,
        True,
    ),
    ([KEEP, CLOSE], Stage.SESSIONS, MENTEE, SessionStatus.FINDING, False),
    (
        [KEEP, TooClose(mentee=MENTEE, check=9)],
        Stage.SESSIONS,
        MENTEE,
        SessionStatus.FINDING,
        False,
    ),
    (
        [KEEP, APART, TooClose(mentee=MENTEE, check=9)],
        Stage.SESSIONS,
        MENTEE,
        SessionStatus.WITHDRAWN,
        False,
    ),
    (
        [APART, CLOSE],
        Stage.SESSIONS,
        MENTEE,
        SessionStatus.FINDING,
        False,
    ),  # an older check, late
    (
        [ApartAgain(mentee=MENTEE, check=6)],
        Stage.SESSIONS,
        MENTEE,
        SessionStatus.WITHDRAWN,
        False,
    ),
    (
        [ApartAgain(mentee=OTHER, check=9)],
        Stage.SESSIONS,
        MENTEE,
        SessionStatus.WITHDRAWN,
        False,
    ),
    (
        [e.PersonLeft(side=e.Side.MENTEE, mentee=MENTEE)],
        Stage.MATCHING,
        None,
        SessionStatus.WITHDRAWN,
        False,
    ),
]


@pytest.mark.parametrize(("then", "stage", "mentee", "session", "notified"), DECIDED)
def test_somebody_decides_or_the_lines_change_again(
    then: list[e.Event],
    stage: Stage,
    mentee: str | None,
    session: SessionStatus,
    notified: bool,
) -> None:
    life = frozen().on(*then)
    match = life.state.match
    assert (
        life.state.stage,
        match and match.mentee,
        life.state.sessions[-1].status,
    ) == (stage, mentee, session)
    assert (("partner_changed", "mentee") in life.sent()) == notified


def test_without_a_decision_they_part_after_seven_open_days() -> None:
    life = frozen()
    due = life.state.deadlines[Awaited.DECISION_DUE]
    life.wait(due - life.now - DAY / 2)
    assert life.state.frozen
    life.wait(DAY)
    assert (
        life.state.stage,
        life.state.former_mentees,
        life.state.outbox[-1].refusal,
    ) == (
        Stage.MATCHING,
        (MENTEE,),
        MENTEE,
    )
    assert life.sent()[-2:] == [
        ("partner_changed", "mentor"),
        ("partner_changed", "mentee"),
    ]


def test_the_supervisor_is_reminded_once_before_they_part() -> None:
    life = frozen()
    before = len(life.sent())
    reminder, due = (
        life.state.deadlines[kind]
        for kind in (Awaited.DECISION_REMINDER, Awaited.DECISION_DUE)
    )
    assert life.now < reminder < due - 2 * DAY
    life.wait(reminder - life.now + DAY / 4)
    assert (life.sent()[before:], life.state.frozen) == (
        [("decision_reminder", "supervisor")],
        True,
    )
    life.wait(due - life.now - DAY / 4)
    assert life.sent()[before + 1 :] == []


def test_a_reminder_that_did_not_go_out_before_they_part_never_does() -> None:
    life = frozen()
    reminder, due = (
        life.state.deadlines[kind]
        for kind in (Awaited.DECISION_REMINDER, Awaited.DECISION_DUE)
    )
    (notice,) = life.wait(reminder - life.now + DAY / 4).state.outbox[-1].notices
    assert (notice.template, notice.useful_until) == (Template.DECISION_REMINDER, due)


@pytest.mark.parametrize(
    "then", [KEEP, APART, u.RematchPair(reason="supervisor"), u.EndPair(reason="asked")]
)
def test_nobody_is_reminded_of_what_is_decided(then: e.Event) -> None:
    life = frozen().on(then).wait(5 * DAY)
    assert ("decision_reminder", "supervisor") not in life.sent()


def test_the_decision_waits_for_as_many_open_days_as_the_policy_says() -> None:
    weeks = [
        frozen(supervision={"decide_within": span}) for span in ("2 days", "7 days")
    ]
    first, second = (
        life.state.deadlines[Awaited.DECISION_DUE] - life.now for life in weeks
    )
    assert (first, second) == (2 * DAY, 9 * DAY)


def test_a_match_that_was_only_announced_comes_to_nothing_in_the_usual_words() -> None:
    life = matched().on(CLOSE)
    assert (life.state.stage, life.state.match) == (Stage.MATCHING, None)
    assert life.sent()[-2:] == [
        ("match_not_made", "mentor"),
        ("match_not_made", "mentee"),
    ]


def test_a_question_about_a_session_that_has_begun_is_answered_as_ever_and_nothing_is_planned_after_it() -> (
    None
):
    life = until_over(agreed()).on(CLOSE, e.Held(session=1))
    assert (life.state.held, life.state.current, life.state.frozen) == (1, None, True)


def test_a_frozen_pair_that_has_held_its_last_session_has_nothing_to_decide() -> None:
    life = until_over(agreed(sessions={"count": 1})).on(CLOSE, e.Held(session=1))
    assert (life.state.stage, life.state.frozen) == (Stage.FEEDBACK, False)


def test_a_pause_during_a_freeze_moves_its_deadline_and_resuming_plans_nothing() -> (
    None
):
    life = frozen()
    due = life.state.deadlines[Awaited.DECISION_DUE]
    life.on(u.PausePair()).wait(20 * DAY).on(u.ResumePair())
    assert (life.state.deadlines[Awaited.DECISION_DUE], life.state.current) == (
        due + 20 * DAY,
        None,
    )


def test_a_freeze_that_ends_within_a_pause_sends_no_notice() -> None:
    life = agreed().on(u.PausePair(), CLOSE, APART, u.ResumePair())
    assert not FREEZE_NOTICES & set(life.sent())
    assert life.state.sessions[-1].status is SessionStatus.FINDING


def test_a_freeze_puts_no_pair_at_risk() -> None:
    life = frozen(supervision={"decide_within": "60 days"}).wait(30 * DAY)
    assert (life.state.health, life.state.strikes) == ("on_course", 0)


LEFT = [
    ([CLOSE, e.PersonLeft(side=e.Side.MENTEE, mentee=MENTEE)], None, 1),
    ([e.PersonLeft(side=e.Side.MENTEE, mentee=MENTEE), CLOSE], None, 1),
    ([CLOSE, e.PersonLeft(side=e.Side.MENTOR)], Outcome.LEFT, 0),
    ([e.PersonLeft(side=e.Side.MENTOR), CLOSE], Outcome.LEFT, 0),
]


@pytest.mark.parametrize(("events", "outcome", "parted"), LEFT)
def test_a_person_who_leaves_and_the_guard_do_not_act_twice(
    events: list[e.Event], outcome: Outcome | None, parted: int
) -> None:
    life = agreed().on(*events).wait(15 * DAY)
    assert (life.state.outcome, len(life.state.former_mentees), life.state.frozen) == (
        outcome,
        parted,
        False,
    )
    assert sum(template == "partner_changed" for template, _ in life.sent()) == 1
    assert (
        sum(
            line.what in ("parted", "closed")
            for r in life.state.outbox
            for line in r.lines
        )
        == 1
    )


REFUSED = [(agreed, True), (frozen, False), (lambda: frozen().on(KEEP), True)]


@pytest.mark.parametrize(("start", "refused"), REFUSED)
def test_only_a_frozen_pair_can_be_kept(start: object, refused: bool) -> None:
    assert (refusal(start().state, KEEP) is not None) == refused  # type: ignore[operator]
