"""How a pair closes: its invites are withdrawn and its deadlines dropped, for good."""

from domain.pair import supervision
from domain.pair.step import AGENDAS, BOTH, Step
from schemas.notices import Notice, Recipient, Template
from schemas.stages import Outcome, SessionStatus, Stage

FREEZE_NOTICES = (
    Template.PLANNED_AGAIN,
    Template.KEEP_OR_PART,
    Template.DECISION_REMINDER,
)
_MATCH_NOTICES = (
    Template.MATCH_ANNOUNCED,
    Template.AGREEMENT_REMINDER,
    *FREEZE_NOTICES,
)


def close(step: Step, outcome: Outcome, reason: str | None = None) -> None:
    withdraw(step)
    supervision.pass_on_call(step)
    step.set(
        stage=Stage.CLOSED,
        outcome=outcome,
        reason=reason,
        deadlines={},
        finding=None,
        paused_by=(),
        paused_at=None,
        notices_awaiting_resume=(),
    )
    step.add_line("closed", reason=reason or outcome.value)


def withdraw(step: Step) -> None:
    """End the live session, and cancel its invite in calendars unless its time has come."""
    session = step.state.current
    step.set(finding=None)
    if session is None:
        return
    invited = (
        session.sequence >= 0
        and not session.invite_withdrawn
        and not session.begun(step.now)
    )
    sequence = session.sequence + 1 if invited else session.sequence
    session = step.put_session(
        session, status=SessionStatus.WITHDRAWN, sequence=sequence
    )
    step.add_line("withdrawn", session=session)
    if invited:
        step.notice(Template.SESSION_CANCELLED, *AGENDAS, session=session, invite=True)


def completed(step: Step) -> None:
    step.add_line("completed")
    step.notice(Template.CERTIFICATE, Recipient.MENTOR)
    step.notice(Template.THANKS, Recipient.MENTEE)
    step.notice(Template.WORD_TO_MANAGER, Recipient.MANAGER)
    close(step, Outcome.COMPLETED)


def ended(step: Step, reason: str) -> None:
    """End the pair early, as ops ask or a cancellation of its workflow does."""
    step.add_line("ended", reason=reason)
    to = BOTH if step.state.match else (Recipient.MENTOR,)
    close(step, Outcome.ENDED_EARLY, reason)
    step.notice(Template.PAIR_ENDED, *to)


def mentor_left(step: Step) -> None:
    step.add_line("person_left", reason="mentor")
    matched = step.state.match is not None
    close(step, Outcome.LEFT, "mentor_left")
    if matched:
        step.notice(Template.PARTNER_CHANGED, Recipient.MENTEE)


def is_about_match(notice: Notice) -> bool:
    """Whether a notice that waits for the end of a pause is useless once the two part."""
    return notice.session is not None or notice.template in _MATCH_NOTICES
