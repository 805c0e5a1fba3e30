"""Stores a pulse: its score and words in PostgreSQL alone.

The pair receives only that there is one, and that somebody needs a call.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import randbelow

from activities.persistence.store import Store
from domain.access.trusted_contacts import trusted_contacts
from domain.pair.feedback import raises_concern
from gateway.context import Gateway
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

_ID_DIGITS = 24


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
    """Write it down; False: another one was there already, and that one counts.

    A comment that nobody would read is not kept.
    """
    readers = await comment_readers(store, pulse.pair) if pulse.comment else ()
    return await store.answers.save_pulse(
        pulse.pair,
        pulse.session,
        pulse.side,
        person,
        pulse.score,
        without_hidden(pulse.idea).strip(),
        without_hidden(pulse.comment).strip() if readers else "",
        pulse.wants_help,
    )


async def comment_readers(store: Store, pair: PairRef) -> tuple[str, ...]:
    """The names of those who read comments of a pair; without any, none is asked for."""
    accounts = await store.accounts.listing()
    return trusted_contacts(accounts, pair.programme, pair.region)


def pulse_id(key: bytes, pulse: Pulse) -> str:
    """The id under which the pair knows a pulse: always the same, and it says not whose it is."""
    return "p" + _keyed(
        key, "pulse", pulse.pair.workflow_id, str(pulse.session), pulse.side
    )


async def concern_of(
    gateway: Gateway, source: str, seed: str, pulse: Pulse
) -> NewEvent | None:
    """The concern that a pulse raises, if any; it says neither who nor why."""
    pair = pulse.pair.workflow_id
    detail = await gateway.store.pairs.find(pair)
    rules = detail.state.policy.feedback if detail and detail.state else Feedback()
    lot = int(_keyed(gateway.options.pulse_key, "lot", pair, seed), 16) / 16**_ID_DIGITS
    if not raises_concern(rules, pulse.score, wants_help=pulse.wants_help, lot=lot):
        return None
    return await concern(gateway, source, pair, seed)


async def concern(gateway: Gateway, source: str, pair: str, seed: str) -> NewEvent:
    """A concern about a pair, to be delivered at some moment of the next hour.

    The same seed is the same concern. It is kept without the person, and nobody without
    the secret can tell from its id what it came from.
    """
    clock = await gateway.store.programmes.clock(parse_pair_id(pair).programme)
    pace = max(clock.pace if clock else 1, 1)
    delay = LONGEST_DELAY * randbelow(1_000_000) / 1_000_000 / pace
    name = "c" + _keyed(gateway.options.pulse_key, "concern", pair, seed)
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


def _keyed(key: bytes, *parts: str) -> str:
    """Hexadecimal digits that look drawn to whoever does not have the key."""
    text = "\n".join(parts).encode()
    return hmac.new(key, text, sha256).hexdigest()[:_ID_DIGITS]
