"""Which function decides each event; an event without one fails the type check."""

from typing import assert_never

from domain.pair import (
    closing,
    deadlines,
    feedback,
    guard,
    held,
    matching,
    pausing,
    searching,
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
from schemas.pair_updates import (
    EndPair,
    PausePair,
    RematchPair,
    RescheduleSession,
    ResumePair,
    SignOffMentor,
    WaiveGateItem,
)

SessionEvent = (
    SlotsFound | InvitationAnswered | Held | PulseReceived | RescheduleSession
)
TrainingEvent = (
    Started
    | Volunteered
    | Declined
    | WindowsGiven
    | ModuleCompleted
    | CharterSigned
    | Rehearsed
    | SignOffMentor
    | WaiveGateItem
)
MatchEvent = (
    Matched
    | MatchAgreed
    | MatchRefused
    | RematchPair
    | PersonLeft
    | TooClose
    | ApartAgain
    | KeptTogether
)


def decide(step: Step, event: Event) -> None:
    """Apply one event to the draft of a transition; the most frequent kinds come first."""
    match event:
        case DeadlinePassed():
            deadlines.passed(step, event)
        case (
            SlotsFound()
            | InvitationAnswered()
            | Held()
            | PulseReceived()
            | RescheduleSession()
        ):
            _decide_session(step, event)
        case ConcernRaised():
            supervision.concern_raised(step, event)
        case CheckedIn():
            supervision.checked_in(step, event)
        case NoticeFailed():
            supervision.notice_failed(step, event)
        case PausePair():
            pausing.paused(step, event)
        case ResumePair():
            pausing.resumed(step, event)
        case EndPair():
            closing.ended(step, event.reason)
        case _:
            _decide_training_or_match(step, event)


def _decide_session(step: Step, event: SessionEvent) -> None:
    match event:
        case SlotsFound():
            searching.slots_found(step, event)
        case InvitationAnswered():
            sessions.answered(step, event)
        case Held():
            held.held(step, event)
        case PulseReceived():
            feedback.pulse_received(step, event)
        case RescheduleSession():
            sessions.rescheduled(step, event)
        case _:
            assert_never(event)


def _decide_training_or_match(step: Step, event: TrainingEvent | MatchEvent) -> None:
    if isinstance(event, TrainingEvent):
        _decide_training(step, event)
    else:
        _decide_match(step, event)


def _decide_training(step: Step, event: TrainingEvent) -> None:
    match event:
        case Started():
            training.start(step)
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
        case SignOffMentor():
            training.signed_off(step, event)
        case WaiveGateItem():
            training.waived(step, event)
        case _:
            assert_never(event)


def _decide_match(step: Step, event: MatchEvent) -> None:
    match event:
        case Matched():
            matching.matched(step, event)
        case MatchAgreed():
            matching.agreed(step, event)
        case MatchRefused():
            matching.refused(step, event)
        case RematchPair():
            matching.rematched(step, event.reason)
        case PersonLeft(side=Side.MENTOR):
            closing.mentor_left(step)
        case PersonLeft():
            matching.mentee_left(step, event)
        case TooClose():
            guard.too_close(step, event)
        case ApartAgain():
            guard.apart_again(step, event)
        case KeptTogether():
            guard.kept(step, event)
        case _:
            assert_never(event)
