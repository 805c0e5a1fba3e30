"""Where a question stands now. Pure: link and state in, one word out.

A link closes with its question. Somebody who comes late is told kindly what became of it and what is open instead.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from schemas.events import Side
from schemas.links import Link, Question
from schemas.pair import PairState, Session
from schemas.stages import Outcome, SessionStatus, Stage


class QuestionState(StrEnum):
    """Only OPEN and AGREED show the question; every other one has a kind sentence instead."""

    OPEN = "open"
    AGREED = "agreed"
    """An appointment stands, and may still be given up."""
    DONE = "done"
    """Answered already."""
    NEWER = "newer"
    """A newer invitation or request replaced it."""
    LOOKING = "looking"
    """Another time is being looked for."""
    OVER = "over"
    """The time for it has passed."""
    EARLY = "early"
    """Not before its time."""
    PARTED = "parted"
    """The two are no longer matched."""
    CLOSED = "closed"
    """The pair is closed."""


def side_of(link: Link) -> Side:
    """On whose behalf; a delegate speaks for the mentee."""
    return Side.MENTOR if link.role == "mentor" else Side.MENTEE


def question_state(link: Link, state: PairState, now: datetime) -> QuestionState:
    """`now` is programme time."""
    if state.stage is Stage.CLOSED and not (
        link.question is Question.NEXT and state.outcome is Outcome.COMPLETED
    ):
        return QuestionState.CLOSED
    if _parted(link, state):
        return QuestionState.PARTED
    return _RULES[link.question](link, state, now)


def _parted(link: Link, state: PairState) -> bool:
    """A mentee's link (or their delegate's) lives with the match. AGREE names its match for the mentor too."""
    mentee = state.match.mentee if state.match else None
    if link.question is Question.AGREE:
        return link.mentee is not None and link.mentee != mentee
    return link.role == "mentee" and link.person != mentee


def _volunteer(link: Link, state: PairState, now: datetime) -> QuestionState:
    return (
        QuestionState.DONE
        if state.gate.volunteered or state.stage is not Stage.TRAINING
        else QuestionState.OPEN
    )


def _charter(link: Link, state: PairState, now: datetime) -> QuestionState:
    signed = (
        state.gate.charter
        if link.role == "mentor"
        else bool(state.match and state.match.mentee_charter)
    )
    return QuestionState.DONE if signed else QuestionState.OPEN


def _sign_off(link: Link, state: PairState, now: datetime) -> QuestionState:
    return (
        QuestionState.DONE
        if state.gate.signed_off or state.stage is not Stage.TRAINING
        else QuestionState.OPEN
    )


def _agree(link: Link, state: PairState, now: datetime) -> QuestionState:
    if state.match is None:
        return QuestionState.PARTED
    mentee_said = state.match.mentee_agreed and state.match.mentee_charter
    said = state.match.mentor_agreed if link.role == "mentor" else mentee_said
    return (
        QuestionState.DONE
        if said or state.stage is not Stage.MATCHING
        else QuestionState.OPEN
    )


def _answer(link: Link, state: PairState, now: datetime) -> QuestionState:
    """A link from an older invite shows the newest time; the form says which one it is about."""
    session = state.current
    if session is None or (link.session, link.attempt) != (
        session.number,
        session.attempt,
    ):
        newer = session is not None and session.status is SessionStatus.PROPOSED
        return QuestionState.NEWER if newer else QuestionState.OVER
    match session.status:
        case SessionStatus.FINDING:
            return QuestionState.LOOKING
        case SessionStatus.PROPOSED:
            return QuestionState.OPEN
        case SessionStatus.AGREED if session.start is not None and now < session.start:
            return QuestionState.AGREED
        case _:
            return QuestionState.OVER


def _held(link: Link, state: PairState, now: datetime) -> QuestionState:
    session = session_of(link, state)
    if (
        session is None
        or session.status in (SessionStatus.WITHDRAWN, SessionStatus.FINDING)
        or session.start is None
    ):
        return QuestionState.OVER
    if session.status in (SessionStatus.HELD, SessionStatus.MISSED):
        return QuestionState.DONE
    return QuestionState.EARLY if now < session.start else QuestionState.OPEN


def _pulse(link: Link, state: PairState, now: datetime) -> QuestionState:
    if (link.session, side_of(link)) in state.pulses:
        return QuestionState.DONE
    held = any(
        s.number == link.session and s.status is SessionStatus.HELD
        for s in state.sessions
    )
    return QuestionState.OPEN if held else QuestionState.EARLY


def _check_in(link: Link, state: PairState, now: datetime) -> QuestionState:
    if link.check <= state.checked:
        return QuestionState.DONE
    return (
        QuestionState.NEWER
        if link.check < state.checks and state.concern_open
        else QuestionState.OPEN
    )


def _keep_or_part(link: Link, state: PairState, now: datetime) -> QuestionState:
    """Somebody decided, the time for it is over, or they were parted otherwise: there is nothing more to decide."""
    theirs = state.match is not None and link.mentee in (None, state.match.mentee)
    return QuestionState.OPEN if theirs and state.frozen else QuestionState.DONE


def _always(link: Link, state: PairState, now: datetime) -> QuestionState:
    return QuestionState.OPEN


_RULES: dict[Question, Callable[[Link, PairState, datetime], QuestionState]] = {
    Question.VOLUNTEER: _volunteer,
    Question.WINDOWS: _always,
    Question.MODULES: _always,
    Question.CHARTER: _charter,
    Question.SIGN_OFF: _sign_off,
    Question.AGREE: _agree,
    Question.ANSWER: _answer,
    Question.HELD: _held,
    Question.PULSE: _pulse,
    Question.CHECK_IN: _check_in,
    Question.KEEP_OR_PART: _keep_or_part,
    Question.HELP: _always,
    Question.NEXT: _always,
}


def session_of(link: Link, state: PairState) -> Session | None:
    """The session that a link is about."""
    wanted = (link.session, link.attempt)
    return next((s for s in state.sessions if (s.number, s.attempt) == wanted), None)
