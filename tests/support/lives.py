"""The same pair everywhere: a mentor's seat in comex, starting on a Monday."""

from datetime import UTC, datetime, timedelta

from domain.pair.advance import Transition, advance, begin, serve_due
from schemas.events import Event, SlotsFound
from schemas.ids import PairRef
from schemas.pair import PairStart, PairState
from schemas.policy import Feedback, Policy
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock

MONDAY = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
MENTOR = "p" + "a" * 13
MENTEE = "p" + "b" * 13
OTHER = "p" + "c" * 13
PAIR = PairRef(programme="demo", region="comex", mentor=MENTOR, seat=1)
CLOCK = Clock(programme_epoch=MONDAY, wall_epoch=MONDAY)
DAY = timedelta(days=1)
NO_DRAWN_CALLS = Policy(feedback=Feedback(drawn_calls=0))
"""Chance plays no part in these lives."""
A_START = PairStart(
    pair=PAIR,
    clock=CLOCK,
    policy=NO_DRAWN_CALLS,
    calendar=WorkCalendar(),
    starts_at=MONDAY,
    windows_known=True,
)


def a_pair(
    policy: Policy | dict[str, object] | None = None,
    calendar: WorkCalendar | None = None,
) -> PairState:
    if isinstance(policy, dict):
        policy = Policy.model_validate({"feedback": {"drawn_calls": 0}, **policy})
    return begin(
        A_START.model_copy(
            update={
                "policy": policy or NO_DRAWN_CALLS,
                "calendar": calendar or WorkCalendar(),
            }
        )
    )


class Life:
    """A pair being played: each event at the current time; deadlines are served as time goes by."""

    def __init__(self, state: PairState) -> None:
        self.state = state
        self.now = state.now
        self.ignored: str | None = None

    def on(self, *events: Event) -> "Life":
        for event in events:
            done: Transition = advance(self.state, event, self.now)
            self.state, self.ignored = done.state, done.ignored
        return self

    def wait(self, span: timedelta) -> "Life":
        self.now += span
        self.state = serve_due(self.state, self.now, served_at=lambda due: due)
        return self

    def slots(self, *starts: datetime) -> "Life":
        asked = self.state.finding
        assert asked is not None, "nobody looks for a time"
        first = asked.earliest + (1 + len(asked.refused)) * DAY
        found = starts or (first, first + DAY)
        return self.on(
            SlotsFound(revision=asked.revision, session=asked.session, starts=found)
        )

    def sent(self) -> list[tuple[str, str]]:
        """(template, recipient) of every notice that left, oldest first."""
        return [
            (n.template.value, n.to.value) for r in self.state.outbox for n in r.notices
        ]
