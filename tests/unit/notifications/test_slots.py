"""How many mails are under way, and how many more where some of them are slow."""

import asyncio

from activities.notifications.slots import Slots
from tests.support.waiting import LONGEST_WAIT_SECONDS


class Mails:
    """Mails that are under way until `let` is set."""

    def __init__(self, slots: Slots, mails: int) -> None:
        self.under_way, self.done = 0, 0
        self.let = asyncio.Event()
        self._slots = slots
        self.tasks = [asyncio.create_task(self._send()) for _ in range(mails)]

    async def _send(self) -> None:
        async with self._slots.one():
            self.under_way += 1
            await self.let.wait()
            self.under_way -= 1
        self.done += 1

    async def reach(self, under_way: int) -> None:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while self.under_way < under_way:
                await asyncio.sleep(0)


async def test_no_more_are_under_way_than_there_are_slots() -> None:
    mails = Mails(Slots(2, 2, LONGEST_WAIT_SECONDS), 5)
    await mails.reach(2)
    for _ in range(10):
        await asyncio.sleep(0)
    assert mails.under_way == 2
    mails.let.set()
    await asyncio.gather(*mails.tasks)
    assert mails.done == 5


async def test_slow_mails_make_room_for_as_many_as_may_be_slow() -> None:
    mails = Mails(Slots(2, 2, 0.001), 5)
    await mails.reach(4)
    for _ in range(10):
        await asyncio.sleep(0.001)
    assert mails.under_way == 4
    mails.let.set()
    await asyncio.gather(*mails.tasks)


async def test_a_slot_that_was_given_up_is_given_up_once() -> None:
    slots = Slots(1, 1, 0.001)
    for _ in range(3):
        mails = Mails(slots, 3)
        await mails.reach(2)
        assert mails.under_way == 2
        mails.let.set()
        await asyncio.gather(*mails.tasks)
