"""The section of docs/events.md on late and odd arrivals at a pair: each was played, and its outcome came of it."""

from collections.abc import Callable
from datetime import timedelta

from schemas import events as e
from schemas import pair_updates as u
from schemas.guard import ApartAgain, KeptTogether, TooClose
from tools.docs import lives
from tools.docs.lives import DAY, HOUR, MENTEE, MODULES, NEXT, Life
from tools.docs.outcomes import outcome

HEAD = """## Late, early, twice, astray: at a pair

Two rules stand behind this table. What a person said counts as long as it still can; and nothing is ever held against
anybody because they were silent, or because a message took its time.
"""


def _looking_again() -> Life:
    return lives.proposed().answer(e.InvitationAnswer.NO)


def _replaced() -> Life:
    return _looking_again().slots(5 * DAY)


def _moved() -> Life:
    life = lives.proposed()
    return life.answer(e.InvitationAnswer.ANOTHER_TIME, life.session.alternatives[0])


def _lapsed() -> Life:
    life = lives.proposed()
    return life.until(life.start + HOUR)


def _passed() -> Life:
    life = lives.looking().slots(5 * DAY, DAY)
    return life.until(life.session.alternatives[0] + HOUR)


def _make_up_begun() -> Life:
    life = lives.nobody_said().slots(DAY).answer(e.InvitationAnswer.YES)
    return life.until(life.start + HOUR)


def _met_in_a_pause() -> Life:
    life = lives.agreed()
    start = life.start
    return life.paused().until(start + 2 * HOUR)


def _rematched() -> Life:
    return lives.nobody_said().on(
        e.PersonLeft(side=e.Side.MENTEE, mentee=MENTEE), e.Matched(mentee=NEXT)
    )


def _parted() -> Life:
    return lives.announced().on(e.MatchRefused(side=e.Side.MENTOR, mentee=MENTEE))


def _missed() -> Life:
    return lives.past().on(e.Held(session=1, held=False))


def _both_pulses_in() -> Life:
    life = lives.held_once().slots(DAY).answer(e.InvitationAnswer.YES)
    return life.until(life.start + 2 * HOUR).on(
        *(e.PulseReceived(session=2, side=side) for side in e.Side)
    )


def _kept() -> Life:
    return lives.frozen().on(KeptTogether(reason="agreed"))


def _to(sequence: int, answer: e.InvitationAnswer) -> e.Event:
    return e.InvitationAnswered(session=1, sequence=sequence, answer=answer)


def _other_time(life: Callable[[], Life], off: timedelta = timedelta(0)) -> e.Event:
    start = life().session.alternatives[0] + off
    return e.InvitationAnswered(
        session=1, sequence=0, answer=e.InvitationAnswer.ANOTHER_TIME, start=start
    )


MENTOR_SIDE, MENTEE_SIDE = e.Side.MENTOR, e.Side.MENTEE
YES, NO, HELD, MET_NOT = (
    e.InvitationAnswer.YES,
    e.InvitationAnswer.NO,
    e.Held(session=1),
    e.Held(session=1, held=False),
)
FIRST, SECOND = (e.ModuleCompleted(module=module) for module in MODULES)
LEFT, AGREED = (
    e.PersonLeft(side=MENTEE_SIDE, mentee=MENTEE),
    e.MatchAgreed(side=MENTOR_SIDE, mentee=MENTEE),
)
HOURS = e.WindowsGiven(side=MENTEE_SIDE)
FIRST_PULSE, LAST_PULSE = (
    e.PulseReceived(session=number, side=MENTOR_SIDE) for number in (1, 2)
)
A_TIME, TWO_OFF = _other_time(lives.proposed), _other_time(lives.proposed, 2 * HOUR)
LATE: list[tuple[str, str, Callable[[], Life], e.Event]] = [
    # what arrives, how the pair stands by then, played so, and the event
    (
        "`answered` yes",
        "the invitation was replaced by a newer one",
        _replaced,
        _to(0, YES),
    ),
    (
        "`answered` no",
        "the time was moved, so the invitation is a newer one",
        _moved,
        _to(0, NO),
    ),
    (
        "`answered` yes",
        "declined before; another time is looked for",
        _looking_again,
        _to(0, YES),
    ),
    (
        "`answered` yes",
        "the proposed time came without an answer",
        _lapsed,
        _to(0, YES),
    ),
    (
        "`answered` no",
        "agreed in the meantime, on the same invitation",
        lives.agreed,
        _to(0, NO),
    ),
    ("`answered` no", "the agreed session has begun", lives.past, _to(0, NO)),
    ("`answered` another time", "a time is proposed", lives.proposed, A_TIME),
    (
        "`answered` another time, two hours off",
        "a time is proposed",
        lives.proposed,
        TWO_OFF,
    ),
    ("`answered` another time", "that time has passed", _passed, _other_time(_passed)),
    (
        "`held` yes, by a clock that is ahead",
        "the session is to come",
        lives.agreed,
        HELD,
    ),
    (
        "`held` no, by a clock that is ahead",
        "the session is to come",
        lives.agreed,
        MET_NOT,
    ),
    (
        "`held` yes, again",
        "the next session was planned after the same word",
        lives.held_once,
        HELD,
    ),
    ("`held` no", "the next session was planned after a yes", lives.held_once, MET_NOT),
    ("`held` yes", "a make-up was planned after a no", _missed, HELD),
    (
        "`held` yes",
        "nobody said so; a make-up is planned and has not begun",
        lives.nobody_said,
        HELD,
    ),
    ("`held` no", "nobody said so; a make-up is planned", lives.nobody_said, MET_NOT),
    ("`held` yes, of the first try", "the make-up has begun", _make_up_begun, HELD),
    (
        "`held` yes",
        "the proposal lapsed without an answer, and they met all the same",
        _lapsed,
        HELD,
    ),
    (
        "`held` yes",
        "a pause withdrew the session, and they met all the same",
        _met_in_a_pause,
        HELD,
    ),
    (
        "`held` yes, of the mentee before",
        "another match is announced",
        _rematched,
        HELD,
    ),
    (
        "`pulse_received`",
        "nobody said yet whether the session was held",
        lives.past,
        FIRST_PULSE,
    ),
    (
        "`held` yes, of the last session",
        "both pulses came first",
        _both_pulses_in,
        e.Held(session=2),
    ),
    (
        "`pulse_received`, a second one",
        "the first one is in",
        lives.one_pulse,
        LAST_PULSE,
    ),
    (
        "`module_completed`",
        "signed off with the module waived",
        lives.signed_off,
        SECOND,
    ),
    ("`module_completed`", "the readiness gate is open", lives.waiting, SECOND),
    ("`module_completed`, again", "the module counts already", lives.waiting, FIRST),
    (
        "`volunteered`",
        "the mentor declined before",
        lambda: lives.invited().on(e.Declined()),
        e.Volunteered(),
    ),
    (
        "`declined`",
        "the mentor volunteered, and the gate is not open",
        lives.signed_off,
        e.Declined(),
    ),
    ("`declined`", "the gate is open", lives.waiting, e.Declined()),
    (
        "`agreed` with the mentee before",
        "another match is announced",
        _rematched,
        AGREED,
    ),
    (
        "`matched` with the same mentee",
        "the mentor refused them",
        _parted,
        e.Matched(mentee=MENTEE),
    ),
    (
        "`person_left`, the mentee before",
        "another match is announced",
        _rematched,
        LEFT,
    ),
    (
        "`too_close`, of a newer look",
        "somebody decided that they go on",
        _kept,
        TooClose(mentee=MENTEE, check=9),
    ),
    (
        "`apart_again`, of an older look",
        "frozen by a newer one",
        lives.frozen,
        ApartAgain(mentee=MENTEE, check=5),
    ),
    ("`person_left`, the mentee", "frozen, the supervisor decides", lives.frozen, LEFT),
    (
        "`too_close`",
        "the mentee left before",
        _rematched,
        TooClose(mentee=MENTEE, check=9),
    ),
    ("`windows_given`", "no common time was found", lives.no_common_time, HOURS),
    ("`windows_given`", "a time is agreed", lives.agreed, HOURS),
    ("any signal", "the pair is closed", lives.closed, HELD),
    ("any update", "the pair is closed", lives.closed, u.Paused()),
]
CLOCKS = """### Clocks that are off

A pair's time is its workflow's, and never goes back. No fact bears a time but one: the `start` of `answered` must be
one of the times offered, exactly, in whatever zone it is written. `held` is measured against the pair's own clock:
word that comes before the session begins changes nothing, and the mentor is asked after its end all the same.
"""


def section() -> list[str]:
    lines = [
        HEAD,
        "| what arrives | how the pair stands by then | what happens |",
        "|---|---|---|",
    ]
    for arrives, stands, played, event in LATE:
        life = played()
        lines.append(
            f"| {arrives} | {stands} | {outcome(life.state, event, life.now)} |"
        )
    return [*lines, "", CLOCKS]
