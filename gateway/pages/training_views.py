"""What the pages before the first session show: take part, windows, the gate, the match."""

from collections.abc import Mapping

from domain.pair.training import gate_items, missing_gate_items
from gateway.pages.visit import PageContext, Visit
from gateway.pages.weekly import editor_rows, typed_rows
from gateway.pages.words import translator
from gateway.texts import times
from schemas.pair import PairState
from schemas.policy import Sessions

GateLine = tuple[str, bool, bool]
"""(text, done, whether the mentor does it on a page of ours)"""
DONE_ON_A_PAGE = frozenset({"volunteer", "windows", "charter"})
"""Items of the gate that a mentor meets on a page of ours."""


def volunteer(at: Visit, state: PairState, form: Mapping[str, str]) -> PageContext:
    training = state.policy.training
    t = translator(at.person.locale)
    modules = len(training.modules)
    return {
        "name": at.person.name,
        "training": t("volunteer.modules", count=modules)
        if modules
        else t("volunteer.modules.none"),
        "within": times.duration(training.within, t, "within"),
        "rows": typed_rows(form) if form else editor_rows(at.person.windows),
        **_rhythm(state.policy.sessions, at.person.locale),
    }


def weekly_windows(at: Visit, form: Mapping[str, str]) -> PageContext:
    """Returns the editor of weekly windows; a delegate edits the mentee's, in their
    zone.
    """
    whose = at.mentee if at.link.role == "delegate" and at.mentee else at.person
    return {
        "rows": typed_rows(form) if form else editor_rows(whose.windows),
        "zone": whose.zone,
    }


def modules(at: Visit, state: PairState) -> PageContext:
    lines = [_gate_line(at, item, done=done) for item, done in gate_items(state)]
    return {"items": lines, "ready": all(done for _, done, _ in lines)}


def sign_off(at: Visit, state: PairState) -> PageContext:
    """Returns the items of the gate that come before the sign-off, without the charter."""
    lines = [
        _gate_line(at, item, done=done)
        for item, done in gate_items(state)
        if item not in ("sign_off", "charter", "rehearsal")
    ]
    return {
        "items": lines,
        "missing": [text for text, done, _ in lines if not done],
        "ask_rehearsed": "rehearsal" in missing_gate_items(state),
        "refused": None,
    }


def _gate_line(at: Visit, item: str, *, done: bool) -> GateLine:
    t = translator(at.person.locale)
    kind, _, module = item.partition(":")
    by_mentor = at.link.role == "supervisor" and kind in ("volunteer", "windows")
    text = (
        t("item.module", module=module)
        if module
        else t(f"item.{kind}{'.supervisor' if by_mentor else ''}")
    )
    on_page = at.link.role == "mentor" and not done and item in DONE_ON_A_PAGE
    return text, done, on_page


def match(at: Visit, state: PairState) -> PageContext:
    return {
        "function": at.partner.function if at.partner else "",
        **_rhythm(state.policy.sessions, at.person.locale),
    }


def _rhythm(rules: Sessions, locale: str) -> PageContext:
    return {
        "count": rules.count,
        "minutes": int(rules.length.total_seconds() // 60),
        "every": times.duration(rules.every, translator(locale), "every"),
    }
