"""Sessions: find a time in both agendas, propose it, take the answer, remind.

Declining a proposed time is free; only cancelling an agreed one counts. Whoever does not
answer is reminded, then the mentor is asked; silence never counts against anybody.
"""

from datetime import datetime, timedelta

from domain.pair import supervision
from domain.pair.step import AGENDAS, BOTH, Step
from schemas.events import InvitationAnswer, InvitationAnswered, Side, SlotsFound
from schemas.notices import Recipient, Template
from schemas.pair import PairState, Session
from schemas.pair_updates import RescheduleSession
from schemas.stages import Awaited, SessionStatus

ANSWER_DEADLINES = (Awaited.ANSWER_DUE, Awaited.ASK_MENTOR, Awaited.PROPOSAL_LAPSES)
AGREED_DEADLINES = (Awaited.HELD_REMINDER,)
LOOK_AGAIN = timedelta(days=3)
HALF_HOUR = 30
REMIND_AFTER = timedelta(days=2)
"""Open days after a session before the mentor is reminded to say whether it was held."""


def plan(step: Step) -> None:
    """Look for a time for the next session, unless one is live, or the pair is paused or frozen."""
    state = step.state
    if state.paused or state.frozen or state.current or state.match is None:
        return
    number = state.first + state.held_here
    attempt = 1 + len([s for s in state.sessions if s.number == number])
    session = Session(
        number=number,
        attempt=attempt,
        status=SessionStatus.FINDING,
        minutes=int(state.policy.sessions.length.total_seconds() // 60),
    )
    step.add_line("looking", session=session)
    _find(step, step.put_session(session))


def _find(step: Step, session: Session) -> None:
    """Ask for times that leave both the policy's notice.

    It counts from the next open hour, or a long weekend would take up all of it.
    """
    rules = step.state.policy.sessions
    earliest = max(
        step.state.calendar.next_open(step.now) + rules.notice,
        _earliest_by_rhythm(step.state),
    )
    earliest = step.state.calendar.skip_closed(earliest)
    wider = 1 + session.searches + len(session.refused) // 4
    step.find(session, earliest, earliest + wider * rules.window)
    if Awaited.IDLE not in step.state.deadlines and not step.state.idle:
        step.deadline(Awaited.IDLE, step.now + step.state.policy.supervision.idle_after)


def _earliest_by_rhythm(state: PairState) -> datetime:
    """The earliest time by the rhythm: `every` after this match's last session began."""
    starts = [
        s.start
        for s in state.sessions
        if s.number >= state.first and s.status is SessionStatus.HELD and s.start
    ]
    return max(starts) + state.policy.sessions.every if starts else state.now


def slots_found(step: Step, event: SlotsFound) -> None:
    asked, session = step.state.finding, step.state.current
    if asked is None or session is None or asked.revision != event.revision:
        return step.ignore("stale")
    step.set(finding=None)
    starts = tuple(s for s in event.starts if s > step.now and s not in session.refused)
    if not starts:
        return _none_found(step, session)
    return _propose(step, session, starts)


def _none_found(step: Step, session: Session) -> None:
    session = step.put_session(session, searches=session.searches + 1)
    step.add_line("no_common_time", session=session)
    step.deadline(Awaited.FIND_AGAIN, step.in_open_days(LOOK_AGAIN), person=True)
    if session.searches == 1:
        step.notice(Template.NO_COMMON_TIME, *AGENDAS, session=session)


def look_again(step: Step) -> None:
    """Look at the agendas again, further ahead, since no time suited both."""
    session = step.live_session()
    step.drop_deadlines(Awaited.FIND_AGAIN)
    step.add_line("looking", session=session)
    _find(step, session)


def _propose(step: Step, session: Session, starts: tuple[datetime, ...]) -> None:
    session = step.put_session(
        session,
        status=SessionStatus.PROPOSED,
        sequence=session.sequence + 1,
        start=starts[0],
        alternatives=starts[1:],
        mentor_asked=False,
    )
    step.add_line("proposed", session=session)
    step.notice(
        Template.SESSION_PROPOSED,
        *AGENDAS,
        session=session,
        invite=True,
        useful_until=starts[0],
    )
    step.deadline(
        Awaited.ANSWER_DUE,
        step.in_open_days(step.state.policy.sessions.answer_within),
        person=True,
    )
    step.deadline(Awaited.PROPOSAL_LAPSES, starts[0])


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
    _another_time(step, "unanswered")


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
            return _another_time(step, "declined")
        case InvitationAnswer.ANOTHER_TIME if event.start is None:
            return _another_time(step, "declined")
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
    _another_time(step, "cancelled")
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
    step.drop_deadlines(*ANSWER_DEADLINES, Awaited.IDLE)
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


def _another_time(step: Step, why: str) -> None:
    """Look for another time; the invite stays in calendars until the next replaces it."""
    session = step.live_session()
    assert session.start is not None  # an invite was declined or lapsed
    tried = (*session.refused, session.start, *session.alternatives)
    session = step.put_session(
        session, status=SessionStatus.FINDING, refused=tried[-40:], alternatives=()
    )
    step.add_line("another_time", reason=why, session=session)
    step.drop_deadlines(*ANSWER_DEADLINES, *AGREED_DEADLINES)
    _find(step, session)


def movable_session(state: PairState, now: datetime) -> Session | None:
    """The session that is proposed or agreed and has not begun, if any."""
    session = state.current
    asked = (SessionStatus.PROPOSED, SessionStatus.AGREED)
    movable = session and session.status in asked and not session.begun(now)
    return session if movable else None


def rescheduled(step: Step, event: RescheduleSession) -> None:
    """Look for another time as ops ask; it counts against nobody."""
    session = step.state.current
    if session is None or session.number != event.session:
        return step.ignore("another_session")
    if movable_session(step.state, step.now) is None:
        return step.ignore("no_longer_asked")
    return _another_time(step, "rescheduled")
