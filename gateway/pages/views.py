"""What each page's template is given, in the person's language and time zone already."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import assert_never

from domain.pair.open_questions import open_questions
from domain.pair.questions import QuestionState, side_of
from gateway.context import Gateway
from gateway.pages import session_views, training_views
from gateway.pages.visit import PageContext, Visit
from gateway.pages.words import translator
from gateway.texts import times
from schemas.links import Link, Question
from schemas.pair import PairState
from schemas.stages import Stage

Offer = tuple[str, str]
"""(text, address) of a link on a page."""


def common(gateway: Gateway, at: Visit) -> PageContext:
    """Returns the context that all pages of a person share: texts, zone, the link to
    help.
    """
    locale, link = at.person.locale, at.link
    helps = (
        link.role == "mentor"
        and link.question is not Question.HELP
        and at.question_state is not QuestionState.CLOSED
    )
    return {
        "t": translator(locale),
        "locale": locale,
        "zone": at.person.zone,
        "day_name": partial(times.day_name, locale),
        "paused": bool(at.state and at.state.paused) and at.question_state.asks,
        "help_url": gateway.links.url(link.with_question(Question.HELP))
        if helps
        else None,
        "delegate": link.role == "delegate",
        "side": side_of(link).value,
        "mentor": at.mentor.name if at.mentor else "",
        "mentee": at.mentee.name if at.mentee else "",
        "partner": at.partner.name if at.partner else "",
        "form": {},
    }


def after_answer(gateway: Gateway, at: Visit, answered: str) -> list[Offer]:
    """Returns links shown with the thanks. The pair may not have the answer yet, so
    none depends on it.
    """
    in_training = at.state is not None and at.state.stage is Stage.TRAINING
    if at.link.role != "mentor" or not in_training or answered == "declined":
        return []
    return [offer(gateway, at, at.link.with_question(Question.MODULES))]


def other_open_questions(gateway: Gateway, at: Visit) -> list[Offer]:
    """Returns links to the other questions that this person may answer now."""
    if at.state is None or at.question_state is QuestionState.REASSIGNED:
        return []
    return [
        offer(gateway, at, link)
        for link in open_questions(at.link, at.state, at.now, at.pulses_given)
    ]


def offer(gateway: Gateway, at: Visit, link: Link) -> Offer:
    of_mentee = link.role == "delegate" and link.question is Question.WINDOWS
    key = f"open.{link.question}{'.delegate' if of_mentee else ''}"
    return translator(at.person.locale)(key), gateway.links.url(link)


async def question(gateway: Gateway, at: Visit, form: Mapping[str, str]) -> PageContext:
    """The context of an open question; `form` is what was typed, when it is shown again."""
    assert at.state is not None  # a question is open only once the pair has begun
    own = await _of_question(gateway, at, at.state, form)
    return {**common(gateway, at), "form": form, **own}


async def _of_question(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> PageContext:
    match at.link.question:
        case Question.VOLUNTEER:
            return training_views.volunteer(at, state, form)
        case Question.WINDOWS:
            return training_views.weekly_windows(at, form)
        case Question.MODULES:
            return training_views.modules(gateway.links, at, state)
        case Question.SIGN_OFF:
            return training_views.sign_off(gateway.links, at, state)
        case Question.AGREE:
            return training_views.match(at, state)
        case Question.ANSWER:
            return session_views.invitation(at, state)
        case Question.HELD:
            return session_views.held(at, state)
        case Question.PULSE:
            return session_views.pulse(at, state)
        case Question.KEEP_OR_PART:
            return {"refused": None}
        case Question.HELP:
            return await _help(gateway, at)
        case Question.CHARTER | Question.CHECK_IN | Question.NEXT:
            return {}
        case _:
            assert_never(at.link.question)


async def _help(gateway: Gateway, at: Visit) -> PageContext:
    chief = at.mentor.supervisor if at.mentor else None
    supervisor = await gateway.store.people.find(chief) if chief else None
    return {"once": secrets.token_hex(8), "supervisor": supervisor}
