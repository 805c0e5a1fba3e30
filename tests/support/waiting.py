"""Waiting for what happens elsewhere: asked again and again, with an end."""

import asyncio
from collections.abc import Awaitable, Callable

LONGEST_WAIT_SECONDS = 60
"""A busy machine needs some of them."""


async def until(
    holds: Callable[[], Awaitable[bool]], what: str = "what the test waits for"
) -> None:
    """Wait until it holds; without that the test fails and says what was waited for."""
    try:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while not await holds():
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(
            f"{what}: not within {LONGEST_WAIT_SECONDS} seconds"
        ) from None
