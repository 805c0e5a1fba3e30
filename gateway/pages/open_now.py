"""What a person can do now for a pair: offered on every page that has nothing to ask any more."""

from collections.abc import Iterator
from datetime import datetime

from domain.pair.questions import QuestionState, question_state
from schemas.links import Link, Question
from schemas.pair import PairState
from schemas.stages import SessionStatus, Stage

ALLOWED: dict[Question, frozenset[str]] = {
    Question.VOLUNTEER: frozenset({"mentor"}),
    Question.WINDOWS: frozenset({"mentor", "mentee", "delegate"}),
    Question.MODULES: frozenset({"mentor"}),
    Question.CHARTER: frozenset({"mentor", "mentee"}),
    Question.SIGN_OFF: frozenset({"supervisor"}),
    Question.AGREE: frozenset({"mentor", "mentee"}),
    Question.ANSWER: frozenset({"mentor", "mentee", "delegate"}),
    Question.HELD: frozenset({"mentor"}),
    Question.PULSE: frozenset({"mentor", "mentee"}),
    Question.CHECK_IN: frozenset({"supervisor"}),
    Question.KEEP_OR_PART: frozenset({"supervisor"}),
    Question.HELP: frozenset({"mentor"}),
    Question.NEXT: frozenset({"mentor"}),
}
"""A delegate has the mentee's agenda and nothing else."""


def open_now(link: Link, state: PairState, now: datetime) -> list[Link]:
    """Questions open to the holder of `link`, most urgent first; never the one of the link itself."""
    here = _about(link)
    return [
        offer
        for offer in _candidates(link, state)
        if link.role in ALLOWED[offer.question]
        and _about(offer) != here
        and question_state(offer, state, now)
        in (QuestionState.OPEN, QuestionState.AGREED)
    ]


def _about(link: Link) -> tuple[object, ...]:
    return (link.question, link.session, link.attempt, link.sequence)


def _candidates(link: Link, state: PairState) -> Iterator[Link]:
    base = Link(
        question=link.question, pair=link.pair, person=link.person, role=link.role
    )

    def ask(question: Question, **about: object) -> Link:
        return base.model_copy(update={"question": question, **about})

    if state.stage is Stage.TRAINING:
        yield ask(Question.VOLUNTEER)
        yield ask(Question.CHARTER)
        yield ask(Question.MODULES)
        if state.gate.asked_sign_off:
            yield ask(Question.SIGN_OFF)
    if state.match and state.stage is Stage.MATCHING:
        yield ask(Question.AGREE, mentee=state.match.mentee)
    if session := state.current:
        yield ask(
            Question.ANSWER,
            session=session.number,
            attempt=session.attempt,
            sequence=session.sequence,
        )
        yield ask(Question.HELD, session=session.number, attempt=session.attempt)
    if pulse := _last_pulse(state):
        yield ask(Question.PULSE, session=pulse)
    if state.match and state.frozen:
        yield ask(
            Question.KEEP_OR_PART, check=state.match.checked, mentee=state.match.mentee
        )
    if state.checks > state.checked:
        yield ask(Question.CHECK_IN, check=state.checks)
    if state.stage is Stage.CLOSED or state.stage is Stage.FEEDBACK:
        yield ask(Question.NEXT)
    elif state.stage is not Stage.TRAINING or state.gate.volunteered:
        yield ask(Question.WINDOWS)


def _last_pulse(state: PairState) -> int | None:
    """The newest session held that a pulse follows."""
    held = [s.number for s in state.sessions if s.status is SessionStatus.HELD]
    asked = [n for n in held if n - state.first + 1 in state.policy.pulse_sessions()]
    return asked[-1] if asked else None
