"""All who have something to say to one pair: what its life brings, three times and in any order, among nonsense."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from schemas.effects import Record
from schemas.events import UPDATES
from schemas.ids import PairRef
from schemas.notices import Notice, Template
from tests.support.played import MENTEE, willing

Message = tuple[str, list[Any]]
Asked = tuple[str, dict[str, Any]]

TIMES = 3
"""How often each event is delivered: at least once, whatever its sender forgot."""
A_BURST = 14
"""Messages at once, nonsense aside."""
A_WHILE = timedelta(seconds=3)
"""Nobody is silent for longer."""
OTHERS = tuple("p" + letter * 13 for letter in "cdefg")
UPDATE_NAMES = frozenset(kind.kind for kind in UPDATES)
FROM_THE_START: tuple[Asked, ...] = (
    ("module_completed", {"module": "listening"}),
    ("module_completed", {"module": "another"}),
    ("rehearsed", {}),
    ("charter_signed", {"side": "mentor"}),
    ("windows_given", {"side": "mentee"}),
    ("concern_raised", {"concern": "c1"}),
    ("notice_failed", {"notice": "n1", "reason": "address_refused"}),
    ("directives_changed", {}),
)
NOT_JSON = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"{"))
NONSENSE: tuple[Message, ...] = (
    ("answered", []),
    ("answered", [None]),
    ("answered", [{"session": "Zoe"}]),
    ("answered", [{"session": 1}, {"session": 2}]),
    ("answered", [NOT_JSON]),
    (
        "answered",
        [
            {
                "session": 1,
                "sequence": 0,
                "answer": "yes",
                "start": "0001-01-01T00:00:00+14:00",
            }
        ],
    ),
    ("held", [{"session": 10**30}]),
    ("matched", [[[[]]]]),
    ("answred", [{"session": 1}]),
    ("Zoe Nonsense", [NOT_JSON, {}]),
)
UPDATES_SENT_OFTEN: tuple[Message, ...] = (
    ("resume", [{}]),
    ("resume", [{"scope": "directive"}]),
    ("waive", [{"item": "charter", "reason": "known"}]),
    ("reschedule", [{"session": 1}]),
    ("sign_off", [{"rehearsd": True}]),
    ("end", [NOT_JSON]),
    ("waive", [{"item": "Zoe"}, {}]),
)
UPDATES_SENT_RARELY: tuple[Message, ...] = (
    ("pause", [{}]),
    ("pause", [{"scope": "directive"}]),
    ("rematch", [{"reason": "asked"}]),
)


@dataclass
class Sender:
    """Everybody who sends messages to one pair."""

    pair: PairRef
    random: Random
    left: int
    """Messages that are still sent."""
    due: list[tuple[datetime, Message]] = field(default_factory=list)
    message: list[Message] = field(default_factory=list)
    accepted: int = 0
    """Signals that Temporal took."""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def has(self, when: datetime, message: Asked, times: int = TIMES) -> None:
        self.due += [(when, (message[0], [message[1]]))] * times
        self.news.set()

    def answer(self, record: Record, when: dict[Notice, datetime]) -> None:
        """Everybody is willing; one of the three is too early where a notice is queued ahead."""
        now = datetime.now(UTC)
        happened = {line.what for line in record.lines}
        for notice, at in when.items():
            if answer := _answer(notice):
                self.has(now, answer, times=1)
                self.has(max(now, at), answer, times=TIMES - 1)
        if "parted" in happened:
            self.has(now, ("matched", {"mentee": self.random.choice(OTHERS)}))
        if "paused" in happened:
            self.has(now, ("resume", {"scope": "pair"}))
            self.has(now, ("directives_changed", {}))

    def burst(self) -> list[Message]:
        """Messages that may be sent by now, in any order.

        Some are new, one was sent before, some are nonsense, and at times there is an update.
        """
        now = datetime.now(UTC)
        ready = [each for each in self.due if each[0] <= now]
        fresh = self.random.sample(ready, k=min(A_BURST, -(-2 * len(ready) // 3)))
        for each in fresh:
            self.due.remove(each)
        again = self.random.sample(self.message, k=min(1, len(self.message)))
        self.message += [message for _, message in fresh]
        burst = [
            *(message for _, message in fresh),
            *again,
            *self.random.choices(NONSENSE, k=2),
            *self._decision(),
        ]
        self.random.shuffle(burst)
        self.left -= len(burst)
        return burst

    def _decision(self) -> list[Message]:
        """Now and then."""
        often = self.random.random()
        return (
            []
            if often < 0.6
            else [
                self.random.choice(
                    UPDATES_SENT_RARELY if often > 0.96 else UPDATES_SENT_OFTEN
                )
            ]
        )

    async def something_to_say(self) -> None:
        """Wait for it, a little while at most."""
        left = min(
            (when for when, _ in self.due), default=datetime.max.replace(tzinfo=UTC)
        ) - datetime.now(UTC)
        if left > timedelta(0):
            self.news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self.news.wait(), min(left, A_WHILE).total_seconds()
                )


def _answer(notice: Notice) -> Asked | None:
    match notice.template:
        case Template.SIGN_OFF_REQUEST:
            return "sign_off", {"rehearsed": True}
        case Template.READY:
            return "matched", {"mentee": MENTEE}
        case _:
            return willing(notice)
