"""Sessions: the answer to a proposed time, what follows from it, and reminders.

Declining a proposed time is free; only cancelling an agreed one counts. Whoever does not
answer is reminded, then the mentor is asked; silence never counts against anybody.
"""

from datetime import datetime, timedelta

from domain.pair import searching, supervision
from domain.pair.step import AGENDAS, BOTH, Step
from schemas.events import InvitationAnswer, InvitationAnswered, Side
from schemas.notices import Recipient, Template
from schemas.pair import PairState, Session
from schemas.pair_updates import RescheduleSession
from schemas.stages import Awaited, SessionStatus

HALF_HOUR = 30
REMIND_AFTER = timedelta(days=2)
"""Open days after a session before the mentor is reminded to say whether it was held."""


def remind_to_answer(step: Step) -> None:
    """Remind mentee and delegate, who have not answered."""
    session = step.live_session()
    assert session.start is not None  # an answer is due only to a live proposal
    step.add_line("reminded", session=session)
    step.notice(
        Template.ANSWER_REMINDER,
        Recipient.MENTEE,
        Recipient.DELEGATE,
        session=session,
        invite=True,
        useful_until=session.start,
    )
    rules = step.state.policy.sessions
    step.deadline(
        Awaited.ASK_MENTOR,
        min(step.in_open_days(rules.answer_within), session.start - rules.reminder),
        person=True,
    )


def ask_mentor(step: Step) -> None:
    """Ask the mentor to contact the mentee; from now on the mentor may answer for both."""
    session = step.put_session(step.live_session(), mentor_asked=True)
    step.add_line("mentor_asked", session=session)
    step.notice(
        Template.MENTEE_SILENT,
        Recipient.MENTOR,
        session=session,
        invite=True,
        useful_until=session.start,
    )


def proposal_lapsed(step: Step) -> None:
    """Look for another time, since nobody answered before the proposed one came."""
    searching.another_time(step, searching.WhyAgain.UNANSWERED)


def answered(step: Step, event: InvitationAnswered) -> None:
    session = step.state.current
    if session is None or (event.session, event.attempt) != (
        session.number,
        session.attempt,
    ):
        return step.ignore("another_session")
    if event.sequence != session.sequence:
        return step.ignore("newer_invite")
    match session.status:
        case SessionStatus.PROPOSED:
            return _answer_to_proposal(step, session, event)
        case SessionStatus.AGREED:
            return _answer_to_agreed(step, session, event)
        case _:
            return step.ignore("no_longer_asked")


def _answer_to_proposal(
    step: Step, session: Session, event: InvitationAnswered
) -> None:
    match event.answer:
        case InvitationAnswer.NO:
            return searching.another_time(step, searching.WhyAgain.DECLINED)
        case InvitationAnswer.ANOTHER_TIME if event.start is None:
            return searching.another_time(step, searching.WhyAgain.DECLINED)
        case InvitationAnswer.ANOTHER_TIME if event.start not in session.alternatives:
            return step.ignore("not_offered")
        case InvitationAnswer.ANOTHER_TIME if event.start and event.start <= step.now:
            return step.ignore("time_has_passed")
        case InvitationAnswer.HALF_HOUR if not step.state.policy.sessions.half_hour:
            return step.ignore("not_offered")
    if event.side is Side.MENTOR and not session.mentor_asked:
        return step.ignore("the_mentee_is_asked")
    match event.answer:
        case InvitationAnswer.ANOTHER_TIME:
            return _agree(step, session, start=event.start)
        case InvitationAnswer.HALF_HOUR:
            return _agree(step, session, minutes=min(HALF_HOUR, session.minutes))
        case _:
            return _agree(step, session)


def _answer_to_agreed(step: Step, session: Session, event: InvitationAnswered) -> None:
    if event.answer is InvitationAnswer.YES:
        return step.ignore("already_known")
    if event.answer is InvitationAnswer.HALF_HOUR:
        return step.ignore("already_agreed")
    if session.begun(step.now):
        return step.ignore("no_longer_asked")
    step.set(strikes=step.state.strikes + 1)
    step.add_line("cancelled", reason=event.side, session=session)
    searching.another_time(step, searching.WhyAgain.CANCELLED)
    return supervision.check_risk(step)


def _agree(step: Step, session: Session, **changes: object) -> None:
    """Agree on the time; a change of time or length makes a newer invite of it."""
    moved = any(getattr(session, k) != v for k, v in changes.items())
    session = step.put_session(
        session,
        status=SessionStatus.AGREED,
        sequence=session.sequence + (1 if moved else 0),
        alternatives=(),
        **changes,
    )
    assert session.start is not None  # it was proposed with a start
    step.add_line("agreed_time", session=session)
    step.drop_deadlines(*searching.ANSWER_DEADLINES, Awaited.IDLE)
    step.set(idle=False)
    end = session.start + timedelta(minutes=session.minutes)
    _notify_of_agreed(step, session, session.start, end, moved=moved)
    step.deadline(
        Awaited.HELD_REMINDER,
        max(
            step.state.calendar.add_open(end, REMIND_AFTER),
            end + step.state.minimum_answer_time,
        ),
    )


def _notify_of_agreed(
    step: Step, session: Session, start: datetime, end: datetime, *, moved: bool
) -> None:
    """The invite, the reminder before the session, and the question after it."""
    template = Template.SESSION_MOVED if moved else Template.SESSION_AGREED
    step.notice(template, *AGENDAS, session=session, invite=True, useful_until=start)
    # A mail due on Sunday would leave on Monday, perhaps when they have met.
    reminder = step.state.calendar.last_workday(
        start - step.state.policy.sessions.reminder
    )
    if reminder > step.now:
        step.notice(
            Template.SESSION_REMINDER,
            *BOTH,
            session=session,
            invite=True,
            not_before=reminder,
            useful_until=start,
        )
    step.notice(
        Template.ASK_HELD,
        Recipient.MENTOR,
        session=session,
        invite=True,
        not_before=end,
    )


def movable_session(state: PairState, now: datetime) -> Session | None:
    """The session that is proposed or agreed and has not begun, or waits for a call, if any."""
    session = state.current
    if session is None or session.begun(now):
        return None
    asked = session.status in (SessionStatus.PROPOSED, SessionStatus.AGREED)
    return session if asked or session.awaits_call else None


def rescheduled(step: Step, event: RescheduleSession) -> None:
    """Look for another time as ops ask; it counts against nobody."""
    session = step.state.current
    if session is None or session.number != event.session:
        return step.ignore("another_session")
    if movable_session(step.state, step.now) is None:
        return step.ignore("no_longer_asked")
    return searching.another_time(step, searching.WhyAgain.RESCHEDULED)
