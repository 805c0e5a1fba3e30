"""Many requests, some at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def some_at_a_time(
    most: int, ask: Callable[[Item], Awaitable[Result]], items: Iterable[Item]
) -> list[Result]:
    """Ask about every item, `most` of them at the same time; results in their order."""
    gate = asyncio.Semaphore(most)

    async def one(item: Item) -> Result:
        async with gate:
            return await ask(item)

    return await asyncio.gather(*map(one, items))
