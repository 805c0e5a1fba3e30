"""Why an update may be refused, in words for the one who sent it, with what is allowed instead."""

from domain.pair.training import missing
from schemas.events import Event
from schemas.guard import KeptTogether
from schemas.pair import PairState
from schemas.pair_updates import (
    Paused,
    Rematched,
    Rescheduled,
    Resumed,
    SignedOff,
    Waived,
)
from schemas.stages import SessionStatus, Stage


def refusal(state: PairState, event: Event) -> str | None:
    """None when the update may go ahead; else what is wrong and what is allowed. It quotes codes only."""
    if state.stage is Stage.CLOSED:
        return f"{event.kind}: the pair is closed; nothing can be changed any more"
    match event:
        case SignedOff():
            return _sign_off(state, event)
        case Waived() if event.item not in missing(state):
            allowed = ", ".join(missing(state)) or "nothing is missing"
            return f"waive.item: not missing; allowed: {allowed}"
        case Paused() if event.scope in state.paused_by:
            return "pause: already paused; allowed: resume"
        case Resumed() if event.scope not in state.paused_by:
            return "resume: not paused; allowed: pause"
        case Rescheduled():
            return _reschedule(state, event)
        case Rematched() if state.match is None:
            return "rematch: nobody is matched; the mentor waits for a match already"
        case Rematched() if state.stage is Stage.FEEDBACK:
            return "rematch: every session was held; allowed: end"
        case KeptTogether() if not state.frozen:
            return "keep: the pair is not frozen; nobody waits for this decision"
        case _:
            return None


def _sign_off(state: PairState, event: SignedOff) -> str | None:
    if state.gate.signed_off:
        return "sign_off: already signed off"
    if state.stage is not Stage.TRAINING:
        return f"sign_off: the pair is in stage {state.stage}; allowed only in training"
    lacks = [
        i
        for i in missing(state)
        if i in ("volunteer", "windows") or i.startswith("module:")
    ]
    if lacks:
        return f"sign_off: still missing: {', '.join(lacks)}; sign off when they are done, or ask ops to waive them"
    rehearsed = (
        event.rehearsed or state.gate.rehearsed or "rehearsal" not in missing(state)
    )
    return (
        None
        if rehearsed
        else "sign_off.rehearsed: the rehearsal is not confirmed; rehearse first, then send true"
    )


def _reschedule(state: PairState, event: Rescheduled) -> str | None:
    session = state.current
    live = session is not None and session.status in (
        SessionStatus.PROPOSED,
        SessionStatus.AGREED,
    )
    if session is None or not live or session.begun(state.now):
        return "reschedule: no session is proposed or agreed just now; the engine looks for a time by itself"
    if session.number != event.session:
        return f"reschedule.session: not the live one; allowed: {session.number}"
    return None
