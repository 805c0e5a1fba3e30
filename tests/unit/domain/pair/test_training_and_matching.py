"""A pair until its sessions begin: training, the readiness gate, matching; a row each."""

import pytest

from domain.pair.training import missing_gate_items
from schemas import events as e
from schemas import pair_updates as u
from schemas.stages import Stage
from tests.support.lives import DAY, MENTEE, OTHER
from tests.unit.domain.pair.factories import (
    MENTEE_SIDE,
    MENTOR_SIDE,
    hold,
    in_sessions,
    matched,
    started,
)

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
        [u.WaiveGateItem(item="module:listening", reason="known")],
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
        missing_gate_items(started(training={"modules": ["listening"]}).on(*done).state)
        == lacks
    )


def test_the_supervisor_is_asked_once_everything_else_that_comes_first_is_done() -> (
    None
):
    life = started(training={"modules": ["listening"]}).on(e.Volunteered())
    assert ("sign_off_request", "supervisor") not in life.sent()
    life.on(e.ModuleCompleted(module="listening"), e.CharterSigned(side=MENTOR_SIDE))
    assert life.sent().count(("sign_off_request", "supervisor")) == 1


TRAINING_DAYS = [
    # days  which notices left by then
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


@pytest.mark.parametrize(("days", "notices"), TRAINING_DAYS)
def test_a_late_mentor_is_reminded_then_reported_to_the_supervisor_then_deferred(
    days: int, notices: list[tuple[str, str]]
) -> None:
    assert started().wait(days * DAY).sent()[1:] == notices


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


@pytest.mark.parametrize(("agreements", "stage"), AGREEMENTS)
def test_sessions_begin_only_when_both_agreed_and_the_mentee_signed(
    agreements: list[e.Event], stage: Stage
) -> None:
    assert matched().on(*agreements).state.stage is stage


@pytest.mark.parametrize(
    ("side", "recipient"), [(MENTOR_SIDE, "mentee"), (MENTEE_SIDE, "mentor")]
)
def test_after_a_refusal_the_other_gets_neutral_words_and_they_never_match_again(
    side: e.Side, recipient: str
) -> None:
    life = matched().on(e.MatchRefused(side=side, mentee=MENTEE))
    assert life.sent()[-1] == ("match_not_made", recipient)
    assert life.on(e.Matched(mentee=MENTEE)).ignored == "parted_before"
    assert life.on(e.Matched(mentee=OTHER)).state.match is not None


def test_an_unanswered_claim_expires_after_a_week_of_open_days() -> None:
    life = matched().wait(8 * DAY)
    assert life.state.match is not None
    assert life.wait(3 * DAY).state.match is None
    assert life.state.stage is Stage.MATCHING


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
