"""Which answer to a question counts and how to change it, as keys of the pages' texts."""

from collections.abc import Mapping
from typing import Any

from domain.pair.questions import session_of
from schemas.events import InvitationAnswer
from schemas.links import Link, Question
from schemas.pair import PairState
from schemas.stages import SessionStatus

_YES_OR_NO: dict[str, tuple[str, str, str]] = {
    "held": ("held", "held", "missed"),
    "checked_in": ("well", "well", "not_well"),
}
"""By kind of event: its yes-or-no field, and the keys for yes and for no."""


def answer_key_of_event(kind: str, payload: Mapping[str, Any]) -> str:
    """The end of a key `answered.…` for an answer that was stored."""
    if kind in _YES_OR_NO:
        name, true, false = _YES_OR_NO[kind]
        return true if payload.get(name) else false
    if kind != "answered":
        return kind
    if payload.get("answer") in (InvitationAnswer.YES, InvitationAnswer.HALF_HOUR):
        return str(payload["answer"])
    return "other" if payload.get("start") else "no"


def answer_key_of_state(link: Link, state: PairState) -> str | None:
    """The end of a key `answered.…` for an answer that the pair's state holds.

    None: the state holds that the question was answered, but not how.
    """
    match link.question:
        case Question.VOLUNTEER if state.gate.volunteered:
            return "volunteered"
        case Question.AGREE:
            return "agreed"
        case Question.HELD if (session := session_of(link, state)) is not None:
            return "held" if session.status is SessionStatus.HELD else "missed"
        case _:
            return None


def change_key(answered: str) -> str | None:
    """The end of a key `change.…`, how a slip is corrected.

    None: a mark is confidential, and must not be sent by mail.
    """
    if answered.startswith("pulse_received"):
        return None
    if answered in (InvitationAnswer.YES, InvitationAnswer.HALF_HOUR, "other"):
        return "time"
    return "no" if answered == "no" else "mail"
