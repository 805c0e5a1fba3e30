"""What the gateway keeps of an event until its pairs have it. It lives in PostgreSQL, never in Temporal."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from schemas.base import LenientModel
from schemas.ids import Code, PersonId
from schemas.time.calendar import Instant

PAGE_SOURCE = "page"
"""The source of what people answer on their pages; no bearer token is made for it."""


class EventState(StrEnum):
    """The states of an event between the gateway and its pairs."""

    STORED = "stored"
    """Kept, and not at its pairs yet: it is tried again with back-off."""
    WAITING = "waiting"
    """A completion before the start: it is delivered when the person has a pair."""
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    """Given up with a reason; ops may send it again."""


class NewEvent(LenientModel):
    """An event to store. `key` is made from source and id, so the same event twice has the same key."""

    key: str
    source: str
    """Name of the bearer token, or PAGE_SOURCE."""
    event_id: str
    type: str
    kind: str
    """Name of the signal that its pairs get."""
    person: PersonId | None = None
    """Whose live pairs get it, unless `pair` names one."""
    pair: str | None = None
    """Workflow id of the one pair it is for."""
    payload: dict[str, Any] = Field(default_factory=dict)
    """Fields of the signal but `side`, which differs from pair to pair; no score and no free text."""
    occurred_at: Instant | None = None
    """When the sender says it happened, wall time: the CloudEvent's `time`."""
    next_try: Instant | None = None
    """Wall time before which it is not delivered."""
    pause: bool | None = None
    """Puts the pause of the person into force, or out of it, as it is stored."""
    programmes: tuple[Code, ...] = ()
    """It reaches pairs of these only; empty: of every programme."""
    fact: str = ""
    """Digest of what it says, so that its id used again for another fact is noticed;
    empty for what participants answer."""


class KeptEvent(LenientModel):
    """What is compared when an event id comes again."""

    key: str
    type: str = ""
    person: PersonId | None = None
    fact: str = ""
    """Empty: it was archived, and only its key is kept."""
    received_at: Instant | None = None
    """Wall time; None: in the same request."""


class StoredEvent(NewEvent):
    """An event as the inbox keeps it."""

    received_at: Instant
    state: EventState = EventState.STORED
    reason: str | None = None
    """Why it waits or was given up, as a code."""
    attempts: int = 0
    reached: tuple[str, ...] = ()
    """Pairs that have it already; they are not signalled again after a crash."""
