"""How a pair closes: invites withdrawn, deadlines dropped, and it stays closed."""

from domain.pair.step import AGENDAS, BOTH, Step
from schemas.notices import Notice, Recipient, Template
from schemas.stages import Outcome, SessionStatus, Stage

OF_A_FREEZE = (
    Template.PLANNED_AGAIN,
    Template.KEEP_OR_PART,
    Template.DECISION_REMINDER,
)
_OF_A_MATCH = (Template.MATCH_ANNOUNCED, Template.AGREEMENT_REMINDER, *OF_A_FREEZE)


def close(step: Step, outcome: Outcome, reason: str | None = None) -> None:
    withdraw(step)
    step.set(
        stage=Stage.CLOSED,
        outcome=outcome,
        reason=reason,
        deadlines={},
        finding=None,
        paused_by=(),
        paused_at=None,
        parked=(),
    )
    step.line("closed", reason=reason or outcome.value)


def withdraw(step: Step) -> None:
    """End the live session; whoever has an invite for it gets a cancellation. One that is over needs none."""
    session = step.state.current
    step.set(finding=None)
    if session is None:
        return
    invited = session.sequence >= 0 and not session.begun(step.now)
    sequence = session.sequence + 1 if invited else session.sequence
    session = step.session(session, status=SessionStatus.WITHDRAWN, sequence=sequence)
    step.line("withdrawn", session=session)
    if invited:
        step.notice(Template.SESSION_CANCELLED, *AGENDAS, session=session, invite=True)


def completed(step: Step) -> None:
    step.line("completed")
    step.notice(Template.CERTIFICATE, Recipient.MENTOR)
    step.notice(Template.THANKS, Recipient.MENTEE)
    step.notice(Template.WORD_TO_MANAGER, Recipient.MANAGER)
    close(step, Outcome.COMPLETED)


def ended(step: Step, reason: str) -> None:
    """Ops, or a cancellation of the workflow, end the pair."""
    step.line("ended", reason=reason)
    to = BOTH if step.state.match else (Recipient.MENTOR,)
    close(step, Outcome.ENDED_EARLY, reason)
    step.notice(Template.PAIR_ENDED, *to)


def mentor_left(step: Step) -> None:
    step.line("person_left", reason="mentor")
    matched = step.state.match is not None
    close(step, Outcome.LEFT, "mentor_left")
    if matched:
        step.notice(Template.PARTNER_CHANGED, Recipient.MENTEE)


def is_about_match(notice: Notice) -> bool:
    """Whether a parked notice loses its sense when the two part."""
    return notice.session is not None or notice.template in _OF_A_MATCH
