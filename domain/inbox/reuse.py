"""An event id used for another fact than before: not a repetition, but a mistake of its sender."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256

from schemas.base import LenientModel
from schemas.cloud_events import CloudEvent
from schemas.records.inbox import KeptEvent, NewEvent

CONFIDENTIAL = frozenset({"score", "idea", "comment", "help"})
"""In no digest, which could be compared with one of every mark there is."""
ANSWERS = frozenset({"held", "answer", "start"})
"""What is said about the same session: under one id the first answer counts."""


class EventIdReused(Exception):
    """Events whose ids were used for other facts before: the events, and the earlier ones."""

    def __init__(self, reused: Iterable[tuple[NewEvent, KeptEvent]]) -> None:
        self.reused = tuple(reused)
        super().__init__(f"{len(self.reused)} ids of events were used before")


def fact_of(event: CloudEvent, data: LenientModel) -> str:
    """Returns a digest of what an event is about: the same for a repetition of it."""
    given = data.model_dump(
        mode="json", exclude=set(CONFIDENTIAL | ANSWERS), exclude_unset=True
    )
    said = json.dumps([event.type, event.subject, given], sort_keys=True)
    return sha256(said.encode()).hexdigest()[:32]


def reused_ids(
    events: Iterable[NewEvent], kept: Mapping[str, KeptEvent]
) -> list[tuple[NewEvent, KeptEvent]]:
    """Returns the events whose key is that of another fact: kept before, or earlier among them.

    Of an event that was archived long ago only its key is kept, and nothing is compared.
    """
    known = dict(kept)
    found: list[tuple[NewEvent, KeptEvent]] = []
    for event in events:
        first = known.setdefault(event.key, _kept(event))
        if first.fact and event.fact and first.fact != event.fact:
            found.append((event, first))
    return found


def _kept(event: NewEvent) -> KeptEvent:
    return KeptEvent(
        key=event.key, type=event.type, person=event.person, fact=event.fact
    )
