"""A process that starts beside its servers waits for them, instead of ending and being started again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from temporalio.service import RPCError

from activities.persistence.database import DatabaseUnavailable

T = TypeVar("T")

RETRY_SECONDS = 0.5
MOST_TRIES = 120
"""Most tries to reach a server before giving up: a minute in all."""


async def wait_for(connect: Callable[[], Awaitable[T]], server: str) -> T:
    """Connect as soon as the server answers; after a minute the last failure is raised."""
    for _ in range(MOST_TRIES - 1):
        try:
            return await connect()
        # RuntimeError is what Temporal's SDK raises when nobody answers.
        except (DatabaseUnavailable, RPCError, RuntimeError, OSError) as error:
            structlog.get_logger(__name__).warning(
                "waiting for a server", server=server, because=type(error).__name__
            )
            await asyncio.sleep(RETRY_SECONDS)
    return await connect()
