"""The forms before the first session: take part, weekly windows, charter, the match."""

from gateway.pages.answers import AnswerSignal, FilledForm, FormAnswer, FormWrong
from gateway.pages.weekly import read_windows
from schemas.events import Side
from schemas.time.calendar import Window


def volunteer(form: FilledForm) -> FormAnswer:
    about = ("volunteer",)
    if form.get("action") == "decline":
        return FormAnswer("declined", (form.signal("declined", {}, about=about),))
    windows = _windows(form)
    if not form.ticked("charter"):
        raise FormWrong("wrong.charter")
    payload = {"windows": True, "charter": True}
    signal = form.signal("volunteered", payload, about=about)
    return FormAnswer("volunteered", (signal,), windows=windows)


def weekly_windows(form: FilledForm) -> FormAnswer:
    windows = _windows(form)
    seed = f"{form.state.revision} " + " ".join(
        f"{w.day}:{w.start}-{w.end}" for w in windows
    )
    signal = form.signal("windows_given", {"side": form.side.value}, seed=seed)
    return FormAnswer("windows", (signal,), windows=windows)


def _windows(form: FilledForm) -> tuple[Window, ...]:
    windows, wrong = read_windows(form.fields)
    if wrong:
        raise FormWrong("wrong.window_order")
    if not windows:
        raise FormWrong("wrong.no_window")
    return windows


def charter(form: FilledForm) -> FormAnswer:
    """Read the charter's form; a mentee's signature is also the agreement to their
    match.
    """
    if not form.ticked("charter"):
        raise FormWrong("wrong.charter")
    if form.link.role == "mentor":
        signal = form.signal("charter_signed", {"side": "mentor"})
    else:
        signal = _agreement(form, _mentee(form))
    return FormAnswer("charter", (signal,))


def agree(form: FilledForm) -> FormAnswer:
    side, mentee = form.side, _mentee(form)
    if form.choice("action", "agree", "refuse") == "refuse":
        payload = {"side": side.value, "mentee": mentee}
        about = ("agree", side.value, mentee)
        return FormAnswer("refused", (form.signal("refused", payload, about=about),))
    if side is Side.MENTEE and not form.ticked("charter"):
        raise FormWrong("wrong.charter")
    return FormAnswer("agreed", (_agreement(form, mentee),))


def _mentee(form: FilledForm) -> str:
    assert form.state.match is not None  # the question is open only while matched
    return form.state.match.mentee


def _agreement(form: FilledForm, mentee: str) -> AnswerSignal:
    side = form.side
    payload = {
        "side": side.value,
        "mentee": mentee,
        "charter": side is Side.MENTEE,
    }
    return form.signal("agreed", payload, about=("agree", side.value, mentee))
