"""Messages that workflows could not read, until ops send them again or dismiss them."""

from datetime import datetime

from activities.persistence.database import Repository
from schemas.records.listings import RefusedListing


class RefusedMessageRepository(Repository):
    """Refused messages; each is sent again or dismissed once."""

    async def add(self, workflow_id: str, name: str, reason: str, at: datetime) -> None:
        await self._database.execute(
            "save_refused_message",
            workflow_id=workflow_id,
            name=name,
            reason=reason,
            at=at,
        )

    async def listing(
        self, limit: int = 200, *, resent: bool = False
    ) -> list[RefusedListing]:
        """Returns refused messages, newest first: those that wait, or with `resent`
        those that were settled.
        """
        return [
            RefusedListing.model_validate(dict(row))
            for row in await self._database.rows(
                "refused_messages", most=limit, resent=resent
            )
        ]

    async def find(self, number: int) -> RefusedListing | None:
        row = await self._database.row("refused_message", id=number)
        return RefusedListing.model_validate(dict(row)) if row else None

    async def lock_for_resending(self, number: int) -> bool:
        """Lock a message for the caller; False: it is settled, or somebody else is
        sending it.
        """
        return await self._database.execute("lock_refused_message", id=number) > 0

    async def unlock(self, number: int) -> None:
        """Unlock a message that was locked and not sent."""
        await self._database.execute("unlock_refused_message", id=number)

    async def settle(self, number: int, by: str) -> bool:
        """Note who sent it again or dismissed it, now. False: it was settled before."""
        return (
            await self._database.execute("settle_refused_message", id=number, by=by) > 0
        )

    async def count(self) -> int:
        return int(await self._database.value("refused_count"))
