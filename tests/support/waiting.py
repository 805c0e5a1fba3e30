"""Waiting for what happens elsewhere: asked again and again, with an end."""

import asyncio
from collections.abc import Awaitable, Callable

LONGEST_WAIT_SECONDS = 150
"""Whatever a test waits for has come by then, on the busiest machine; it only ends a wait
for what never comes."""
FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.25
PAUSE_GROWTH = 1.3
"""Between two looks: each costs a server as much as a short test, and long waits have hundreds."""


async def until(
    holds: Callable[[], Awaitable[bool]],
    what: str = "what was waited for did not happen",
) -> None:
    """Wait until it holds; without that the test fails with `what`."""
    pause = FIRST_PAUSE_SECONDS
    try:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while not await holds():
                await asyncio.sleep(pause)
                pause = min(pause * PAUSE_GROWTH, LONGEST_PAUSE_SECONDS)
    except TimeoutError:
        raise AssertionError(f"{what}, within {LONGEST_WAIT_SECONDS} seconds") from None
