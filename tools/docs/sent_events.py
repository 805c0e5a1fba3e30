"""Events as services and people send them: every kind, in each way that makes a difference to a pair."""

from collections.abc import Callable
from datetime import timedelta

from schemas import events as e
from schemas import pair_updates as u
from schemas.guard import ApartAgain, KeptTogether, TooClose
from schemas.pair import PairState, Session
from tools.docs.example_pairs import MENTEE, MODULES, NEXT

MENTOR_SIDE, MENTEE_SIDE = e.Side.MENTOR, e.Side.MENTEE
EventForState = Callable[[PairState], e.Event]
"""The event about a pair in its present state."""


def _invited(state: PairState) -> dict[str, object]:
    """Session, attempt and sequence of the newest invite; of the first one where there is none yet."""
    s = state.sessions[-1] if state.sessions else None
    return {
        "session": s.number if s else 1,
        "attempt": s.attempt if s else 1,
        "sequence": max(s.sequence, 0) if s else 0,
    }


def _answer(answer: e.InvitationAnswer, side: e.Side = MENTEE_SIDE) -> EventForState:
    return lambda state: e.InvitationAnswered.model_validate(
        {**_invited(state), "answer": answer, "side": side}
    )


def _other_time(off: timedelta = timedelta(0)) -> EventForState:
    """The first alternative offered, by a clock that is `off`."""

    def aim(state: PairState) -> e.Event:
        offered = state.sessions[-1].alternatives if state.sessions else ()
        start = (offered[0] if offered else state.now) + off
        return e.InvitationAnswered.model_validate(
            {
                **_invited(state),
                "answer": e.InvitationAnswer.ANOTHER_TIME,
                "start": start,
            }
        )

    return aim


def _newest(state: PairState) -> Session | None:
    """The newest session that was proposed."""
    return next((s for s in reversed(state.sessions) if s.start), None)


def _held(held: bool) -> EventForState:
    def aim(state: PairState) -> e.Event:
        s = _newest(state)
        return e.Held(
            session=s.number if s else 1, attempt=s.attempt if s else 1, held=held
        )

    return aim


def _pulse(state: PairState) -> e.Event:
    s = _newest(state)
    return e.PulseReceived(session=s.number if s else 1, pulse="other")


def _this(event: e.Event) -> EventForState:
    return lambda state: event


SENT_EVENTS: dict[str, dict[str, EventForState]] = {
    "volunteered": {"": _this(e.Volunteered(windows=True))},
    "declined": {"": _this(e.Declined())},
    "windows_given": {
        "mentor": _this(e.WindowsGiven(side=MENTOR_SIDE)),
        "mentee": _this(e.WindowsGiven(side=MENTEE_SIDE)),
    },
    "module_completed": {"": _this(e.ModuleCompleted(module=MODULES[1]))},
    "charter_signed": {
        "mentor": _this(e.CharterSigned(side=MENTOR_SIDE)),
        "mentee": _this(e.CharterSigned(side=MENTEE_SIDE)),
    },
    "rehearsed": {"": _this(e.Rehearsed())},
    "matched": {
        "with the same mentee": _this(e.Matched(mentee=MENTEE)),
        "with another mentee": _this(e.Matched(mentee=NEXT)),
    },
    "agreed": {
        "mentor": _this(e.MatchAgreed(side=MENTOR_SIDE, mentee=MENTEE)),
        "mentee, with the charter": _this(
            e.MatchAgreed(side=MENTEE_SIDE, mentee=MENTEE, charter=True)
        ),
        "mentee, without the charter": _this(
            e.MatchAgreed(side=MENTEE_SIDE, mentee=MENTEE)
        ),
    },
    "refused": {"either": _this(e.MatchRefused(side=MENTEE_SIDE, mentee=MENTEE))},
    "answered": {
        "yes": _answer(e.InvitationAnswer.YES),
        "yes, by the mentor": _answer(e.InvitationAnswer.YES, MENTOR_SIDE),
        "no": _answer(e.InvitationAnswer.NO),
        "another time": _other_time(),
        "half an hour": _answer(e.InvitationAnswer.HALF_HOUR),
    },
    "held": {"yes": _held(True), "no": _held(False)},
    "pulse_received": {"": _pulse},
    "concern_raised": {"": _this(e.ConcernRaised(concern="c2"))},
    "checked_in": {
        "well": _this(e.CheckedIn(check=1)),
        "not well": _this(e.CheckedIn(check=1, well=False)),
    },
    "person_left": {
        "mentor": _this(e.PersonLeft(side=MENTOR_SIDE)),
        "mentee": _this(e.PersonLeft(side=MENTEE_SIDE, mentee=MENTEE)),
    },
    "too_close": {"": _this(TooClose(mentee=MENTEE, check=7))},
    "apart_again": {"": _this(ApartAgain(mentee=MENTEE, check=8))},
    "notice_failed": {"": _this(e.NoticeFailed(notice="n1", reason="address_refused"))},
    "sign_off": {"": _this(u.SignOffMentor(rehearsed=True))},
    "waive": {
        "the charter": _this(u.WaiveGateItem(item="charter", reason="done_elsewhere"))
    },
    "pause": {"": _this(u.PausePair())},
    "resume": {"": _this(u.ResumePair())},
    "reschedule": {
        "": lambda state: u.RescheduleSession.model_validate(
            {"session": _invited(state)["session"]}
        )
    },
    "rematch": {"": _this(u.RematchPair(reason="reorganised"))},
    "keep": {"": _this(KeptTogether(reason="agreed"))},
    "end": {"": _this(u.EndPair(reason="asked"))},
}
"""By the name of the signal or update, and how it differs; a name without a way to send it is missed by a test."""
