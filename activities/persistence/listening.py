"""A connection of its own that PostgreSQL wakes."""

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg

from activities.persistence.database import CONNECT_SECONDS, database_errors


class Listener:
    """Listens to one NOTIFY channel. A notification between two waits is not missed while the connection lasts."""

    def __init__(self, url: str, channel: str) -> None:
        self._url = url
        self._channel = channel
        self._connection: asyncpg.Connection | None = None
        self._opening = asyncio.Lock()
        self._notified = asyncio.Event()

    async def wait(self, timeout: float) -> None:
        """Return at a notification, when the connection is new or just broke, or after `timeout` seconds.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        await self._open()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._notified.wait(), timeout)
        self._notified.clear()

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close(timeout=CONNECT_SECONDS)

    async def _open(self) -> None:
        async with self._opening:
            if self._connection is not None and not self._connection.is_closed():
                return
            with database_errors():
                self._connection = await asyncpg.connect(
                    self._url, timeout=CONNECT_SECONDS
                )
                self._connection.add_termination_listener(self._wake)
                await self._connection.add_listener(self._channel, self._wake)
            self._notified.set()  # there may have been one while nobody listened

    def _wake(self, *_: Any) -> None:
        self._notified.set()
