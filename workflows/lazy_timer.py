"""A timer that is seldom set again, so that most events cost none."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow

MUCH_LATER = timedelta(weeks=3)
"""Programme time by which a deadline moves on before its timer is cancelled for it: as
from one session to the next. A timer that fires too early costs a workflow task, which
one that is cancelled does not; but a deadline that moves on twice would cost two timers."""


class LazyTimer:
    """Calls `wake` at the time it was set for, or less than `MUCH_LATER` before."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._task: asyncio.Task[None] | None = None
        self._at: datetime | None = None

    def wake_at(self, at: datetime, span: timedelta, summary: str) -> None:
        """Wake at programme time `at`, after `span` of wall time.

        The Web UI shows `summary`.
        """
        if self._task and self._at and self._at <= at < self._at + MUCH_LATER:
            return
        if self._task:
            self._task.cancel()
        self._at = at
        self._task = asyncio.create_task(self._sleep(span, summary))

    async def _sleep(self, span: timedelta, summary: str) -> None:
        await workflow.sleep(span, summary=summary)
        self._task, self._at = None, None
        self._wake()
