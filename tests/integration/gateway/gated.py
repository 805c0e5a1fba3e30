"""A Store whose imports wait before they take a batch of lines, until a test lets them go on."""

import asyncio
from typing import Any

from activities.persistence.database import Transaction
from activities.persistence.people.imports import BATCH
from activities.persistence.store import Store
from tests.support.world import file, line

LINES = BATCH + 1000
"""So that a file is read in two batches."""


def large_file() -> bytes:
    return file(*(line(f"NEW{number}", roles="mentor") for number in range(LINES)))


class Gate:
    """Closed before the second batch of every import."""

    def __init__(self, store: Store, monkeypatch: Any) -> None:
        self.reached = asyncio.Event()
        self._opened = asyncio.Event()
        self.broke = asyncio.Event()
        self.breaks = False
        """The connection, once it is opened."""
        self._copy = store.imports._copy
        monkeypatch.setattr(store.imports, "_copy", self._wait_and_copy)

    def open(self) -> None:
        self._opened.set()

    def close(self) -> None:
        self.reached.clear()
        self._opened.clear()

    async def _wait_and_copy(
        self, transaction: Transaction, records: list[tuple[Any, ...]]
    ) -> None:
        if len(records) < BATCH:
            self.reached.set()
            await self._opened.wait()
            if self.breaks:
                transaction._open.terminate()
                self.broke.set()
        await self._copy(transaction, records)
