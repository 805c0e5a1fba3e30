"""Search attributes of a pair, upserted only when they change."""

from typing import Any, NamedTuple

from temporalio import workflow
from temporalio.common import SearchAttributeKey

from domain.runs.execution import SUSPENDED
from schemas.pair import PairState
from workflows import options


class ShownPair(NamedTuple):
    """The search attributes of a pair."""

    stage: str
    health: str

    @staticmethod
    def of(state: PairState, *, suspended: bool) -> "ShownPair":
        health = SUSPENDED if suspended else state.health.value
        return ShownPair(state.stage.value, health)


_KEYS: tuple[SearchAttributeKey[Any], ...] = (
    options.STAGE,
    options.HEALTH,
)
"""One for each field of `ShownPair`, in their order."""
NOT_SHOWN_YET = ShownPair("", "")


def upsert_changed(before: ShownPair, now: ShownPair) -> ShownPair:
    """Upsert what differs from `before`. Returns `now`."""
    changed = [
        key.value_set(value)
        for key, value, old in zip(_KEYS, now, before, strict=True)
        if value != old
    ]
    if changed:
        workflow.upsert_search_attributes(changed)
    return now
