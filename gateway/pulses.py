"""A pulse: score and words to PostgreSQL, to the pair only that there is one, and that somebody needs a call."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import randbelow

from activities.persistence.store import Store
from schemas.events import Side
from schemas.ids import PairRef, parse_pair_id
from schemas.inbox import NewEvent
from schemas.policy import Feedback

LONGEST_DELAY = timedelta(hours=1)
"""Programme time within which a pair hears of a concern. At once, it would stand in Temporal's history right behind the
pulse of the side that raised it. Ours: short beside the three days that a supervisor has for the call."""


@dataclass(frozen=True)
class Pulse:
    """One side's answer after a session."""

    pair: PairRef
    session: int
    side: Side
    score: int
    idea: str = ""
    comment: str = ""
    wants_help: bool = False


async def keep_pulse(store: Store, person: str, pulse: Pulse) -> bool:
    """Write it down; False: another one was there already, and that one stands."""
    return await store.answers.save_pulse(
        pulse.pair,
        pulse.session,
        pulse.side,
        person,
        pulse.score,
        pulse.idea.strip(),
        pulse.comment.strip(),
        pulse.wants_help,
    )


async def concern_of(
    store: Store, source: str, key: str, pulse: Pulse
) -> NewEvent | None:
    """The concern that a call for help or a low score raises; it says neither who nor why."""
    if not pulse.wants_help:
        detail = await store.pairs.find(pulse.pair.workflow_id)
        feedback = (
            detail.state.policy.feedback if detail and detail.state else Feedback()
        )
        if pulse.score > feedback.low_score:
            return None
    return await concern(store, source, pulse.pair.workflow_id, key)


async def concern(store: Store, source: str, pair: str, seed: str) -> NewEvent:
    """A concern about a pair, for some moment of the next hour; the same seed is the same concern, at its first moment.

    It is kept without the person.
    """
    clock = await store.programmes.clock(parse_pair_id(pair).programme)
    delay = (
        LONGEST_DELAY
        * randbelow(1_000_000)
        / 1_000_000
        / max(clock.pace if clock else 1, 1)
    )
    name = "c" + sha256(f"concern\n{pair}\n{seed}".encode()).hexdigest()[:24]
    return NewEvent(
        key="e" + name,
        source=source,
        event_id=name,
        type="binome.concern_raised.v1",
        kind="concern_raised",
        pair=pair,
        payload={"concern": name},
        next_try=datetime.now(UTC) + delay,
    )
