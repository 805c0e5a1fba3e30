"""Searches for a time that suits both, and proposes it.

Somebody who declines time after time is called instead of asked again: a proposal is
three mails, and a week holds only so many of them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from domain.pair.step import AGENDAS, Step
from schemas.events import SlotsFound
from schemas.notices import Recipient, Template
from schemas.pair import PairState, Session
from schemas.stages import Awaited, SessionStatus

ANSWER_DEADLINES = (Awaited.ANSWER_DUE, Awaited.ASK_MENTOR, Awaited.PROPOSAL_LAPSES)
AGREED_DEADLINES = (Awaited.HELD_REMINDER,)
SEARCH_DEADLINES = (Awaited.FIND_AGAIN, Awaited.CALL_ABOUT_TIMES)
LOOK_AGAIN = timedelta(days=3)
WEEK = timedelta(weeks=1)
MOST_WINDOWS_AHEAD = 12
"""How many of the policy's windows a search may span. Each search that finds nothing
spans one more, and whoever changes their hours starts one: 12 are most of a year."""


class WhyAgain(StrEnum):
    """Why another time is looked for, as on the ledger."""

    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"
    RESCHEDULED = "rescheduled"


COUNTED = (WhyAgain.DECLINED, WhyAgain.CANCELLED)
"""What counts towards the week's declines. Who agrees and cancels writes as many mails."""


def plan(step: Step) -> None:
    """Look for a time for the next session, unless one is live, or the pair is paused or frozen."""
    state = step.state
    if state.paused or state.frozen or state.current or state.match is None:
        return
    number = state.first + state.held_here
    attempt = 1 + len([s for s in state.sessions if s.number == number])
    before = next((s for s in reversed(state.sessions) if s.number == number), None)
    session = Session(
        number=number,
        attempt=attempt,
        status=SessionStatus.FINDING,
        minutes=int(state.policy.sessions.length.total_seconds() // 60),
        refused=_to_come(step, before.refused) if before else (),
        declined=_of_last_week(step, before.declined) if before else (),
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
    wider = min(wider, MOST_WINDOWS_AHEAD)
    step.find(session, earliest, earliest + wider * rules.window)
    _put_idle_deadline(step)


def _put_idle_deadline(step: Step) -> None:
    """From now on something has to be booked, unless that is awaited already."""
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
    """Look at the agendas again: further ahead where no time suited both, or after a call."""
    session = step.live_session()
    if session.awaits_call:
        session = step.put_session(session, declined=(), call_check=0)
    step.drop_deadlines(*SEARCH_DEADLINES)
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
        invite_withdrawn=False,
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


def another_time(step: Step, why: WhyAgain) -> None:
    """Look for another time; the invite stays in calendars until the next replaces it.

    After as many declined or cancelled times as a week may have, somebody calls first.
    """
    session = step.live_session()
    assert session.start is not None  # an invite was declined or lapsed
    tried = (*session.refused, session.start, *session.alternatives)
    declined = _of_last_week(step, session.declined)
    if why in COUNTED:
        declined = (*declined, step.now)
    session = step.put_session(
        session,
        status=SessionStatus.FINDING,
        refused=_to_come(step, tried),
        alternatives=(),
        declined=declined,
        call_check=0,
    )
    step.add_line("another_time", reason=why, session=session)
    step.drop_deadlines(*ANSWER_DEADLINES, *AGREED_DEADLINES, *SEARCH_DEADLINES)
    if why in COUNTED and len(declined) >= step.state.policy.sessions.declines_a_week:
        _ask_for_call(step, session)
    else:
        _find(step, session)


def _ask_for_call(step: Step, session: Session) -> None:
    """Propose nothing more by mail, and ask the supervisor to call.

    The last invite leaves calendars, since none replaces it soon.
    """
    step.set(checks=step.state.checks + 1)
    session = step.put_session(
        session,
        sequence=session.sequence + 1,
        invite_withdrawn=True,
        call_check=step.state.checks,
    )
    step.add_line("call_about_times", session=session)
    step.notice(Template.SESSION_CANCELLED, *AGENDAS, session=session, invite=True)
    step.notice(
        Template.CALL_ABOUT_TIMES,
        Recipient.SUPERVISOR,
        session=session,
        check=step.state.checks,
    )
    step.deadline(Awaited.CALL_ABOUT_TIMES, step.now + WEEK, person=True)
    _put_idle_deadline(step)


def call_answered(step: Step, check: int) -> None:
    """Look for a time again, since somebody called about the times; else change nothing."""
    session = step.state.current
    if session and session.awaits_call and check >= session.call_check:
        look_again(step)


def _of_last_week(step: Step, times: Iterable[datetime]) -> tuple[datetime, ...]:
    return tuple(at for at in times if at > step.now - WEEK)


def _to_come(step: Step, times: Iterable[datetime]) -> tuple[datetime, ...]:
    """Those that a search could still find; it finds nothing that is over."""
    return tuple(dict.fromkeys(at for at in times if at > step.now))
