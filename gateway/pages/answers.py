"""What somebody said with a form, as events. Pure: form, link and state in; nothing is kept here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.pair.questions import session_of, side_of
from gateway.pages.weekly import read_windows
from gateway.pulses import Pulse
from schemas.calendar import Window
from schemas.events import InvitationAnswer, Side
from schemas.links import Link, Question
from schemas.pair import PairState, Session
from schemas.stages import SessionStatus

LONGEST_TEXT = 4000


class FormWrong(Exception):
    """What is missing or does not fit, as keys of the page's words; the page is shown again with them."""

    def __init__(self, *keys: str) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


@dataclass(frozen=True)
class AnswerSignal:
    """One signal. `seed` tells two answers apart that look alike; the same seed is the same event."""

    kind: str
    payload: dict[str, Any]
    seed: str = ""
    about: tuple[object, ...] = ()
    """The question as it stood, where answers exclude each other: the first one to it counts, from whichever link."""


@dataclass(frozen=True)
class FormAnswer:
    """What goes where: facts to the inbox, a decision to the pair, the rest to PostgreSQL."""

    code: str
    """Which thanks are shown."""
    facts: tuple[AnswerSignal, ...] = ()
    update: tuple[str, dict[str, Any]] | None = None
    windows: tuple[Window, ...] = ()
    pulse: Pulse | None = None
    concern_seed: str | None = None
    next_offer: tuple[str, bool] | None = None


Form = Mapping[str, str]


def read_form(link: Link, state: PairState, form: Form) -> FormAnswer:
    """Turn a form into what was said.

    Raises:
        FormWrong: something is missing or does not fit.
    """
    return _READERS[link.question](link, state, form)


def _volunteer(link: Link, state: PairState, form: Form) -> FormAnswer:
    if form.get("action") == "decline":
        return FormAnswer(
            "declined", (AnswerSignal("declined", {}, about=("volunteer",)),)
        )
    windows = _windows(form)
    if "charter" not in form:
        raise FormWrong("wrong.charter")
    fact = AnswerSignal(
        "volunteered", {"windows": True, "charter": True}, about=("volunteer",)
    )
    return FormAnswer("volunteered", (fact,), windows=windows)


def _windows_page(link: Link, state: PairState, form: Form) -> FormAnswer:
    windows = _windows(form)
    return FormAnswer(
        "windows",
        (_windows_fact(side_of(link), windows, state.revision),),
        windows=windows,
    )


def _windows(form: Form) -> tuple[Window, ...]:
    windows, wrong = read_windows(form)
    if wrong:
        raise FormWrong("wrong.window_order")
    if not windows:
        raise FormWrong("wrong.no_window")
    return windows


def _windows_fact(
    side: Side, windows: tuple[Window, ...], revision: int = 0
) -> AnswerSignal:
    seed = f"{revision} " + " ".join(f"{w.day}:{w.start}-{w.end}" for w in windows)
    return AnswerSignal("windows_given", {"side": side.value}, seed)


def _charter(link: Link, state: PairState, form: Form) -> FormAnswer:
    if "charter" not in form:
        raise FormWrong("wrong.charter")
    if link.role == "mentor":
        return FormAnswer(
            "charter", (AnswerSignal("charter_signed", {"side": "mentor"}),)
        )
    assert state.match is not None  # a mentee's question is open only while matched
    return FormAnswer(
        "charter", (_agreement(Side.MENTEE, state.match.mentee, charter=True),)
    )


def _agree(link: Link, state: PairState, form: Form) -> FormAnswer:
    assert state.match is not None  # the question is open only while matched
    side = side_of(link)
    if form.get("action") not in ("agree", "refuse"):
        raise FormWrong("wrong.choose")
    if form["action"] == "refuse":
        refusal = {"side": side.value, "mentee": state.match.mentee}
        return FormAnswer(
            "refused",
            (
                AnswerSignal(
                    "refused", refusal, about=_of_match(side, state.match.mentee)
                ),
            ),
        )
    if side is Side.MENTEE and "charter" not in form:
        raise FormWrong("wrong.charter")
    return FormAnswer(
        "agreed", (_agreement(side, state.match.mentee, charter=side is Side.MENTEE),)
    )


def _agreement(side: Side, mentee: str, *, charter: bool) -> AnswerSignal:
    return AnswerSignal(
        "agreed",
        {"side": side.value, "mentee": mentee, "charter": charter},
        about=_of_match(side, mentee),
    )


def _of_match(side: Side, mentee: str) -> tuple[object, ...]:
    return ("agree", side.value, mentee)


def _answer(link: Link, state: PairState, form: Form) -> FormAnswer:
    session = state.current
    assert session is not None  # the question is open only about a live session
    answer, _, start = form.get("answer", "").partition("@")
    if answer not in set(InvitationAnswer):
        raise FormWrong("wrong.choose")
    if form.get("sequence") != str(session.sequence):
        raise FormWrong("wrong.newer")
    declines = answer == InvitationAnswer.NO or (
        answer == InvitationAnswer.ANOTHER_TIME and not start
    )
    if (
        session.status is SessionStatus.AGREED
        and form.get("asked") != SessionStatus.AGREED
    ):
        return _answer_after_agreement(answer)
    if not declines:
        _check_offered(link, state, session, answer, start)
    about = {
        "session": session.number,
        "attempt": session.attempt,
        "sequence": session.sequence,
    }
    payload = {
        **about,
        "answer": answer,
        "side": side_of(link).value,
        **({"start": start} if start else {}),
    }
    question = ("answer", side_of(link).value, *about.values(), session.status.value)
    return FormAnswer(
        "answer_no" if declines else "answer_yes",
        (AnswerSignal("answered", payload, about=question),),
    )


def _answer_after_agreement(answer: str) -> FormAnswer:
    """From a page that asked about the proposal. Giving up what is agreed counts, so it has its own button."""
    if answer != InvitationAnswer.YES:
        raise FormWrong("wrong.agreed")
    return FormAnswer("answer_yes")


def _check_offered(
    link: Link, state: PairState, session: Session, answer: str, start: str
) -> None:
    """What the pair would not take is refused here, where somebody reads it."""
    if link.role == "mentor" and not session.mentor_asked:
        raise FormWrong("wrong.choose")
    half = answer == InvitationAnswer.HALF_HOUR and not state.policy.sessions.half_hour
    if half or (start and start not in {at.isoformat() for at in session.alternatives}):
        raise FormWrong("wrong.not_offered")


def _held(link: Link, state: PairState, form: Form) -> FormAnswer:
    if form.get("held") not in ("yes", "no"):
        raise FormWrong("wrong.choose")
    held = form["held"] == "yes"
    payload = {"session": link.session, "attempt": link.attempt, "held": held}
    session = session_of(link, state)
    if session is None or (session.status is SessionStatus.UNKNOWN and not held):
        return FormAnswer("missed")
    about = ("held", link.session, link.attempt, session.status.value)
    return FormAnswer(
        "held" if held else "missed", (AnswerSignal("held", payload, about=about),)
    )


def _pulse(link: Link, state: PairState, form: Form) -> FormAnswer:
    score = form.get("score", "")
    if score not in ("1", "2", "3", "4", "5"):
        raise FormWrong("wrong.score")
    assert (
        link.session is not None
    )  # the question is open only about a session that was held
    side = side_of(link)
    pulse = Pulse(
        state.pair,
        link.session,
        side,
        int(score),
        _text(form, "idea"),
        _text(form, "comment"),
        "help" in form,
    )
    fact = AnswerSignal("pulse_received", {"session": link.session, "side": side.value})
    return FormAnswer(
        "pulse_help" if pulse.wants_help else "pulse", (fact,), pulse=pulse
    )


def _text(form: Form, name: str) -> str:
    return form.get(name, "").replace("\x00", "").strip()[:LONGEST_TEXT]


def _sign_off(link: Link, state: PairState, form: Form) -> FormAnswer:
    if form.get("ready") != "yes":
        raise FormWrong("wrong.ready")
    return FormAnswer(
        "signed_off", update=("sign_off", {"rehearsed": "rehearsed" in form})
    )


def _check_in(link: Link, state: PairState, form: Form) -> FormAnswer:
    if form.get("well") not in ("yes", "no"):
        raise FormWrong("wrong.choose")
    well = form["well"] == "yes"
    fact = AnswerSignal(
        "checked_in",
        {"check": link.check, "well": well},
        about=("checked_in", link.check),
    )
    return FormAnswer("checked_in" if well else "not_well", (fact,))


def _keep_or_part(link: Link, state: PairState, form: Form) -> FormAnswer:
    match form.get("decision"):
        case "keep":
            return FormAnswer("kept", update=("keep", {"reason": "supervisor"}))
        case "part":
            return FormAnswer("parted", update=("rematch", {"reason": "supervisor"}))
        case _:
            raise FormWrong("wrong.choose")


def _help(link: Link, state: PairState, form: Form) -> FormAnswer:
    """Each page that was opened is one call: a double click is the same, next month's is another."""
    if form.get("call") != "yes":
        raise FormWrong("wrong.call")
    once = form.get("once", "")
    return FormAnswer(
        "help",
        concern_seed=once
        if re.fullmatch(r"[a-f0-9]{16}", once)
        else f"revision {state.revision}",
    )


def _next(link: Link, state: PairState, form: Form) -> FormAnswer:
    if form.get("offer") not in ("supervise", "open_region", "rest"):
        raise FormWrong("wrong.choose")
    return FormAnswer("next", next_offer=(form["offer"], "word" in form))


def _nothing(link: Link, state: PairState, form: Form) -> FormAnswer:
    raise FormWrong("wrong.choose")


_READERS: dict[Question, Callable[[Link, PairState, Form], FormAnswer]] = {
    Question.VOLUNTEER: _volunteer,
    Question.WINDOWS: _windows_page,
    Question.MODULES: _nothing,
    Question.CHARTER: _charter,
    Question.SIGN_OFF: _sign_off,
    Question.AGREE: _agree,
    Question.ANSWER: _answer,
    Question.HELD: _held,
    Question.PULSE: _pulse,
    Question.CHECK_IN: _check_in,
    Question.KEEP_OR_PART: _keep_or_part,
    Question.HELP: _help,
    Question.NEXT: _next,
}
