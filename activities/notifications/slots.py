"""How many mails are under way at a time; one that is slow makes room for the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MAILS_AT_ONCE = 8
SLOW_MAILS_AT_ONCE = 40
"""Mails beside those that are long under way. With them, fewer connections than the 50
that Postfix takes from one client."""
SLOW_SECONDS = 5.0
"""A mail that is under way for longer is slow."""


class Slots:
    """Lets so many mails be under way, and beside them so many that are slow."""

    def __init__(
        self,
        at_once: int = MAILS_AT_ONCE,
        slow_at_once: int = SLOW_MAILS_AT_ONCE,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._slow_left = slow_at_once
        self.slow_seconds = slow_seconds

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a slot; it is given up within the block when that takes long."""
        await self._free.acquire()
        slot = _Slot()
        self._look_later(slot)
        try:
            yield
        finally:
            slot.look.cancel()
            if slot.slow:
                self._slow_left += 1
            else:
                self._free.release()

    def _look_later(self, slot: "_Slot") -> None:
        loop = asyncio.get_running_loop()
        slot.look = loop.call_later(self.slow_seconds, self._give_up, slot)

    def _give_up(self, slot: "_Slot") -> None:
        if not self._slow_left:
            return self._look_later(slot)
        self._slow_left -= 1
        slot.slow = True
        return self._free.release()


class _Slot:
    look: asyncio.TimerHandle
    slow = False
