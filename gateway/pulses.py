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
from domain.calls import (
    answer_draws_call,
    concern_delay,
    drawn_call_delay,
    raises_concern,
)
from gateway.context import Gateway
from schemas.events import Side
from schemas.ids import PairRef, parse_pair_id
from schemas.pair import PairState
from schemas.policy import Feedback
from schemas.records.inbox import NewEvent
from schemas.wording.hidden_characters import without_hidden

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
    lot = _lot(gateway, "lot", pair, seed)
    if not raises_concern(rules, pulse.score, wants_help=pulse.wants_help, lot=lot):
        return None
    return await concern(gateway, source, pair, seed)


async def concern(gateway: Gateway, source: str, pair: str, seed: str) -> NewEvent:
    """A concern about a pair, to be delivered at some moment of the next hour."""
    delay = concern_delay(randbelow(1_000_000) / 1_000_000)
    return await _concern(gateway, source, pair, seed, delay)


async def drawn_call(
    gateway: Gateway, source: str, state: PairState, seed: str
) -> NewEvent | None:
    """The concern that an answer draws by lot for a moment of the next weeks, if any."""
    pair, policy = state.pair.workflow_id, state.policy
    if not answer_draws_call(policy.feedback, _lot(gateway, "later", pair, seed)):
        return None
    delay = drawn_call_delay(policy, randbelow(1_000_000) / 1_000_000)
    return await _concern(gateway, source, pair, f"later\n{seed}", delay)


async def _concern(
    gateway: Gateway, source: str, pair: str, seed: str, delay: timedelta
) -> NewEvent:
    """A concern after a delay in programme time.

    The same seed is the same concern. It is kept without the person, and nobody without
    the secret can tell from its id what it came from.
    """
    clock = await gateway.store.programmes.clock(parse_pair_id(pair).programme)
    delay /= max(clock.pace if clock else 1, 1)
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


def _lot(gateway: Gateway, *parts: str) -> float:
    """From 0 to 1, the same for the same parts."""
    return int(_keyed(gateway.options.pulse_key, *parts), 16) / float(16**_ID_DIGITS)


def _keyed(key: bytes, *parts: str) -> str:
    """Hexadecimal digits that look drawn to whoever does not have the key."""
    text = "\n".join(parts).encode()
    return hmac.new(key, text, sha256).hexdigest()[:_ID_DIGITS]
