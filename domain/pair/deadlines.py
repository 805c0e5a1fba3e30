"""What happens when a deadline passes."""

from collections.abc import Callable
from datetime import datetime

from domain.pair import (
    closing,
    feedback,
    guard,
    held,
    matching,
    searching,
    sessions,
    supervision,
    training,
)
from domain.pair.step import Step
from domain.spreading import place_in
from schemas.events import DeadlinePassed
from schemas.pair import PairState
from schemas.stages import Awaited


def _wave_over(step: Step) -> None:
    """End a pair that takes more than twice its planned time, with that as the reason."""
    closing.ended(step, "out_of_time")


def _week_without_call(step: Step) -> None:
    """Propose times by mail again, since a week is over without a call about them."""
    searching.look_again(step)


DEADLINES: dict[Awaited, Callable[[Step], None]] = {
    Awaited.TRAINING_REMINDER: training.reminder_due,
    Awaited.TRAINING_DUE: training.training_due,
    Awaited.TRAINING_GRACE: training.grace_over,
    Awaited.SEARCH_DUE: matching.search_over,
    Awaited.AGREE_REMINDER: matching.reminder_due,
    Awaited.AGREE_DUE: matching.agreement_due,
    Awaited.FIND_AGAIN: searching.look_again,
    Awaited.CALL_ABOUT_TIMES: _week_without_call,
    Awaited.ANSWER_DUE: sessions.remind_to_answer,
    Awaited.ASK_MENTOR: sessions.ask_mentor,
    Awaited.PROPOSAL_LAPSES: sessions.proposal_lapsed,
    Awaited.HELD_REMINDER: held.remind,
    Awaited.HELD_ESCALATES: held.escalate,
    Awaited.HELD_LAPSES: held.lapse,
    Awaited.IDLE: supervision.at_risk_unbooked,
    Awaited.CONCERN_DUE: supervision.concern_due,
    Awaited.DECISION_REMINDER: guard.reminder_due,
    Awaited.DECISION_DUE: guard.decision_due,
    Awaited.WAVE_ENDS: _wave_over,
    Awaited.FEEDBACK_DUE: feedback.pulses_over,
}


AT_ONCE = frozenset({Awaited.CONCERN_DUE})
"""Deadlines that are not spread: somebody waits for a call."""


def next_wake(state: PairState) -> tuple[str, datetime] | None:
    """The deadline for which a pair wakes next, and when; never before the deadline.

    Those of many pairs that pass in one moment are spread over the time after it. None
    while paused or when nothing is awaited.
    """
    if state.paused or not state.deadlines:
        return None
    own = place_in(state.calendar.spread, state.pair.workflow_id)
    wakes = {k: at if k in AT_ONCE else at + own for k, at in state.deadlines.items()}
    return min(wakes.items(), key=lambda wake: wake[1])


def passed(step: Step, event: DeadlinePassed) -> None:
    if (
        step.state.paused
        or step.state.deadlines.get(event.deadline) != event.at
        or step.now < event.at
    ):
        return step.ignore("stale")
    kind = Awaited(event.deadline)
    step.drop_deadlines(kind)
    return DEADLINES[kind](step)
