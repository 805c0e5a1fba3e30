"""Waiting for what happens elsewhere: asked again and again, with an end."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 60
"""Seconds; a busy machine needs some of them."""


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until it holds; without that the test fails and says what was waited for."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not await holds():
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{what}: not within {PATIENCE} seconds") from None
