"""What was said for a day to come holds from it, whatever else happens."""

import asyncio
from contextlib import suppress
from datetime import datetime

from gateway.dated_updates import apply_dated_updates
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.unit.gateway.fakes.people import FakePeopleUpdates


class Days(FakePeopleUpdates):
    """Answers looks one after the other; an error is raised."""

    def __init__(self, *answers: int | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.done = asyncio.Event()

    async def apply_due(self, now: datetime) -> int:
        if not self.answers:
            self.done.set()
            return 0
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def looked(days: Days) -> bool:
    """Whether every answer was asked for."""
    task = asyncio.create_task(apply_dated_updates(days, every=0))
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        await days.done.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return not days.answers


async def test_page_after_page_is_taken() -> None:
    assert await looked(Days(500, 500, 3))


async def test_an_unreachable_postgresql_ends_nothing() -> None:
    assert await looked(Days(OSError(), 1, OSError(), OSError(), 1))
