"""A process that starts beside its servers waits for them a while, instead of ending and being started again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from activities.persistence.database import DatabaseUnavailable

T = TypeVar("T")

PAUSE = 0.5
TRIES = 120
"""A minute in all."""


async def patiently(opened: Callable[[], Awaitable[T]], what: str) -> T:
    """Try for a minute; the last failure is raised."""
    for attempt in range(1, TRIES + 1):
        try:
            return await opened()
        except (
            DatabaseUnavailable,
            RuntimeError,
        ) as error:  # RuntimeError is what the SDK raises when nobody answers
            if attempt == TRIES:
                raise
            structlog.get_logger(__name__).warning(
                "waiting for a server", server=what, because=type(error).__name__
            )
            await asyncio.sleep(PAUSE)
    raise AssertionError("unreachable")
