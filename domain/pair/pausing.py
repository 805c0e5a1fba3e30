"""Pause and resume: only a call for help is sent meanwhile, nothing is lost, and nothing falls due in a burst."""

from datetime import datetime

from domain.pair import closing, sessions, supervision
from domain.pair.step import BOTH, Step
from schemas.notices import Notice, Recipient, Template
from schemas.pair_updates import Paused, Resumed
from schemas.stages import Awaited, Stage

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
        if Awaited.CONCERN_DUE in state.deadlines:
            supervision.concern_in_pause(step)
    return step.set(paused_by=(*state.paused_by, event.scope))


def resumed(step: Step, event: Resumed) -> None:
    """Deadlines move by the length of the pause and over closed periods; parked notices still of use go out."""
    state = step.state
    if event.scope not in state.paused_by:
        return step.ignore("already_known")
    step.line("resumed")
    left = tuple(s for s in state.paused_by if s != event.scope)
    step.set(paused_by=left)
    if left or state.paused_at is None:
        return None
    away, parked = step.now - state.paused_at, state.parked
    moved = {
        k: state.calendar.skip_closed(at + away) for k, at in state.deadlines.items()
    }
    step.set(paused_at=None, parked=(), deadlines=moved)
    step.notice(Template.PAIR_RESUMED, *_whom(step))
    step.notices += [
        n for n in (_dated_anew(n, moved) for n in parked) if _of_use(n, step.now)
    ]
    if state.stage is Stage.SESSIONS:
        sessions.plan(step)
    return None


def _dated_anew(notice: Notice, deadlines: dict[str, datetime]) -> Notice:
    """A match that was made in the pause is to be answered after it."""
    due = deadlines.get(Awaited.AGREE_DUE)
    asks = notice.template is Template.MATCH_ANNOUNCED and due is not None
    return notice.having(useful_until=due) if asks else notice


def _of_use(notice: Notice, now: datetime) -> bool:
    return notice.useful_until is None or notice.useful_until > now


def _whom(step: Step) -> tuple[Recipient, ...]:
    return (
        BOTH
        if step.state.stage in (Stage.SESSIONS, Stage.FEEDBACK)
        else (Recipient.MENTOR,)
    )
