"""Which answer to a question stands, and how it can still be changed: keys of the pages' words. Pure."""

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
"""Kind of event: the field that tells, and the words for true and for false."""


def of_event(kind: str, payload: Mapping[str, Any]) -> str:
    """What the stored event says, as the end of a key `answered.…`."""
    if kind in _YES_OR_NO:
        name, true, false = _YES_OR_NO[kind]
        return true if payload.get(name) else false
    if kind != "answered":
        return kind
    if payload.get("answer") in (InvitationAnswer.YES, InvitationAnswer.HALF_HOUR):
        return str(payload["answer"])
    return "other" if payload.get("start") else "no"


def of_state(link: Link, state: PairState) -> str | None:
    """What the pair has heard already; None: it keeps only that there was an answer."""
    match link.question:
        case Question.VOLUNTEER if state.gate.volunteered:
            return "volunteered"
        case Question.AGREE:
            return "agreed"
        case Question.HELD if (session := session_of(link, state)) is not None:
            return "held" if session.status is SessionStatus.HELD else "missed"
        case _:
            return None


def change(answered: str) -> str | None:
    """The end of a key `change.…`: where a slip is put right. None: a mark is confidential, and not for a mail."""
    if answered.startswith("pulse_received"):
        return None
    if answered in (InvitationAnswer.YES, InvitationAnswer.HALF_HOUR, "other"):
        return "time"
    return "no" if answered == "no" else "mail"
