"""Reads the form of each question. Pure: form, link and state in, the answer out."""

from typing import assert_never

from gateway.pages import session_forms, training_forms
from gateway.pages.answers import FilledForm, FormAnswer, FormWrong, NextOffer
from schemas.guard import KeptTogether
from schemas.links import Question
from schemas.pair_updates import RematchPair, SignOffMentor
from schemas.records.reasons import KeepReason, RematchReason


def read_form(form: FilledForm) -> FormAnswer:
    """Turn a form into an answer.

    Raises:
        FormWrong: something is missing or does not fit.
    """
    match form.link.question:
        case Question.VOLUNTEER:
            return training_forms.volunteer(form)
        case Question.WINDOWS:
            return training_forms.weekly_windows(form)
        case Question.MODULES:
            raise FormWrong("wrong.choose")
        case Question.CHARTER:
            return training_forms.charter(form)
        case Question.SIGN_OFF:
            return _sign_off(form)
        case Question.AGREE:
            return training_forms.agree(form)
        case Question.ANSWER:
            return session_forms.invitation(form)
        case Question.HELD:
            return session_forms.held(form)
        case Question.PULSE:
            return session_forms.pulse(form)
        case Question.CHECK_IN:
            return _check_in(form)
        case Question.KEEP_OR_PART:
            return _keep_or_part(form)
        case Question.HELP:
            return _help(form)
        case Question.NEXT:
            return _next(form)
        case _:
            assert_never(form.link.question)


def _sign_off(form: FilledForm) -> FormAnswer:
    form.choice("ready", "yes", wrong="wrong.ready")
    return FormAnswer(
        "signed_off", update=SignOffMentor(rehearsed=form.ticked("rehearsed"))
    )


def _check_in(form: FilledForm) -> FormAnswer:
    well, check = form.choice("well", "yes", "no") == "yes", form.link.check
    about = ("checked_in", check)
    signal = form.signal("checked_in", {"check": check, "well": well}, about=about)
    return FormAnswer("checked_in" if well else "not_well", (signal,))


def _keep_or_part(form: FilledForm) -> FormAnswer:
    if form.choice("decision", "keep", "part") == "keep":
        return FormAnswer("kept", update=KeptTogether(reason=KeepReason.SUPERVISOR))
    return FormAnswer("parted", update=RematchPair(reason=RematchReason.SUPERVISOR))


def _help(form: FilledForm) -> FormAnswer:
    """Read a call for help. A pair has one open call: until somebody called, another one changes nothing."""
    form.choice("call", "yes", wrong="wrong.call")
    if form.state.awaits_help:
        return FormAnswer("help")
    return FormAnswer("help", concern_seed=f"help {form.state.checks}")


def _next(form: FilledForm) -> FormAnswer:
    offer = form.choice("offer", "supervise", "open_region", "rest")
    return FormAnswer("next", next_offer=NextOffer(offer, form.ticked("word")))
