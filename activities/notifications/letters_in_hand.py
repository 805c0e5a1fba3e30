"""Mails under way. They belong to the worker: a run of the activity may end before."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

import structlog

log = structlog.get_logger()

LEASE_SECONDS = 20.0
"""What was in the hands of a worker that died is due again so much later."""
RENEW_SECONDS = 5.0
FIRST_WRITE_AGAIN_SECONDS = 0.2
LONGEST_WRITE_AGAIN_SECONDS = 5.0

Item = TypeVar("Item")
Result = TypeVar("Result")


class LettersInHand:
    """Mails under way, and the leases of their rows, which it renews as long."""

    def __init__(self, renew: Callable[[Sequence[str], float], Awaitable[None]]):
        self._renew = renew
        self._ids: set[str] = set()
        self._letters: set[asyncio.Task[None]] = set()
        self._renewing: asyncio.Task[None] | None = None
        self._fewer = asyncio.Event()

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._ids

    def take(self, ids: Iterable[str], letter: Coroutine[Any, Any, None]) -> None:
        """Have a mail delivered, whose rows have these ids."""
        held = set(ids)
        self._ids |= held
        self._letters.add(asyncio.create_task(self._carry(held, letter)))
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew_leases())

    async def until_at_most(self, rows: int, timeout: float) -> bool:
        """Wait until it holds so few rows; returns whether it does."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while len(self) > rows:
                    self._fewer.clear()
                    await self._fewer.wait()
        return len(self) <= rows

    async def abandon(self) -> None:
        """Stop, and end the leases, so that another worker goes on at once.

        Mails that a server was given meanwhile stay counted as in doubt.
        """
        ids = sorted(self._ids)
        tasks = [*self._letters, *([self._renewing] if self._renewing else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if ids:
            with suppress(Exception):
                await self._renew(ids, 0.0)

    async def _carry(self, ids: set[str], letter: Coroutine[Any, Any, None]) -> None:
        try:
            await letter
        except Exception as error:  # its lease ends, and it comes again
            log.warning("mail left for later", error=type(error).__name__)
        finally:
            self._ids -= ids
            if (task := asyncio.current_task()) is not None:
                self._letters.discard(task)
            self._fewer.set()

    async def _renew_leases(self) -> None:
        while self._ids:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                await self._renew(sorted(self._ids), LEASE_SECONDS)
            except Exception as error:
                log.warning("leases not renewed", error=type(error).__name__)


class Together(Generic[Item, Result]):
    """Writes at once what is given to it while it writes: one round trip for many.

    `gather_seconds`: for how long it waits for more before it writes.
    """

    def __init__(
        self,
        write: Callable[[list[Item]], Awaitable[Result]],
        gather_seconds: float = 0.0,
    ) -> None:
        self._write = write
        self._gather_seconds = gather_seconds
        self._writing = asyncio.Lock()
        self._items: list[Item] = []
        self._next: asyncio.Task[Result] | None = None

    async def add(self, items: Iterable[Item]) -> Result:
        """Returns, or raises, what the write did that these were part of."""
        self._items += items
        if self._next is None:
            self._next = asyncio.create_task(self._write_next())
        return await asyncio.shield(self._next)

    async def _write_next(self) -> Result:
        async with self._writing:
            if self._gather_seconds:
                await asyncio.sleep(self._gather_seconds)
            items, self._items, self._next = self._items, [], None
            return await self._write(items)


async def persistently(write: Callable[[], Awaitable[Result]]) -> Result:
    """Write what is known and must not be lost, however long that cannot be done."""
    seconds = FIRST_WRITE_AGAIN_SECONDS
    while True:
        try:
            return await write()
        except Exception as error:
            name = type(error).__name__
            log.warning("result of a mail not written yet", error=name)
            await asyncio.sleep(seconds)
            seconds = min(2 * seconds, LONGEST_WRITE_AGAIN_SECONDS)
