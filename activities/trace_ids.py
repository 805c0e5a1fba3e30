"""Which trace an event belongs to: its ids follow from the event's key.

So whichever gateway delivers an event, and after a restart too, goes on with the trace
that began when it was received; nothing has to be kept for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import NamedTuple


class TraceIds(NamedTuple):
    """Ids of a trace and of its first span, neither of them 0."""

    trace: int
    span: int


CHOSEN: ContextVar[TraceIds | None] = ContextVar("chosen_trace_ids", default=None)
"""Ids of the span that is being started; None: they are drawn."""


def trace_of_event(key: str) -> TraceIds:
    digest = sha256(f"trace\n{key}".encode()).digest()
    trace, span = digest[:16], digest[16:24]
    return TraceIds(int.from_bytes(trace) or 1, int.from_bytes(span) or 1)


@contextmanager
def chosen(ids: TraceIds) -> Iterator[None]:
    """Have spans that are started in the block bear these ids."""
    token = CHOSEN.set(ids)
    try:
        yield
    finally:
        CHOSEN.reset(token)
