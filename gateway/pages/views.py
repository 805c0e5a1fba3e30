"""What each question's template is told. Every value is in the person's language and zone already."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from domain.pair.open_questions import open_questions
from domain.pair.questions import QuestionState, session_of, side_of
from domain.pair.training import gate_items
from gateway.context import Gateway
from gateway.pages.visit import Visit
from gateway.pages.weekly import editor_rows, form_rows
from gateway.pages.words import speaker
from gateway.texts import times
from schemas.events import Side
from schemas.links import Link, Question
from schemas.pair import PairState, Session
from schemas.policy import Sessions
from schemas.stages import Stage

Context = dict[str, Any]


def common(gateway: Gateway, at: Visit) -> Context:
    """What every page of a person has: words, zone, the way to help, and no more for a delegate."""
    locale, link = at.person.locale, at.link
    help_url = None
    if (
        link.role == "mentor"
        and link.question is not Question.HELP
        and at.question_state is not QuestionState.CLOSED
    ):
        help_url = gateway.links.url(_ask(link, Question.HELP))
    return {
        "t": speaker(locale),
        "locale": locale,
        "zone": at.person.zone,
        "day_name": partial(times.day_name, locale),
        "paused": bool(at.state and at.state.paused) and at.question_state.asks,
        "help_url": help_url,
        "delegate": link.role == "delegate",
        "side": side_of(link).value,
        "mentor": at.mentor.name if at.mentor else "",
        "mentee": at.mentee.name if at.mentee else "",
        "partner": _partner(at),
        "form": {},
    }


def after(gateway: Gateway, at: Visit, said: str) -> list[tuple[str, str]]:
    """What is offered with the thanks: only what does not depend on the answer, which the pair may not know yet."""
    if (
        at.state is None
        or at.link.role != "mentor"
        or at.state.stage is not Stage.TRAINING
        or said == "declined"
    ):
        return []
    return [
        (
            speaker(at.person.locale)("open.modules"),
            gateway.links.url(_ask(at.link, Question.MODULES)),
        )
    ]


def offers(gateway: Gateway, at: Visit) -> list[tuple[str, str]]:
    """(text, address) of what is open to this person now."""
    if at.state is None or at.question_state is QuestionState.REASSIGNED:
        return []
    t, delegate = speaker(at.person.locale), at.link.role == "delegate"

    def text(link: Link) -> str:
        return t(
            f"open.{link.question}.delegate"
            if delegate and link.question is Question.WINDOWS
            else f"open.{link.question}"
        )

    return [
        (text(link), gateway.links.url(link))
        for link in open_questions(at.link, at.state, at.now)
    ]


def same(gateway: Gateway, at: Visit) -> list[tuple[str, str]]:
    """(text, address) of the page itself, to be opened again."""
    return [
        (
            speaker(at.person.locale)(f"open.{at.link.question}"),
            gateway.links.url(at.link),
        )
    ]


async def question(gateway: Gateway, at: Visit, form: Mapping[str, str]) -> Context:
    """The context of an open question; `form` is what was typed, when it is shown again."""
    assert at.state is not None  # a question is open only once the pair has begun
    own = await _VIEWS[at.link.question](gateway, at, at.state, form)
    return {**common(gateway, at), "form": form, **own}


def _partner(at: Visit) -> str:
    other = at.mentee if side_of(at.link) is Side.MENTOR else at.mentor
    return other.name if other else ""


def _ask(link: Link, about: Question) -> Link:
    return Link(question=about, pair=link.pair, person=link.person, role=link.role)


def _rhythm(rules: Sessions, locale: str) -> Context:
    every = times.duration(rules.every, speaker(locale), "every")
    return {
        "count": rules.count,
        "minutes": int(rules.length.total_seconds() // 60),
        "every": every,
    }


async def _volunteer(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    training = state.policy.training
    t = speaker(at.person.locale)
    steps = (
        t("volunteer.modules", count=len(training.modules))
        if training.modules
        else t("volunteer.modules.none")
    )
    return {
        "name": at.person.name,
        "training": steps,
        "within": times.duration(training.within, t, "within"),
        "rows": form_rows(form) if form else editor_rows(at.person.windows),
        **_rhythm(state.policy.sessions, at.person.locale),
    }


async def _windows(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    """A delegate edits the mentee's windows, in the mentee's zone."""
    whose = at.mentee if at.link.role == "delegate" and at.mentee else at.person
    return {
        "rows": form_rows(form) if form else editor_rows(whose.windows),
        "zone": whose.zone,
    }


def _items(
    gateway: Gateway, at: Visit, state: PairState
) -> list[tuple[str, bool, str | None]]:
    t = speaker(at.person.locale)
    here = {
        "volunteer": Question.VOLUNTEER,
        "windows": Question.WINDOWS,
        "charter": Question.CHARTER,
    }

    def text(item: str) -> str:
        kind, _, module = item.partition(":")
        of_another = at.link.role == "supervisor" and kind in ("volunteer", "windows")
        return (
            t("item.module", module=module)
            if module
            else t(f"item.{kind}{'.supervisor' if of_another else ''}")
        )

    def address(item: str, met: bool) -> str | None:
        mine = at.link.role == "mentor" and item in here and not met
        return gateway.links.url(_ask(at.link, here[item])) if mine else None

    return [(text(item), met, address(item, met)) for item, met in gate_items(state)]


async def _modules(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    items = _items(gateway, at, state)
    return {"items": items, "ready": all(met for _, met, _ in items)}


async def _sign_off(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    """Sign-off and charter themselves are not listed: the one is asked here, the other is the mentor's own."""
    shown = [
        (t, met, url)
        for (t, met, url), (item, _) in zip(
            _items(gateway, at, state), gate_items(state), strict=True
        )
        if item not in ("sign_off", "charter", "rehearsal")
    ]
    rehearsed = (
        state.gate.rehearsed
        or not state.policy.training.rehearsal
        or "rehearsal" in state.gate.waived
    )
    missing = [text for text, met, _ in shown if not met]
    return {
        "items": shown,
        "missing": missing,
        "ask_rehearsed": not rehearsed,
        "refused": None,
    }


async def _agree(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    other = at.mentee if side_of(at.link) is Side.MENTOR else at.mentor
    return {
        "function": other.function if other else "",
        **_rhythm(state.policy.sessions, at.person.locale),
    }


async def _answer(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    session = state.current
    assert (
        session is not None and session.start is not None
    )  # open only about a proposed or agreed time
    mentor = at.link.role == "mentor"
    half = state.policy.sessions.half_hour and session.minutes > 30
    return {
        "agreed": at.question_state is QuestionState.AGREED,
        "mentor_waits": mentor and not session.mentor_asked,
        "for_both": mentor and session.mentor_asked,
        "when": _span(at, session),
        "sequence": session.sequence,
        "asked": session.status.value,
        "minutes": session.minutes,
        "half": times.times(session.start, 30, at.person.zone, at.person.locale)
        if half
        else None,
        "others": [
            (
                times.span(other, session.minutes, at.person.zone, at.person.locale),
                other.isoformat(),
            )
            for other in session.alternatives
            if other > at.now
        ],
    }


def _span(at: Visit, session: Session) -> str:
    assert session.start is not None  # asked only about a session that has a time
    return times.span(session.start, session.minutes, at.person.zone, at.person.locale)


async def _held(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    session = session_of(at.link, state)
    assert session is not None  # open only about a session of this pair
    return {"when": _span(at, session)}


async def _pulse(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    return {"number": at.link.session, "final": at.link.session == state.last}


async def _help(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    chief = at.mentor.supervisor if at.mentor else None
    supervisor = await gateway.store.person(chief) if chief else None
    return {"once": secrets.token_hex(8), "supervisor": supervisor}


async def _keep_or_part(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    return {"refused": None}


async def _nothing(
    gateway: Gateway, at: Visit, state: PairState, form: Mapping[str, str]
) -> Context:
    return {}


_View = Callable[[Gateway, Visit, PairState, Mapping[str, str]], Awaitable[Context]]
_VIEWS: dict[Question, _View] = {
    Question.VOLUNTEER: _volunteer,
    Question.WINDOWS: _windows,
    Question.MODULES: _modules,
    Question.CHARTER: _nothing,
    Question.SIGN_OFF: _sign_off,
    Question.AGREE: _agree,
    Question.ANSWER: _answer,
    Question.HELD: _held,
    Question.PULSE: _pulse,
    Question.CHECK_IN: _nothing,
    Question.KEEP_OR_PART: _keep_or_part,
    Question.HELP: _help,
    Question.NEXT: _nothing,
}
