"""The section of docs/events.md on late and odd arrivals at a pair: each was played, and its outcome came of it."""

from collections.abc import Callable
from datetime import timedelta

from schemas import events as e
from schemas import pair_updates as u
from schemas.guard import ApartAgain, TooClose
from tools.docs import example_pairs, late_pairs
from tools.docs.example_pairs import HOUR, MENTEE, MODULES, ExamplePair
from tools.docs.outcomes import outcome

HEAD = """## Late, early, twice, astray: at a pair

Two rules stand behind this table. What a person said counts as long as it still can; and nothing is ever held against
anybody because they were silent, or because a message took its time.
"""


def _to(sequence: int, answer: e.InvitationAnswer) -> e.Event:
    return e.InvitationAnswered(session=1, sequence=sequence, answer=answer)


def _other_time(
    pair: Callable[[], ExamplePair], off: timedelta = timedelta(0)
) -> e.Event:
    start = pair().session.alternatives[0] + off
    return e.InvitationAnswered(
        session=1, sequence=0, answer=e.InvitationAnswer.ANOTHER_TIME, start=start
    )


MENTOR_SIDE, MENTEE_SIDE = e.Side.MENTOR, e.Side.MENTEE
YES, NO, HELD, NOT_HELD = (
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
    e.PulseReceived(session=number, pulse="one") for number in (1, 2)
)
A_TIME, TWO_OFF = (
    _other_time(example_pairs.proposed),
    _other_time(example_pairs.proposed, 2 * HOUR),
)
LATE_EVENTS: list[tuple[str, str, Callable[[], ExamplePair], e.Event]] = [
    # what arrives, the situation of the pair by then, how it is played, and the event
    (
        "`answered` yes",
        "the invitation was replaced by a newer one",
        late_pairs.replaced,
        _to(0, YES),
    ),
    (
        "`answered` no",
        "the time was moved, so the invitation is a newer one",
        late_pairs.moved,
        _to(0, NO),
    ),
    (
        "`answered` yes",
        "declined before; another time is looked for",
        late_pairs.looking_again,
        _to(0, YES),
    ),
    (
        "`answered` yes",
        "the proposed time came without an answer",
        late_pairs.lapsed,
        _to(0, YES),
    ),
    (
        "`answered` no",
        "agreed in the meantime, on the same invitation",
        example_pairs.agreed,
        _to(0, NO),
    ),
    ("`answered` no", "the agreed session has begun", example_pairs.past, _to(0, NO)),
    ("`answered` another time", "a time is proposed", example_pairs.proposed, A_TIME),
    (
        "`answered` another time, two hours off",
        "a time is proposed",
        example_pairs.proposed,
        TWO_OFF,
    ),
    (
        "`answered` another time",
        "that time has passed",
        late_pairs.passed,
        _other_time(late_pairs.passed),
    ),
    (
        "`held` yes, by a clock that is ahead",
        "the session is to come",
        example_pairs.agreed,
        HELD,
    ),
    (
        "`held` no, by a clock that is ahead",
        "the session is to come",
        example_pairs.agreed,
        NOT_HELD,
    ),
    (
        "`held` yes, again",
        "the next session was planned after the same word",
        example_pairs.held_once,
        HELD,
    ),
    (
        "`held` no",
        "the next session was planned after a yes",
        example_pairs.held_once,
        NOT_HELD,
    ),
    ("`held` yes", "a make-up was planned after a no", late_pairs.missed, HELD),
    (
        "`held` yes",
        "nobody said so; a make-up is planned and has not begun",
        example_pairs.not_reported,
        HELD,
    ),
    (
        "`held` no",
        "nobody said so; a make-up is planned",
        example_pairs.not_reported,
        NOT_HELD,
    ),
    (
        "`held` yes, of the first try",
        "the make-up has begun",
        late_pairs.make_up_begun,
        HELD,
    ),
    (
        "`held` yes",
        "the proposal lapsed without an answer, and they met all the same",
        late_pairs.lapsed,
        HELD,
    ),
    (
        "`held` yes",
        "a pause withdrew the session, and they met all the same",
        late_pairs.held_in_a_pause,
        HELD,
    ),
    (
        "`held` yes, of the mentee before",
        "another match is announced",
        late_pairs.rematched,
        HELD,
    ),
    (
        "`pulse_received`",
        "nobody said yet whether the session was held",
        example_pairs.past,
        FIRST_PULSE,
    ),
    (
        "`pulse_received`, a second one",
        "the first one is in",
        example_pairs.one_pulse,
        LAST_PULSE,
    ),
    (
        "`module_completed`",
        "signed off with the module waived",
        example_pairs.signed_off,
        SECOND,
    ),
    ("`module_completed`", "the readiness gate is open", example_pairs.waiting, SECOND),
    (
        "`module_completed`, again",
        "the module counts already",
        example_pairs.waiting,
        FIRST,
    ),
    (
        "`volunteered`",
        "the mentor declined before",
        lambda: example_pairs.invited().on(e.Declined()),
        e.Volunteered(),
    ),
    (
        "`declined`",
        "the mentor volunteered, and the gate is not open",
        example_pairs.signed_off,
        e.Declined(),
    ),
    ("`declined`", "the gate is open", example_pairs.waiting, e.Declined()),
    (
        "`agreed` with the mentee before",
        "another match is announced",
        late_pairs.rematched,
        AGREED,
    ),
    (
        "`matched` with the same mentee",
        "the mentor refused them",
        late_pairs.parted,
        e.Matched(mentee=MENTEE),
    ),
    (
        "`person_left`, the mentee before",
        "another match is announced",
        late_pairs.rematched,
        LEFT,
    ),
    (
        "`too_close`, of a newer look",
        "somebody decided that they go on",
        late_pairs.kept,
        TooClose(mentee=MENTEE, check=9),
    ),
    (
        "`apart_again`, of an older look",
        "frozen by a newer one",
        example_pairs.frozen,
        ApartAgain(mentee=MENTEE, check=5),
    ),
    (
        "`person_left`, the mentee",
        "frozen, the supervisor decides",
        example_pairs.frozen,
        LEFT,
    ),
    (
        "`too_close`",
        "the mentee left before",
        late_pairs.rematched,
        TooClose(mentee=MENTEE, check=9),
    ),
    (
        "`windows_given`",
        "no common time was found",
        example_pairs.no_common_time,
        HOURS,
    ),
    ("`windows_given`", "a time is agreed", example_pairs.agreed, HOURS),
    ("any signal", "the pair is closed", example_pairs.closed, HELD),
    ("any update", "the pair is closed", example_pairs.closed, u.PausePair()),
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
    for arrives, situation, played, event in LATE_EVENTS:
        pair = played()
        lines.append(
            f"| {arrives} | {situation} | {outcome(pair.state, event, pair.now)} |"
        )
    return [*lines, "", CLOCKS]
