"""Who read about whom, and who decided what."""

from datetime import datetime

from activities.persistence.database import Repository
from activities.persistence.query_names import CommandQuery
from schemas.records.access import AccessEntry

LINES_PER_TRANSACTION = 5000


class AccessTrail(Repository):
    """Lines are only ever added, and go when the archive's months of their time do."""

    async def read(self, actor: str, what: str, about: str) -> None:
        """Note that somebody read about persons, or signed in or out; all three are codes or ids."""
        await self._database.execute("add_access", actor=actor, what=what, about=about)

    async def decides(self, actor: str, about: str, what: str) -> int:
        """Note a decision before it is carried out; returns its number."""
        number: int = await self._database.value(
            "add_decision", actor=actor, about=about, what=what
        )
        return number

    async def settle(
        self, number: int, *, accepted: bool, reason: str | None = None
    ) -> None:
        """Note what came of a decision; `reason` is a code that the workflow has accepted."""
        outcome = "accepted" if accepted else "refused"
        await self._database.execute(
            "settle_decision", id=number, outcome=outcome, reason=reason
        )

    async def forget(self, before: datetime) -> int:
        """Delete lines of before a wall time. Returns how many."""
        total = 0
        queries: tuple[CommandQuery, ...] = ("forget_access", "forget_decisions")
        for query in queries:
            while gone := await self._database.execute(
                query, before=before, most=LINES_PER_TRANSACTION
            ):
                total += gone
        return total

    async def entries(
        self, limit: int = 100, offset: int = 0, about: str | None = None
    ) -> list[AccessEntry]:
        """Newest first; `about` is a person, a pair or another workflow."""
        page = {"most": limit, "skip": offset}
        rows = (
            await self._database.rows("access_entries_about", about=about, **page)
            if about
            else await self._database.rows("access_entries", **page)
        )
        return [AccessEntry(**row) for row in rows]
