"""Looks for times before a signal that makes its pair search for some."""

from datetime import datetime
from typing import Any

import structlog

from activities.persistence.store import Store
from domain.scheduling.early_search import may_begin_search, search_begun
from domain.scheduling.slots import choose_slots
from schemas.events import SIGNAL_MODELS, EarlySlots, PairSignal
from schemas.pair import PairState

log = structlog.get_logger(__name__)


async def with_early_slots(
    store: Store, pair: str, kind: str, payload: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """The payload of a signal with times for the session that it makes its pair plan.

    The payload as it was where the signal makes it plan none, or the times cannot be
    found out: the pair looks itself then. `now` is wall time.
    """
    model = SIGNAL_MODELS.get(kind)
    try:
        signal = model.model_validate(payload) if model else None
        if signal is None or not may_begin_search(signal):
            return payload
        detail = await store.pairs.find(pair)
        slots = (
            detail and detail.state and await _slots(store, detail.state, signal, now)
        )
    # A shortcut may fail in any way: the pair has the long way.
    except Exception as error:
        log.warning("no_early_search", error=type(error).__name__)
        return payload
    return {**payload, "slots": slots.model_dump(mode="json")} if slots else payload


async def _slots(
    store: Store, state: PairState, signal: PairSignal, now: datetime
) -> EarlySlots | None:
    at = state.clock.programme(now)
    asked = search_begun(state, signal, at)
    if asked is None:
        return None
    found = choose_slots(await store.agendas.of_pair(asked.pair, asked.mentee), asked)
    if not found.starts:
        return None
    return EarlySlots(
        at=at, mentee=asked.mentee, minutes=asked.minutes, starts=found.starts
    )
