"""Pause and resume.

In a pause only calls for help are sent; other notices wait for its end, and deadlines
move by its length, so that they do not all fall due at once.
"""

from datetime import datetime

from domain.pair import closing, searching, supervision
from domain.pair.step import BOTH, Step
from schemas.notices import Notice, Recipient, Template
from schemas.pair_updates import PausePair, ResumePair
from schemas.stages import Awaited, Stage

PLANNING_DEADLINES = (
    *searching.ANSWER_DEADLINES,
    *searching.AGREED_DEADLINES,
    *searching.SEARCH_DEADLINES,
)

SCOPE_PAUSED = "scope_paused"
"""Reason on the ledger where a programme, a region, a cohort or a person is paused."""


def paused(step: Step, event: PausePair) -> None:
    """Add a pause of one scope; the first one stops the pair.

    A future session is withdrawn. After a session whose time has passed, the mentor is
    still asked whether it was held.
    """
    state = step.state
    if event.scope in state.paused_by:
        return step.ignore("already_known")
    reason = SCOPE_PAUSED if event.scope == "directive" else event.reason
    step.add_line("paused", reason=reason)
    if not state.paused:
        if state.current and not state.current.begun(step.now):
            closing.withdraw(step)
            step.drop_deadlines(*PLANNING_DEADLINES)
        step.set(paused_at=step.now)
        step.notice(Template.PAIR_PAUSED, *_recipients(step))
        if Awaited.CONCERN_DUE in state.deadlines:
            supervision.notify_ops_of_call(step)
    return step.set(paused_by=(*state.paused_by, event.scope))


def resumed(step: Step, event: ResumePair) -> None:
    """End the pause of one scope; the pair goes on when no scope is paused any more.

    Deadlines move by the length of the pause and over closed periods; notices that
    waited are sent if they are still of use.
    """
    state = step.state
    if event.scope not in state.paused_by:
        return step.ignore("already_known")
    step.add_line("resumed")
    left = tuple(s for s in state.paused_by if s != event.scope)
    step.set(paused_by=left)
    if left or state.paused_at is None:
        return None
    length, waiting = step.now - state.paused_at, state.notices_awaiting_resume
    moved = {
        k: state.calendar.skip_closed(at + length) for k, at in state.deadlines.items()
    }
    step.set(paused_at=None, notices_awaiting_resume=(), deadlines=moved)
    step.notice(Template.PAIR_RESUMED, *_recipients(step))
    step.notices += [
        n
        for n in (_with_moved_deadline(n, moved) for n in waiting)
        if n.useful_until is None or n.useful_until > step.now
    ]
    if state.stage is Stage.SESSIONS:
        searching.plan(step)
    return None


def _with_moved_deadline(notice: Notice, deadlines: dict[str, datetime]) -> Notice:
    """Returns the notice; a match announcement gets the moved deadline for answers."""
    due = deadlines.get(Awaited.AGREE_DUE)
    asks = notice.template is Template.MATCH_ANNOUNCED and due is not None
    return notice.having(useful_until=due) if asks else notice


def _recipients(step: Step) -> tuple[Recipient, ...]:
    return (
        BOTH
        if step.state.stage in (Stage.SESSIONS, Stage.FEEDBACK)
        else (Recipient.MENTOR,)
    )
