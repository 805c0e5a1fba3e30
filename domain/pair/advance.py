"""The one entry: `advance(state, event, now)` decides what an event does to a pair."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, assert_never

from domain.pair import (
    closing,
    feedback,
    guard,
    held,
    matching,
    pausing,
    sessions,
    supervision,
    training,
)
from domain.pair.step import Step
from schemas.events import (
    CharterSigned,
    CheckedIn,
    ConcernRaised,
    DeadlinePassed,
    Declined,
    Event,
    Held,
    InvitationAnswered,
    MatchAgreed,
    Matched,
    MatchRefused,
    ModuleCompleted,
    NoticeFailed,
    PersonLeft,
    PulseReceived,
    Rehearsed,
    Side,
    SlotsFound,
    Started,
    Volunteered,
    WindowsGiven,
)
from schemas.guard import ApartAgain, KeptTogether, TooClose
from schemas.pair import RULES, SCHEMA_VERSION, PairStart, PairState
from schemas.pair_updates import (
    Ended,
    Paused,
    Rematched,
    Rescheduled,
    Resumed,
    SignedOff,
    Waived,
)
from schemas.stages import Awaited, Stage


class Transition(NamedTuple):
    """What an event did: the new state, its effects within; or why it changed nothing, as a code."""

    state: PairState
    ignored: str | None = None


def advance(state: PairState, event: Event, now: datetime) -> Transition:
    """Decide one event at programme time `now` (UTC). Pure: the same arguments give the same answer."""
    if state.stage is Stage.CLOSED:
        return Transition(state, ignored="closed")
    step = Step(state, now)
    _decide(step, event)
    return Transition(step.finish(event), step.ignored)


def begin(start: PairStart, *, patience_seconds: float = 3.0) -> PairState:
    """The state of a pair before its first event.

    `patience_seconds` is wall time: in a rehearsal a deadline that waits for a person lasts at least that long.
    """
    return PairState(
        schema_version=SCHEMA_VERSION,
        rules=RULES,
        pair=start.pair,
        clock=start.clock,
        policy=start.policy,
        calendar=start.calendar,
        patience=start.clock.patience(timedelta(seconds=patience_seconds)),
        now=start.starts_at,
        gate=training.first_gate(
            windows_known=start.windows_known, modules_done=start.modules_done
        ),
    )


def restore(start: PairStart) -> PairState:
    """The state of a pair whose run was lost, from what PostgreSQL kept of it.

    Nothing is sent again.

    Raises:
        ValidationError: what is `restored` is no state.
    """
    known = {
        name: getattr(start, name) for name in ("pair", "clock", "policy", "calendar")
    }
    return PairState.model_validate(
        {"now": start.starts_at, **(start.restored or {}), **known, "outbox": ()}
    )


def _decide(step: Step, event: Event) -> None:  # noqa: C901, PLR0912, PLR0915 - one row an event
    """One row an event, the most frequent first; a new event without a row fails the type check."""
    match event:
        case DeadlinePassed():
            _deadline(step, event)
        case SlotsFound():
            sessions.slots_found(step, event)
        case InvitationAnswered():
            sessions.answered(step, event)
        case Held():
            held.held(step, event)
        case PulseReceived():
            feedback.pulse_received(step, event)
        case Started():
            training.start(step) if step.state.revision == 0 else step.ignore(
                "already_known"
            )
        case Volunteered():
            training.volunteered(step, event)
        case Declined():
            training.declined(step)
        case WindowsGiven():
            training.windows_given(step, event)
        case ModuleCompleted():
            training.module_completed(step, event)
        case CharterSigned():
            training.charter_signed(step, event)
        case Rehearsed():
            training.rehearsed(step)
        case SignedOff():
            training.signed_off(step, event)
        case Waived():
            training.waived(step, event)
        case Matched():
            matching.matched(step, event)
        case MatchAgreed():
            matching.agreed(step, event)
        case MatchRefused():
            matching.refused(step, event)
        case ConcernRaised():
            supervision.concern_raised(step, event)
        case CheckedIn():
            supervision.checked_in(step, event)
        case PersonLeft():
            closing.mentor_left(
                step
            ) if event.side is Side.MENTOR else matching.mentee_left(step, event)
        case TooClose():
            guard.too_close(step, event)
        case ApartAgain():
            guard.apart_again(step, event)
        case NoticeFailed():
            supervision.notice_failed(step, event)
        case Paused():
            pausing.paused(step, event)
        case Resumed():
            pausing.resumed(step, event)
        case Rescheduled():
            sessions.rescheduled(step, event)
        case Rematched():
            matching.rematched(step, event.reason)
        case KeptTogether():
            guard.kept(step, event)
        case Ended():
            closing.ended(step, event.reason)
        case _:
            assert_never(event)


def _wave_over(step: Step) -> None:
    """Twice the planned time has gone by: the pair makes room and says why."""
    closing.ended(step, "out_of_time")


DEADLINES: dict[Awaited, Callable[[Step], None]] = {
    Awaited.TRAINING_REMINDER: training.reminder_due,
    Awaited.TRAINING_DUE: training.training_due,
    Awaited.TRAINING_GRACE: training.grace_over,
    Awaited.SEARCH_DUE: matching.search_over,
    Awaited.AGREE_REMINDER: matching.reminder_due,
    Awaited.AGREE_DUE: matching.agreement_due,
    Awaited.FIND_AGAIN: sessions.look_again,
    Awaited.ANSWER_DUE: sessions.answer_due,
    Awaited.ASK_MENTOR: sessions.ask_mentor,
    Awaited.PROPOSAL_LAPSES: sessions.proposal_lapsed,
    Awaited.HELD_REMINDER: held.remind,
    Awaited.HELD_ESCALATES: held.escalate,
    Awaited.HELD_LAPSES: held.lapse,
    Awaited.IDLE: supervision.idle,
    Awaited.CONCERN_DUE: supervision.concern_due,
    Awaited.DECISION_REMINDER: guard.reminder_due,
    Awaited.DECISION_DUE: guard.decision_due,
    Awaited.WAVE_ENDS: _wave_over,
    Awaited.FEEDBACK_DUE: feedback.due,
}


def _deadline(step: Step, event: DeadlinePassed) -> None:
    if (
        step.state.paused
        or step.state.deadlines.get(event.deadline) != event.at
        or step.now < event.at
    ):
        return step.ignore("stale")
    kind = Awaited(event.deadline)
    step.drop(kind)
    return DEADLINES[kind](step)


def serve_due(
    state: PairState, now: datetime, *, served_at: Callable[[datetime], datetime]
) -> PairState:
    """Serve every deadline that has come by `now`, in order; `served_at` says at which programme time each is."""
    for _ in range(200):
        due = state.next_deadline
        if due is None or due > now or state.stage is Stage.CLOSED:
            return state
        kind = min(k for k, at in state.deadlines.items() if at == due)
        state = advance(
            state, DeadlinePassed(deadline=kind, at=due), max(due, served_at(due))
        ).state
    return state
