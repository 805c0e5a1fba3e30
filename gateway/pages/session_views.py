"""What the pages of a session show: its invitation, whether it was held, its pulse."""

from datetime import datetime

from domain.pair.questions import QuestionState, session_of
from domain.pair.sessions import HALF_HOUR
from gateway.pages.visit import PageContext, Visit
from gateway.texts import times
from schemas.pair import PairState, Session


def invitation(at: Visit, state: PairState) -> PageContext:
    session = state.current
    # The question is open only about a proposed or agreed time.
    assert session is not None and session.start is not None
    mentor = at.link.role == "mentor"
    return {
        "agreed": at.question_state is QuestionState.AGREED,
        "mentor_waits": mentor and not session.mentor_asked,
        "for_both": mentor and session.mentor_asked,
        "when": _when(at, session.start, session.minutes),
        "sequence": session.sequence,
        "asked": session.status.value,
        "minutes": session.minutes,
        "half": _half_hour(at, state, session, session.start),
        "others": [
            (_when(at, other, session.minutes), other.isoformat())
            for other in session.alternatives
            if other > at.now
        ],
    }


def _half_hour(
    at: Visit, state: PairState, session: Session, start: datetime
) -> str | None:
    if not state.policy.sessions.half_hour or session.minutes <= HALF_HOUR:
        return None
    return times.start_and_end(start, HALF_HOUR, at.person.zone, at.person.locale)


def held(at: Visit, state: PairState) -> PageContext:
    session = session_of(at.link, state)
    # The question is open only about a session that has a time.
    assert session is not None and session.start is not None
    return {"when": _when(at, session.start, session.minutes)}


def pulse(at: Visit, state: PairState, readers: tuple[str, ...]) -> PageContext:
    """`readers`: names of those who read comments; without any, none is asked for."""
    return {
        "number": at.link.session,
        "final": at.link.session == state.last,
        "readers": ", ".join(readers),
    }


def _when(at: Visit, start: datetime, minutes: int) -> str:
    return times.span(start, minutes, at.person.zone, at.person.locale)
