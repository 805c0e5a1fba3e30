"""A timer that is set again only for an earlier time, so that most events cost none."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow


class LazyTimer:
    """Calls `wake` at the earliest time it was set for."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._task: asyncio.Task[None] | None = None
        self._at: datetime | None = None

    def wake_at(self, at: datetime, span: timedelta, summary: str) -> None:
        """Wake at programme time `at`, after `span` of wall time.

        The Web UI shows `summary`.
        """
        if self._task and self._at and self._at <= at:
            return
        if self._task:
            self._task.cancel()
        self._at = at
        self._task = asyncio.create_task(self._sleep(span, summary))

    async def _sleep(self, span: timedelta, summary: str) -> None:
        await workflow.sleep(span, summary=summary)
        self._task, self._at = None, None
        self._wake()
