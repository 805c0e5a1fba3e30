"""Feedback: the last pulses of both, then thanks to the mentor, and the pair closes."""

from domain.pair import closing
from domain.pair.step import BOTH, Step
from schemas.events import PulseReceived
from schemas.notices import Template
from schemas.pair import PairState, Session
from schemas.stages import Awaited, SessionStatus, Stage


def begin(step: Step, session: Session) -> None:
    step.set(stage=Stage.FEEDBACK)
    step.drop_deadlines(
        Awaited.WAVE_ENDS, Awaited.IDLE, Awaited.DECISION_REMINDER, Awaited.DECISION_DUE
    )
    step.add_line("feedback_begins")
    step.notice(Template.FINAL_PULSE, *BOTH, session=session)
    step.deadline(
        Awaited.FEEDBACK_DUE,
        step.in_open_days(step.state.policy.feedback.answer_within),
        person=True,
    )


def has_both_pulses(step: Step, session: Session) -> bool:
    """Whether both pulses after this session arrived; the pair never learns whose one is missing."""
    return sum(number == session.number for number, _ in step.state.pulses) >= len(BOTH)


def pulse_due(state: PairState, number: int | None) -> bool:
    """Whether a session was held, so that its pulse is asked for and counts."""
    return any(
        s.number == number and s.status is SessionStatus.HELD for s in state.sessions
    )


def pair_awaits_pulse(state: PairState, session: int) -> bool:
    """Whether a pulse changes anything for the pair: only those after its last session do."""
    return state.stage is Stage.FEEDBACK or session >= state.last


def pulse_received(step: Step, event: PulseReceived) -> None:
    """Note that a pulse arrived; its score and words stay in PostgreSQL, and no ledger tells when."""
    state = step.state
    if (event.session, event.pulse) in state.pulses:
        return step.ignore("already_known")
    if not any(s.number == event.session and s.start for s in state.sessions):
        return step.ignore("another_session")
    if not pulse_due(state, event.session):
        return step.ignore("not_held")
    step.set(pulses=(*state.pulses, (event.session, event.pulse)))
    if state.stage is Stage.FEEDBACK and has_both_pulses(step, state.sessions[-1]):
        closing.completed(step)
    return None


def pulses_over(step: Step) -> None:
    """Complete the pair without the missing pulses; both are thanked."""
    step.add_line("feedback_over")
    closing.completed(step)
