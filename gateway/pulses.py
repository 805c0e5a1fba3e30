"""Stores a pulse: its score and words in PostgreSQL alone.

The pair receives only that there is one, and that somebody needs a call.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import randbelow

from activities.persistence.store import Store
from domain.pair.feedback import raises_concern
from schemas.events import Side
from schemas.ids import PairRef, parse_pair_id
from schemas.policy import Feedback
from schemas.records.inbox import NewEvent
from schemas.wording.hidden_characters import without_hidden

LONGEST_DELAY = timedelta(hours=1)
"""Programme time within which a pair receives a concern.

At once, it would be in Temporal's history right behind the pulse of the side that raised
it. Ours: short beside the three days that a supervisor has for the call.
"""


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
    """Write it down; False: another one was there already, and that one counts."""
    return await store.answers.save_pulse(
        pulse.pair,
        pulse.session,
        pulse.side,
        person,
        pulse.score,
        without_hidden(pulse.idea).strip(),
        without_hidden(pulse.comment).strip(),
        pulse.wants_help,
    )


async def concern_of(
    store: Store, source: str, seed: str, pulse: Pulse
) -> NewEvent | None:
    """The concern that a pulse raises, if any; it says neither who nor why."""
    pair = pulse.pair.workflow_id
    detail = await store.pairs.find(pair)
    rules = detail.state.policy.feedback if detail and detail.state else Feedback()
    if not raises_concern(rules, pulse.score, wants_help=pulse.wants_help):
        return None
    return await concern(store, source, pair, seed)


async def concern(store: Store, source: str, pair: str, seed: str) -> NewEvent:
    """A concern about a pair, to be delivered at some moment of the next hour.

    The same seed is the same concern, and it is kept without the person.
    """
    clock = await store.programmes.clock(parse_pair_id(pair).programme)
    pace = max(clock.pace if clock else 1, 1)
    delay = LONGEST_DELAY * randbelow(1_000_000) / 1_000_000 / pace
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
