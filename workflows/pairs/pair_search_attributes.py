"""Search attributes of a pair, upserted only when they change."""

from typing import Any, NamedTuple

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from schemas.pair import PairState
from workflows import options

SUSPENDED = "suspended"
"""Shown as health, so that lists and the reconciler find a pair that must be repaired."""


class ShownPair(NamedTuple):
    """The search attributes of a pair."""

    stage: str
    health: str
    sessions_held: int

    @staticmethod
    def of(state: PairState, *, suspended: bool) -> "ShownPair":
        health = SUSPENDED if suspended else state.health.value
        return ShownPair(state.stage.value, health, state.held)


NOT_SHOWN_YET = ShownPair("", "", -1)


def upsert_changed(before: ShownPair, now: ShownPair) -> ShownPair:
    """Upsert what differs from `before`. Returns `now`."""
    changed: list[SearchAttributeUpdate[Any]] = []
    if now.stage != before.stage:
        changed.append(options.STAGE.value_set(now.stage))
    if now.health != before.health:
        changed.append(options.HEALTH.value_set(now.health))
    if now.sessions_held != before.sessions_held:
        changed.append(options.SESSIONS_HELD.value_set(now.sessions_held))
    if changed:
        workflow.upsert_search_attributes(changed)
    return now
