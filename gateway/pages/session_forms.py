"""The forms of a session: the answer to its invitation, whether it was held, the pulse."""

from domain.pair.questions import session_of
from gateway.pages.answers import FilledForm, FormAnswer, FormWrong
from gateway.pulses import Pulse
from schemas.events import InvitationAnswer
from schemas.stages import SessionStatus

MOST_SEQUENCE_DIGITS = 9
"""Digits of an invitation's number that are read."""


def invitation(form: FilledForm) -> FormAnswer:
    session = form.state.current
    assert session is not None  # the question is open only about a live session
    chosen, _, start = form.get("answer").partition("@")
    if chosen not in set(InvitationAnswer):
        raise FormWrong("wrong.choose")
    answer = InvitationAnswer(chosen)
    sequence = form.get("sequence")[:MOST_SEQUENCE_DIGITS]
    if not sequence.isdecimal():
        raise FormWrong("wrong.newer")
    about = {
        "session": session.number,
        "attempt": session.attempt,
        "sequence": int(sequence),
    }
    payload = {**about, "answer": answer.value, "side": form.side.value}
    if start and answer is InvitationAnswer.ANOTHER_TIME:
        payload["start"] = start
    question = ("answer", form.side.value, *about.values(), session.status.value)
    signal = form.signal("answered", payload, about=question)
    if session.status is SessionStatus.AGREED and (
        start or form.get("asked") != SessionStatus.AGREED
    ):
        return _answer_after_agreement(answer)
    declines = answer is InvitationAnswer.NO or (
        answer is InvitationAnswer.ANOTHER_TIME and not start
    )
    if not declines:
        return FormAnswer("answer_yes", (signal,))
    after = form.state_after(signal).current
    called = after is not None and after.awaits_call
    return FormAnswer("answer_call" if called else "answer_no", (signal,))


def _answer_after_agreement(answer: InvitationAnswer) -> FormAnswer:
    """Read an answer from a page that asked about the proposal, now agreed.

    To give up what is agreed counts, so that has a button of its own.
    """
    if answer is not InvitationAnswer.YES:
        raise FormWrong("wrong.agreed")
    return FormAnswer("answer_yes")


def held(form: FilledForm) -> FormAnswer:
    took_place = form.choice("held", "yes", "no") == "yes"
    session = session_of(form.link, form.state)
    assert session is not None  # the question is open only about a session of the pair
    payload = {
        "session": session.number,
        "attempt": session.attempt,
        "held": took_place,
    }
    if not took_place and form.why_ignored("held", payload) == "no_longer_asked":
        return FormAnswer("missed")  # a make-up is planned already
    about = ("held", session.number, session.attempt, session.status.value)
    signal = form.signal("held", payload, about=about)
    return FormAnswer("held" if took_place else "missed", (signal,))


def pulse(form: FilledForm) -> FormAnswer:
    score = form.choice("score", "1", "2", "3", "4", "5", wrong="wrong.score")
    number = form.link.session
    assert number is not None  # the question is open only about a session that was held
    given = Pulse(
        form.state.pair,
        number,
        form.side,
        int(score),
        form.text("idea"),
        form.text("comment"),
        form.ticked("help"),
    )
    return FormAnswer("pulse_help" if given.wants_help else "pulse", pulse=given)
