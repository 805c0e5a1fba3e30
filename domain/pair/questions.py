"""What a link still asks: a question is open while the lifecycle accepts its answer.

A link closes with its question; its page then shows why, and what is open instead.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from domain.pair.feedback import pulse_due
from domain.pair.refusals import why_ignored
from domain.pair.training import awaits_sign_off
from schemas.events import (
    CharterSigned,
    CheckedIn,
    Event,
    Held,
    InvitationAnswer,
    InvitationAnswered,
    MatchAgreed,
    PulseReceived,
    Side,
    Volunteered,
)
from schemas.guard import KeptTogether
from schemas.links import Link, Question
from schemas.pair import PairState, Session
from schemas.records.reasons import KeepReason
from schemas.stages import Outcome, SessionStatus, Stage


class QuestionState(StrEnum):
    """What a page shows: the question for OPEN and AGREED, else why it is not asked."""

    OPEN = "open"
    AGREED = "agreed"
    """A time is agreed, and may still be given up."""
    DONE = "done"
    """Somebody has answered it."""
    NEWER = "newer"
    """A newer invitation or request replaced it."""
    LOOKING = "looking"
    """Another time is being looked for."""
    CALLED = "called"
    """No time is proposed by mail until somebody called."""
    OVER = "over"
    """The time for it has passed."""
    EARLY = "early"
    """It cannot be answered yet."""
    PARTED = "parted"
    """The two are no longer matched."""
    CLOSED = "closed"
    """The pair is closed."""
    NOT_BEGUN = "not_yet"
    """The pair has no state yet."""
    REASSIGNED = "not_you"
    """Another supervisor or delegate has taken over."""

    @property
    def asks(self) -> bool:
        return self in (QuestionState.OPEN, QuestionState.AGREED)


def question_state(
    link: Link, state: PairState, now: datetime, pulses_given: Collection[int] = ()
) -> QuestionState:
    """The state of a link's question at programme time `now`.

    `pulses_given` are the sessions after which the link's person gave a pulse; the pair does not know.
    """
    if state.stage is Stage.CLOSED and not (
        link.question is Question.NEXT and state.outcome is Outcome.COMPLETED
    ):
        return QuestionState.CLOSED
    if _parted(link, state):
        return QuestionState.PARTED
    match link.question:
        case Question.WINDOWS | Question.MODULES | Question.HELP | Question.NEXT:
            return QuestionState.OPEN  # whatever the pair is at
        case Question.SIGN_OFF:
            return QuestionState.OPEN if awaits_sign_off(state) else QuestionState.DONE
        case Question.PULSE if link.session in pulses_given:
            return QuestionState.DONE
        case Question.PULSE if not pulse_due(state, link.session):
            return QuestionState.EARLY
    answer = plain_answer(link, state)
    if answer is None:
        return QuestionState.OVER
    ignored = why_ignored(state, answer, now)
    if link.question is Question.ANSWER:
        return _answer_state(state.current, ignored)
    return QuestionState.OPEN if ignored is None else _CLOSED_BY[ignored]


_CLOSED_BY = {
    "already_known": QuestionState.DONE,
    "first_word_counts": QuestionState.DONE,
    "not_frozen": QuestionState.DONE,
    "newer_request": QuestionState.NEWER,
    "not_asked": QuestionState.EARLY,
    "not_over_yet": QuestionState.EARLY,
    "not_held": QuestionState.EARLY,
    "another_session": QuestionState.OVER,
    "no_longer_asked": QuestionState.OVER,
    "another_match": QuestionState.PARTED,
}
"""Why the lifecycle ignores an answer, and what that makes of its question."""


def _answer_state(session: Session | None, ignored: str | None) -> QuestionState:
    """Returns the state of the question whether a time suits.

    A link from an older invite asks about the newest time of the same session.
    """
    match session.status if session else None, ignored:
        case SessionStatus.AGREED, None:
            return QuestionState.AGREED
        case _, None:
            return QuestionState.OPEN
        case SessionStatus.PROPOSED, "another_session":
            return QuestionState.NEWER
        case SessionStatus.FINDING, reason if (
            reason != "another_session" and session and session.awaits_call
        ):
            return QuestionState.CALLED
        case SessionStatus.FINDING, reason if reason != "another_session":
            return QuestionState.LOOKING
        case _:
            return QuestionState.OVER


def _parted(link: Link, state: PairState) -> bool:
    """Whether the match that the link is about has ended.

    A mentee's link is about their match; one of AGREE names its match to the mentor too.
    """
    mentee = state.match.mentee if state.match else None
    if link.question is Question.AGREE:
        return mentee is None or link.mentee not in (None, mentee)
    return link.role == "mentee" and link.person != mentee


def plain_answer(link: Link, state: PairState) -> Event | None:
    """Returns an answer that the lifecycle accepts as long as it accepts any answer.

    It is used to test whether the question is still open. None: the question has no
    such answer, or the link does not name what it is about.
    """
    match link.question:
        case Question.VOLUNTEER:
            return Volunteered()
        case Question.CHARTER if link.role == "mentor":
            return CharterSigned(side=Side.MENTOR)
        case Question.CHARTER | Question.AGREE if state.match:
            mentee, side = state.match.mentee, side_of(link)
            return MatchAgreed(side=side, mentee=mentee, charter=side is Side.MENTEE)
        case Question.ANSWER if link.session:
            return _decline(link, link.session, state.current)
        case Question.HELD if link.session:
            return Held(session=link.session, attempt=link.attempt)
        case Question.PULSE if link.session:
            return PulseReceived(session=link.session, pulse="new")
        case Question.CHECK_IN if link.check:
            return CheckedIn(check=link.check)
        case Question.KEEP_OR_PART:
            return KeptTogether(reason=KeepReason.SUPERVISOR)
        case _:
            return None


def _decline(link: Link, number: int, session: Session | None) -> InvitationAnswered:
    """Returns a refusal of the time, the one answer that is allowed at any moment."""
    return InvitationAnswered(
        session=number,
        attempt=link.attempt,
        sequence=max(0, session.sequence) if session else 0,
        answer=InvitationAnswer.NO,
        side=side_of(link),
    )


def side_of(link: Link) -> Side:
    """The side for which the holder of a link answers; a delegate answers for the mentee."""
    return Side.MENTOR if link.role == "mentor" else Side.MENTEE


def session_of(link: Link, state: PairState) -> Session | None:
    """The session that a link is about."""
    wanted = (link.session, link.attempt)
    return next((s for s in state.sessions if (s.number, s.attempt) == wanted), None)
