"""What ops do meanwhile, straight to Temporal: approve matches, move a session, part two people."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from temporalio.client import Client, WorkflowUpdateFailedError

from tests.support.rehearsal.organisation import PROGRAMME
from tests.support.rehearsal.own_sql import Database, database

LOOK = 0.1
"""Seconds between two looks."""

_COMING = """
select pair, number from sessions join programmes using (programme)
where pair like $1
  and (status = 'proposed' or status = 'agreed' and start_at > programme_epoch + (now() - wall_epoch) * pace)
"""


class Ops:
    """Each step is taken as soon as it can be; `done` says which were."""

    def __init__(self, client: Client, database_url: str, done: dict[str, str]) -> None:
        self._client, self._url, self.done = client, database_url, done

    async def work(self) -> None:
        await asyncio.gather(self.approve("est"), self.move("comex"), self.part("est"))

    async def approve(self, region: str) -> None:
        """All that is proposed, whenever something is, until one was approved."""
        cohort = f"cohort:{PROGRAMME}:{region}:1"
        proposed = (
            "select match from matches where decision = 'proposed' and region = $1"
        )
        async for _ in self._seen(proposed, region):
            if await self._accepted(cohort, "approve_matches", {"all": True}):
                self.done["approved"] = cohort
                return

    async def move(self, region: str) -> None:
        """A session that is proposed or agreed gets another time."""
        async for pair, number in self._seen(_COMING, f"pair:{PROGRAMME}:{region}:%"):
            if await self._accepted(pair, "reschedule", {"session": number}):
                self.done["moved"] = pair
                return

    async def part(self, region: str) -> None:
        """A pair with a session to come is ended."""
        async for pair, _ in self._seen(_COMING, f"pair:{PROGRAMME}:{region}:%"):
            if await self._accepted(pair, "end", {"reason": "reorganised"}):
                self.done["ended"] = pair
                return

    async def _accepted(
        self, workflow_id: str, update: str, payload: dict[str, Any]
    ) -> bool:
        """Whether it was accepted: what they look at may have moved on meanwhile."""
        try:
            await self._client.get_workflow_handle(workflow_id).execute_update(
                update, payload
            )
        except WorkflowUpdateFailedError:
            return False
        return True

    async def _seen(self, statement: str, *values: Any) -> AsyncIterator[Any]:
        async with database(self._url) as found:
            while True:
                for row in await found.rows(statement, *values):
                    yield row
                await asyncio.sleep(LOOK)


async def until(look: Callable[[Database], Awaitable[Any]], found: Database) -> Any:
    """Look until something is seen."""
    while not (seen := await look(found)):
        await asyncio.sleep(LOOK)
    return seen
