"""Waiting for what happens elsewhere: asked again and again, with an end."""

import asyncio
from collections.abc import Awaitable, Callable

LONGEST_WAIT_SECONDS = 150
"""Whatever a test waits for has come by then, on the busiest machine; it only ends a wait
for what never comes."""
LOOK_SECONDS = 0.05
"""Between two looks."""


async def until(
    holds: Callable[[], Awaitable[bool]],
    what: str = "what was waited for did not happen",
) -> None:
    """Wait until it holds; without that the test fails with `what`."""
    try:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while not await holds():
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise AssertionError(f"{what}, within {LONGEST_WAIT_SECONDS} seconds") from None
