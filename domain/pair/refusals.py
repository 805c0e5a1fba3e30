"""Why an event would change nothing, and why an update is refused."""

from datetime import datetime

from domain.pair.advance import advance
from domain.pair.sessions import movable_session
from domain.pair.training import (
    awaits_sign_off,
    missing_before_sign_off,
    missing_gate_items,
)
from schemas.events import Event
from schemas.guard import KeptTogether
from schemas.pair import PairState
from schemas.pair_updates import (
    PausePair,
    RematchPair,
    RescheduleSession,
    ResumePair,
    SignOffMentor,
    WaiveGateItem,
)
from schemas.stages import Stage


def why_ignored(state: PairState, event: Event, now: datetime) -> str | None:
    """Why the event would change nothing at programme time `now`, as a code; None: it would."""
    return advance(state, event, now).ignored


def refusal(state: PairState, update: Event) -> str | None:
    """Why an update is refused, and what is allowed instead; None: it may go ahead.

    It is for whoever sent the update, and quotes codes only.
    """
    if state.stage is Stage.CLOSED:
        return f"{update.kind}: the pair is closed; nothing can be changed any more"
    if isinstance(update, SignOffMentor):
        return _sign_off(state, update)
    if why_ignored(state, update, state.now) is None:
        return None
    match update:
        case WaiveGateItem():
            allowed = ", ".join(missing_gate_items(state)) or "nothing is missing"
            return f"waive.item: not missing; allowed: {allowed}"
        case PausePair():
            return "pause: already paused; allowed: resume"
        case ResumePair():
            return "resume: not paused; allowed: pause"
        case RescheduleSession():
            return _reschedule(state)
        case RematchPair() if state.match is None:
            return "rematch: nobody is matched; the mentor waits for a match already"
        case RematchPair():
            return "rematch: every session was held; allowed: end"
        case KeptTogether():
            return "keep: the pair is not frozen; nobody waits for this decision"
        case _:
            return f"{update.kind}: it would change nothing"


def _sign_off(state: PairState, update: SignOffMentor) -> str | None:
    if state.gate.signed_off:
        return "sign_off: already signed off"
    if not awaits_sign_off(state):
        return f"sign_off: the pair is in stage {state.stage}; allowed only in training"
    if lacks := missing_before_sign_off(state):
        return (
            f"sign_off: still missing: {', '.join(lacks)}; "
            "sign off when they are done, or ask ops to waive them"
        )
    if update.rehearsed or "rehearsal" not in missing_gate_items(state):
        return None
    return (
        "sign_off.rehearsed: the rehearsal is not confirmed; "
        "rehearse first, then send true"
    )


def _reschedule(state: PairState) -> str:
    session = movable_session(state, state.now)
    if session is None:
        return (
            "reschedule: no session is proposed or agreed just now; "
            "the engine looks for a time by itself"
        )
    return f"reschedule.session: not the live one; allowed: {session.number}"
