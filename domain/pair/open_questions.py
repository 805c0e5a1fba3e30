"""Who may be asked what, and which questions are open to a person now."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.pair.feedback import pulse_due
from domain.pair.questions import question_state
from schemas.links import Link, Question
from schemas.pair import PairState
from schemas.people import Person, Role
from schemas.stages import Stage

ROLES_ASKED: dict[Question, frozenset[str]] = {
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


def role_is_asked(link: Link) -> bool:
    """Whether people in the link's role are asked its question at all."""
    return link.role in ROLES_ASKED[link.question]


@dataclass(frozen=True)
class PeopleOfPair:
    """Who has to do with a pair now; None: nobody has this part."""

    mentor: Person | None
    mentee: Person | None
    supervisor: Person | None
    """The mentor's."""


def is_still_asked(link: Link, person: Person, people: PeopleOfPair) -> bool:
    """Whether `person`, who holds the link, still is who it was sent to.

    Supervisors and delegates change; an old mail of theirs must not act for the new
    one. Where nobody supervises a mentor, or the supervisor left, ops do, or a sponsor.
    """
    if person.left:
        return False
    mentor, mentee, supervisor = people.mentor, people.mentee, people.supervisor
    match link.role:
        case "mentor":
            return mentor is not None and mentor.person == link.person
        case "supervisor":
            if supervisor is None or supervisor.left:
                return bool({Role.OPS, Role.SPONSOR} & person.roles)
            return supervisor.person == link.person
        case "delegate":
            return mentee is not None and mentee.delegate == link.person
        case _:
            return mentee is not None and mentee.person == link.person


def open_questions(
    link: Link, state: PairState, now: datetime, pulses_given: Collection[int]
) -> list[Link]:
    """List the questions open to the holder of `link` at programme time `now`.

    `pulses_given` are the sessions after which the holder gave a pulse.

    The most urgent comes first.
    """
    return [
        other
        for other in _candidates(link, state)
        if role_is_asked(other) and question_state(other, state, now, pulses_given).asks
    ]


def _candidates(link: Link, state: PairState) -> Iterator[Link]:
    def ask(question: Question, **about: object) -> Link:
        return link.with_question(question).model_copy(update=about)

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
            Question.KEEP_OR_PART,
            check=state.match.people_check,
            mentee=state.match.mentee,
        )
    if state.checks > state.checked:
        yield ask(Question.CHECK_IN, check=state.checks)
    if state.stage is Stage.CLOSED or state.stage is Stage.FEEDBACK:
        yield ask(Question.NEXT)
    elif state.stage is not Stage.TRAINING or state.gate.volunteered:
        yield ask(Question.WINDOWS)


def _last_pulse(state: PairState) -> int | None:
    """The newest session held that a pulse follows."""
    due = [s.number for s in state.sessions if pulse_due(state, s.number)]
    asked = [n for n in due if n - state.first + 1 in state.policy.pulse_sessions()]
    return asked[-1] if asked else None
