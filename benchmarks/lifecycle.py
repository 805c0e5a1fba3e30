"""Pure pair-lives a second on one core: the lifecycle alone, against a floor of copying the state as often."""

from datetime import UTC, datetime, timedelta
from time import process_time

from benchmarks.support.tables import table
from domain.pair.advance import advance, begin, serve_due
from schemas.events import (
    CharterSigned,
    Event,
    Held,
    InvitationAnswer,
    InvitationAnswered,
    MatchAgreed,
    Matched,
    PulseReceived,
    Side,
    SlotsFound,
    Started,
    Volunteered,
)
from schemas.ids import PairRef
from schemas.pair import PairStart, PairState
from schemas.pair_updates import SignOffMentor
from schemas.policy import Policy
from schemas.stages import Stage
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock

MONDAY = datetime(2027, 1, 11, 9, tzinfo=UTC)
MENTEE = "p" + "b" * 13
DAY = timedelta(days=1)


def start() -> PairStart:
    return PairStart(
        pair=PairRef(programme="bench", region="comex", mentor="p" + "a" * 13),
        clock=Clock(programme_epoch=MONDAY, wall_epoch=MONDAY),
        policy=Policy(),
        calendar=WorkCalendar(),
        starts_at=MONDAY,
        windows_known=True,
    )


UNTIL_SESSIONS: tuple[Event, ...] = (
    Started(),
    Volunteered(),
    CharterSigned(side=Side.MENTOR),
    SignOffMentor(rehearsed=True),
    Matched(mentee=MENTEE),
    *(MatchAgreed(side=side, mentee=MENTEE, charter=True) for side in Side),
)


def life() -> tuple[PairState, int]:
    """One whole life with six sessions; the closed state and how many events it took."""
    state, now, count = begin(start()), MONDAY, 0

    def on(*events: Event) -> None:
        nonlocal state, count
        for event in events:
            # The outbox is emptied as when it is recorded.
            state = advance(state, event, now).state.having(outbox=())
        count += len(events)

    on(*UNTIL_SESSIONS)
    while state.stage is Stage.SESSIONS:
        asked = state.finding
        assert asked is not None
        on(
            SlotsFound(
                revision=asked.revision,
                session=asked.session,
                starts=(asked.earliest + DAY,),
            )
        )
        now += DAY
        on(
            InvitationAnswered(
                session=asked.session, sequence=0, answer=InvitationAnswer.YES
            )
        )
        now = asked.earliest + 2 * DAY
        state = serve_due(state, now, served_at=lambda due: due)
        on(
            Held(session=asked.session),
            *(PulseReceived(session=asked.session, pulse=side) for side in Side),
        )
    assert state.stage is Stage.CLOSED and state.held == 6
    return state, state.revision


def measure(lives: int = 500) -> list[list[str]]:
    life()
    before = process_time()
    states = [life() for _ in range(lives)]
    spent = process_time() - before
    revisions = states[0][1]
    before = process_time()
    for state, count in states:
        for _ in range(count):
            state.having()
    floor = process_time() - before
    return [
        [
            "pure lives",
            f"{lives / spent:,.0f}",
            f"{spent / lives / revisions * 1e6:.0f}",
            f"{spent / floor:.1f}",
        ],
        [
            "floor: copy the state as often",
            f"{lives / floor:,.0f}",
            f"{floor / lives / revisions * 1e6:.0f}",
            "1",
        ],
    ]


def main() -> None:
    table(
        "Lifecycle, one core (aim: 1,000 lives a second)",
        ["what", "lives/s", "µs a transition", "ratio"],
        measure(),
    )


if __name__ == "__main__":
    main()
