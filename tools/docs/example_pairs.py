"""Pairs in each stage, for the pages about what happens to them: played by the lifecycle."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from domain.pair.advance import advance, begin, serve_due
from schemas import events as e
from schemas import pair_updates as u
from schemas.guard import TooClose
from schemas.ids import PairRef
from schemas.pair import PairStart, PairState, Session
from schemas.policy import Policy
from schemas.stages import Stage
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock

MONDAY = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
MENTOR, MENTEE, NEXT = "p" + "a" * 13, "p" + "b" * 13, "p" + "c" * 13
MODULES = ("daring", "listening")
POLICY = Policy.model_validate(
    {"training": {"modules": MODULES}, "sessions": {"count": 2}}
)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class ExamplePair:
    """A pair being played: events come at the current time, and deadlines are served as it goes by."""

    def __init__(self) -> None:
        pair = PairRef(programme="mentorat-2027", region="comex", mentor=MENTOR, seat=1)
        self.state: PairState = begin(
            PairStart(
                pair=pair,
                clock=Clock(programme_epoch=MONDAY, wall_epoch=MONDAY),
                policy=POLICY,
                calendar=WorkCalendar(),
                starts_at=MONDAY,
            )
        )
        self.now = MONDAY
        self.on(e.Started())

    def on(self, *events: e.Event) -> "ExamplePair":
        for event in events:
            self.state = advance(self.state, event, self.now).state
        return self

    def until(self, time: datetime) -> "ExamplePair":
        self.now = time
        self.state = serve_due(self.state, time, served_at=lambda due: due)
        return self

    @property
    def session(self) -> Session:
        return self.state.sessions[-1]

    @property
    def start(self) -> datetime:
        """Returns the start of the newest session."""
        assert (
            self.session.start is not None
        )  # asked only of a session that was proposed
        return self.session.start

    def slots(self, *after: timedelta) -> "ExamplePair":
        """Times found, so long after the earliest that was asked for."""
        asked = self.state.finding
        assert asked is not None  # asked only while a time is looked for
        starts = tuple(asked.earliest + span for span in after)
        return self.on(
            e.SlotsFound(revision=asked.revision, session=asked.session, starts=starts)
        )

    def answer(
        self, answer: e.InvitationAnswer, start: datetime | None = None
    ) -> "ExamplePair":
        s = self.session
        return self.on(
            e.InvitationAnswered(
                session=s.number,
                attempt=s.attempt,
                sequence=s.sequence,
                answer=answer,
                start=start,
            )
        )

    def paused(self) -> "ExamplePair":
        return self.on(u.PausePair())


def invited() -> ExamplePair:
    return ExamplePair()


def to_be_signed_off() -> ExamplePair:
    return ExamplePair().on(
        e.Volunteered(windows=True),
        *(e.ModuleCompleted(module=module) for module in MODULES),
    )


def signed_off() -> ExamplePair:
    done: list[e.Event] = [
        e.ModuleCompleted(module=MODULES[0]),
        u.WaiveGateItem(item=f"module:{MODULES[1]}", reason="known"),
    ]
    return ExamplePair().on(
        e.Volunteered(windows=True), *done, u.SignOffMentor(rehearsed=True)
    )


def waiting() -> ExamplePair:
    return signed_off().on(e.CharterSigned(side=e.Side.MENTOR))


def announced() -> ExamplePair:
    return waiting().on(e.Matched(mentee=MENTEE))


def mentor_agreed() -> ExamplePair:
    return announced().on(e.MatchAgreed(side=e.Side.MENTOR, mentee=MENTEE))


def looking() -> ExamplePair:
    return mentor_agreed().on(
        e.MatchAgreed(side=e.Side.MENTEE, mentee=MENTEE, charter=True)
    )


def no_common_time() -> ExamplePair:
    return looking().slots()


def proposed() -> ExamplePair:
    return looking().slots(DAY, 2 * DAY)


def declined_again() -> ExamplePair:
    """As often as a week may have: now somebody calls."""
    life = proposed()
    for days in range(1, POLICY.sessions.declines_a_week):
        life = life.answer(e.InvitationAnswer.NO).slots((2 + days) * DAY)
    return life.answer(e.InvitationAnswer.NO)


def mentee_silent() -> ExamplePair:
    """Long enough for the mentor to be asked, and before the time proposed."""
    life = looking().slots(8 * DAY, 9 * DAY)
    return life.until(life.start - HOUR)


def agreed() -> ExamplePair:
    return proposed().answer(e.InvitationAnswer.YES)


def past() -> ExamplePair:
    life = agreed()
    return life.until(life.start + 2 * HOUR)


def not_reported() -> ExamplePair:
    life = agreed()
    return life.until(life.start + 20 * DAY)


def held_once() -> ExamplePair:
    return past().on(e.Held(session=1))


def frozen() -> ExamplePair:
    return agreed().on(TooClose(mentee=MENTEE, check=7))


def concern() -> ExamplePair:
    return held_once().on(e.ConcernRaised(concern="c1"))


def all_held() -> ExamplePair:
    life = held_once().slots(DAY).answer(e.InvitationAnswer.YES)
    return life.until(life.start + 2 * HOUR).on(e.Held(session=2))


def one_pulse() -> ExamplePair:
    return all_held().on(e.PulseReceived(session=2, pulse="one"))


def closed() -> ExamplePair:
    return one_pulse().on(e.PulseReceived(session=2, pulse="other"))


SITUATIONS: dict[Stage, dict[str, Callable[[], ExamplePair]]] = {
    Stage.TRAINING: {
        "just invited": invited,
        "the sign-off is asked for": to_be_signed_off,
        "signed off, the charter missing": signed_off,
    },
    Stage.MATCHING: {
        "waits for a match": waiting,
        "a match is announced": announced,
        "the mentor has agreed": mentor_agreed,
    },
    Stage.SESSIONS: {
        "a time is looked for": looking,
        "no common time was found": no_common_time,
        "a time is proposed": proposed,
        "declined again and again, a call is asked for": declined_again,
        "the mentee stayed silent, the mentor is asked": mentee_silent,
        "a time is agreed": agreed,
        "its time has passed": past,
        "nobody said whether it was held": not_reported,
        "held, and a call is asked for": concern,
        "frozen, the supervisor decides": frozen,
    },
    Stage.FEEDBACK: {
        "the last pulses are awaited": all_held,
        "the mentor's pulse is in": one_pulse,
    },
    Stage.CLOSED: {"completed": closed},
}
"""The states of a pair in each stage, in words, and how it comes to them."""
