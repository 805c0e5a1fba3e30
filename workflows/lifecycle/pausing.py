"""Pause and resume: nothing is sent meanwhile, nothing is lost, and nothing falls due in a burst afterwards."""

from datetime import datetime

from schemas.events import Paused, Resumed
from schemas.notices import Notice, Recipient, Template
from schemas.stages import Awaited, Stage
from workflows.lifecycle import closing, sessions
from workflows.lifecycle.step import BOTH, Step

OF_A_PROPOSAL = (*sessions.ASKING, *sessions.COMING, Awaited.FIND_AGAIN)


def paused(step: Step, event: Paused) -> None:
    """A session to come is withdrawn; one whose time has passed keeps its question."""
    state = step.state
    if event.scope in state.paused_by:
        return step.ignore("already_known")
    step.line("paused", reason=event.reason)
    if not state.paused:
        if state.current and not state.current.begun(step.now):
            closing.withdraw(step)
            step.drop(*OF_A_PROPOSAL)
        step.set(paused_at=step.now)
        step.notice(Template.PAIR_PAUSED, *_whom(step))
    return step.set(paused_by=(*state.paused_by, event.scope))


def resumed(step: Step, event: Resumed) -> None:
    """Deadlines move by the length of the pause; parked notices go out if they are still of use."""
    state = step.state
    if event.scope not in state.paused_by:
        return step.ignore("already_known")
    step.line("resumed")
    left = tuple(s for s in state.paused_by if s != event.scope)
    step.set(paused_by=left)
    if left or state.paused_at is None:
        return None
    away, parked = step.now - state.paused_at, state.parked
    step.set(paused_at=None, parked=(), deadlines={k: at + away for k, at in state.deadlines.items()})
    step.notice(Template.PAIR_RESUMED, *_whom(step))
    step.notices += [n for n in parked if _of_use(n, step.now)]
    if state.stage is Stage.SESSIONS:
        sessions.plan(step)
    return None


def _of_use(notice: Notice, now: datetime) -> bool:
    return notice.useful_until is None or notice.useful_until > now


def _whom(step: Step) -> tuple[Recipient, ...]:
    return BOTH if step.state.stage in (Stage.SESSIONS, Stage.FEEDBACK) else (Recipient.MENTOR,)
