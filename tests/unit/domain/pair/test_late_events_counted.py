"""What comes late or early and still counts: nothing that a person reported is lost."""

from collections.abc import Callable

import pytest

from schemas import events as e
from schemas import pair_updates as u
from schemas.stages import Outcome, SessionStatus, Stage
from tests.support.lives import MENTEE, Life
from tests.unit.domain.pair.factories import (
    YES,
    agreed,
    answer,
    started,
    until_over,
)
from tests.unit.domain.pair.test_late_events import (
    A_MODULE,
    ONE,
    both_agree,
    lapsed,
    not_reported,
    paused_over,
)

MODULES_LATE: list[tuple[Callable[[], Life], Stage]] = [
    # after its training: signed off with the module waived, the charter still missing
    (
        lambda: started(training=A_MODULE).on(*gate_but_module(charter=False)),
        Stage.TRAINING,
    ),
    # the gate is open
    (
        lambda: started(training=A_MODULE).on(*gate_but_module(charter=True)),
        Stage.MATCHING,
    ),
    # the two have sessions
    (
        lambda: started(training=A_MODULE).on(
            *gate_but_module(charter=True),
            e.Matched(mentee=MENTEE),
            *both_agree(MENTEE),
        ),
        Stage.SESSIONS,
    ),
]


def gate_but_module(*, charter: bool) -> list[e.Event]:
    return [
        e.Volunteered(charter=charter),
        e.ModuleCompleted(module="daring"),
        u.WaiveGateItem(item="module:listening", reason="known"),
        u.SignOffMentor(rehearsed=True),
    ]


@pytest.mark.parametrize(("life", "stage"), MODULES_LATE)
def test_a_module_done_after_the_sign_off_is_written_down_and_takes_nobody_back(
    life: Callable[[], Life], stage: Stage
) -> None:
    late = life()
    sent = late.sent()
    late.on(e.ModuleCompleted(module="listening"))
    assert (late.ignored, late.state.stage, "listening" in late.state.gate.modules) == (
        None,
        stage,
        True,
    )
    assert late.sent() == sent


COUNTED_LATE: list[tuple[Callable[[], Life], SessionStatus]] = [
    # nobody said, and a make-up is looked for: it is dropped
    (not_reported, SessionStatus.UNKNOWN),
    # ... or agreed already
    (lambda: answer(not_reported().slots(), YES), SessionStatus.UNKNOWN),
    # the invitation was never answered, and they met anyway
    (lapsed, SessionStatus.FINDING),
    # a pause withdrew it, and they met anyway
    (lambda: paused_over(agreed()), SessionStatus.WITHDRAWN),
    (lambda: paused_over(agreed()).on(u.ResumePair()), SessionStatus.WITHDRAWN),
]


@pytest.mark.parametrize(("life", "was"), COUNTED_LATE)
def test_a_late_report_of_a_session_counts_until_the_next_one_begins(
    life: Callable[[], Life], was: SessionStatus
) -> None:
    late = life()
    assert late.state.sessions[0].status is was
    late.on(e.Held(session=1))
    assert (late.ignored, late.state.sessions[0].status, late.state.held) == (
        None,
        SessionStatus.HELD,
        1,
    )
    assert all(s.number == 2 for s in late.state.sessions if s.status.live)


def test_the_last_session_counts_late_too() -> None:
    late = not_reported(sessions=ONE).on(e.Held(session=1))
    assert (late.state.stage, late.state.finding) == (Stage.FEEDBACK, None)


def test_a_no_to_the_programme_counts_until_the_gate_is_open() -> None:
    signed_off = started().on(e.Volunteered(), u.SignOffMentor(rehearsed=True))
    assert signed_off.on(e.Declined()).state.outcome is Outcome.LEFT


def test_a_late_no_to_the_programme_ends_no_pair_whose_sign_off_was_waived() -> None:
    waived = [
        u.WaiveGateItem(item=item, reason="known") for item in ("rehearsal", "sign_off")
    ]
    gate: list[e.Event] = [e.Volunteered(charter=True), *waived]
    life = started().on(
        *gate, e.Matched(mentee=MENTEE), *both_agree(MENTEE), e.Declined()
    )
    assert (life.state.stage, life.ignored) == (Stage.SESSIONS, "already_ready")


@pytest.mark.parametrize(
    ("sessions", "asked", "stage"),
    [({}, "pulse_request", Stage.SESSIONS), (ONE, "final_pulse", Stage.FEEDBACK)],
)
def test_a_pulse_before_word_that_the_session_was_held_does_not_count(
    sessions: dict[str, int], asked: str, stage: Stage
) -> None:
    life = until_over(agreed(sessions=sessions)).on(
        *(e.PulseReceived(session=1, pulse=pulse) for pulse in ("one", "other"))
    )
    assert (life.ignored, life.state.pulses) == ("not_held", ())
    life.on(e.Held(session=1))
    sent = [each for each in life.sent() if "pulse" in each[0]]
    assert sent == [(asked, "mentor"), (asked, "mentee")]
    assert life.state.stage is stage
