"""Feedback: the last pulses of both, then thanks to the mentor, and the pair closes."""

from domain.pair import closing
from domain.pair.step import BOTH, Step
from schemas.events import PulseReceived, Side
from schemas.notices import Recipient, Template
from schemas.pair import PairState, Session
from schemas.policy import Feedback
from schemas.stages import Awaited, SessionStatus, Stage

SIDES = tuple((to, Side(to)) for to in BOTH)


def begin(step: Step, session: Session) -> None:
    step.set(stage=Stage.FEEDBACK)
    step.drop_deadlines(
        Awaited.WAVE_ENDS, Awaited.IDLE, Awaited.DECISION_REMINDER, Awaited.DECISION_DUE
    )
    step.add_line("feedback_begins")
    to = without_pulse(step, session)
    if not to:
        return closing.completed(step)
    step.notice(Template.FINAL_PULSE, *to, session=session)
    return step.deadline(
        Awaited.FEEDBACK_DUE,
        step.in_open_days(step.state.policy.feedback.answer_within),
        person=True,
    )


def without_pulse(step: Step, session: Session) -> tuple[Recipient, ...]:
    """Returns those of the two whose pulse after this session has not arrived.

    A pulse may arrive before the report that the session was held.
    """
    return tuple(
        [to for to, side in SIDES if (session.number, side) not in step.state.pulses]
    )


def pulse_due(state: PairState, number: int | None) -> bool:
    """Whether a session was held, so that its pulse is asked for.

    An earlier pulse is accepted: it may arrive before the report of the session.
    """
    return any(
        s.number == number and s.status is SessionStatus.HELD for s in state.sessions
    )


def raises_concern(rules: Feedback, score: int, *, wants_help: bool) -> bool:
    """Whether a pulse asks somebody to call the mentor."""
    return wants_help or score <= rules.low_score


def pulse_received(step: Step, event: PulseReceived) -> None:
    """Note that a pulse arrived; its score and words stay in PostgreSQL."""
    state = step.state
    if (event.session, event.side) in state.pulses:
        return step.ignore("already_known")
    if not any(s.number == event.session and s.start for s in state.sessions):
        return step.ignore("another_session")
    step.set(pulses=(*state.pulses, (event.session, event.side)))
    step.add_line("pulse_received", reason=event.side)
    if state.stage is Stage.FEEDBACK and not without_pulse(step, state.sessions[-1]):
        closing.completed(step)
    return None


def pulses_over(step: Step) -> None:
    """Complete the pair without the missing pulses; both are thanked."""
    step.add_line("feedback_over")
    closing.completed(step)
