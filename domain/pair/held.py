"""The report whether a session was held. The mentor makes it, and silence is no fault."""

from datetime import timedelta

from domain.pair import closing, feedback, searching, sessions, supervision
from domain.pair.step import BOTH, Step
from schemas.events import Held
from schemas.notices import Recipient, Template
from schemas.pair import Session
from schemas.stages import Awaited, SessionStatus, Stage

HELD_DEADLINES = (Awaited.HELD_REMINDER, Awaited.HELD_ESCALATES, Awaited.HELD_LAPSES)
LAPSE_AFTER = timedelta(days=7)


def remind(step: Step) -> None:
    """Remind the mentor, who was asked at the session's end and has not reported."""
    session = step.put_session(step.live_session(), status=SessionStatus.OVER)
    step.add_line("over", session=session)
    step.notice(Template.HELD_REMINDER, Recipient.MENTOR, session=session, invite=True)
    step.deadline(
        Awaited.HELD_ESCALATES, step.in_open_days(sessions.REMIND_AFTER), person=True
    )


def escalate(step: Step) -> None:
    """Ask the supervisor to find out, since the mentor did not report."""
    session = step.live_session()
    step.add_line("held_unknown", session=session)
    step.notice(
        Template.HELD_UNKNOWN, Recipient.SUPERVISOR, session=session, invite=True
    )
    step.deadline(Awaited.HELD_LAPSES, step.in_open_days(LAPSE_AFTER), person=True)


def lapse(step: Step) -> None:
    """Plan a make-up, since nobody reported; the session counts as neither held nor missed."""
    session = step.put_session(step.live_session(), status=SessionStatus.UNKNOWN)
    step.add_line("unknown", session=session)
    searching.plan(step)


def held(step: Step, event: Held) -> None:
    found = next(
        (
            s
            for s in step.state.sessions
            if (s.number, s.attempt) == (event.session, event.attempt)
        ),
        None,
    )
    if found is None or found.start is None:
        return step.ignore("another_session")
    if found.status in (SessionStatus.HELD, SessionStatus.MISSED):
        same = event.held is (found.status is SessionStatus.HELD)
        return step.ignore("already_known" if same else "first_word_counts")
    if step.now < found.start:
        return step.ignore("not_over_yet")
    if found.status in (
        SessionStatus.AGREED,
        SessionStatus.PROPOSED,
        SessionStatus.OVER,
    ):
        step.drop_deadlines(
            *HELD_DEADLINES, *searching.ANSWER_DEADLINES, *searching.AGREED_DEADLINES
        )
        return _was_held(step, found) if event.held else _was_missed(step, found)
    if not (event.held and _may_still_count(step, found)):
        return step.ignore("no_longer_asked")
    return _held_unexpectedly(step, found)


def _held_unexpectedly(step: Step, session: Session) -> None:
    """Count a session that was given up: unreported, lapsed, or withdrawn by a pause.

    What is planned in its place is dropped.
    """
    if step.state.current is not session:
        closing.withdraw(step)
    step.set(finding=None)
    step.drop_deadlines(
        *searching.ANSWER_DEADLINES,
        *searching.AGREED_DEADLINES,
        *searching.SEARCH_DEADLINES,
    )
    _was_held(step, session)


def _may_still_count(step: Step, session: Session) -> bool:
    """Whether a late report that it was held counts: no session after it has begun."""
    newest = step.state.sessions[-1]
    return (
        step.state.stage is Stage.SESSIONS
        and session.number == newest.number == step.state.first + step.state.held_here
        and not newest.begun(step.now)
    )


def _was_held(step: Step, session: Session) -> None:
    session = step.put_session(session, status=SessionStatus.HELD)
    step.set(held=step.state.held + 1, idle=False)
    step.add_line("held", session=session)
    step.drop_deadlines(Awaited.IDLE)
    done = step.state.held_here
    if done >= step.state.policy.sessions.count:
        return feedback.begin(step, session)
    if done in step.state.policy.pulse_sessions():
        step.notice(Template.PULSE_REQUEST, *BOTH, session=session)
    if done % step.state.policy.supervision.check_in_every == 0:
        supervision.ask_check_in(step)
    return searching.plan(step)


def _was_missed(step: Step, session: Session) -> None:
    session = step.put_session(session, status=SessionStatus.MISSED)
    step.set(strikes=step.state.strikes + 1)
    step.add_line("missed", session=session)
    searching.plan(step)
    supervision.check_risk(step)
