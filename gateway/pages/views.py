"""What each page's template is given, in the person's language and time zone already."""

from collections.abc import Mapping
from functools import partial
from typing import assert_never

from domain.pair.open_questions import open_questions
from domain.pair.questions import QuestionState, side_of
from gateway.context import Gateway
from gateway.pages import session_views, training_views
from gateway.pages.visit import PageContext, Visit, supervisor_of
from gateway.pages.words import translator
from gateway.pulses import comment_readers
from gateway.texts import times
from schemas.links import Link, Question
from schemas.pair import PairState


def common(at: Visit) -> PageContext:
    """Returns the context that all pages of a person share: texts, zone, the way to help.

    No page has a link to another one: whoever holds a link has one question. The others
    go by mail to the person's address.
    """
    locale, link = at.person.locale, at.link
    return {
        "t": translator(locale),
        "locale": locale,
        "zone": at.person.zone,
        "day_name": partial(times.day_name, locale),
        "paused": bool(at.state and at.state.paused) and at.question_state.asks,
        "helps": link.role == "mentor"
        and link.question is not Question.HELP
        and at.question_state is not QuestionState.CLOSED,
        "stale": False,
        "mail_links": f"/q/{at.token}/links" if may_mail_links(at) else None,
        "delegate": link.role == "delegate",
        "side": side_of(link).value,
        "mentor": at.mentor.name if at.mentor else "",
        "mentee": at.mentee.name if at.mentee else "",
        "partner": at.partner.name if at.partner else "",
        "form": {},
        "privacy": _privacy(at),
        "my_data": None if at.rehearsal else f"/q/{at.token}/my-data",
    }


def _privacy(at: Visit) -> PageContext | None:
    if at.privacy is None:
        return None
    notice, is_first = at.privacy
    text = notice.text(at.person.locale)
    asked = at.question_state.asks
    return {"url": notice.url, "text": text, "above": is_first and asked}


def may_mail_links(at: Visit) -> bool:
    """Whether questions are open to this person, whose links a mail can bring."""
    return at.still_asked and bool(links_to_mail(at))


def links_to_mail(at: Visit) -> list[Link]:
    """The questions that are open to this person now."""
    if at.state is None:
        return []
    return open_questions(at.link, at.state, at.now, at.pulses_given)


async def question(gateway: Gateway, at: Visit, form: Mapping[str, str]) -> PageContext:
    """The context of an open question; `form` is what was typed, when it is shown again."""
    assert at.state is not None  # a question is open only once the pair has begun
    own = await _of_question(gateway, at, at.state, form)
    return {**common(at), "form": form, **own}


async def _of_question(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> PageContext:
    match at.link.question:
        case Question.VOLUNTEER:
            return training_views.volunteer(at, state, form)
        case Question.WINDOWS:
            return training_views.weekly_windows(at, form)
        case Question.MODULES:
            return training_views.modules(at, state)
        case Question.SIGN_OFF:
            return training_views.sign_off(at, state)
        case Question.AGREE:
            return training_views.match(at, state)
        case Question.ANSWER:
            return session_views.invitation(at, state)
        case Question.HELD:
            return session_views.held(at, state)
        case Question.PULSE:
            readers = await comment_readers(gateway.store, state.pair)
            return session_views.pulse(at, state, readers)
        case Question.KEEP_OR_PART:
            return {"refused": None}
        case Question.HELP:
            return await _help(gateway, at)
        case Question.CHARTER | Question.CHECK_IN | Question.NEXT:
            return {}
        case _:
            assert_never(at.link.question)


async def _help(gateway: Gateway, at: Visit) -> PageContext:
    return {"supervisor": await supervisor_of(gateway, at.mentor)}
