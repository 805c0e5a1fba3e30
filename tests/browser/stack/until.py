"""Waiting for what happens elsewhere: asked again and again, with an end."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 60
"""Seconds."""


async def until(holds: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Raises TimeoutError when it does not hold in time."""
    async with asyncio.timeout(patience):
        while not await holds():  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.1)
