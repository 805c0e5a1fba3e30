"""Messages that workflows could not read, until ops send them again or dismiss them."""

from datetime import datetime

from activities.persistence.database import Repository
from schemas.records.listings import RefusedListing


class RefusedMessageRepository(Repository):
    """Refused messages, each settled once."""

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
        """Messages that workflows could not take, newest first: those that wait, or those that were settled."""
        return [
            RefusedListing.model_validate(dict(row))
            for row in await self._database.rows(
                "refused_messages", most=limit, resent=resent
            )
        ]

    async def find(self, number: int) -> RefusedListing | None:
        row = await self._database.row("refused_message", id=number)
        return RefusedListing.model_validate(dict(row)) if row else None

    async def take(self, number: int) -> bool:
        """Whether it is the caller's to send again; False: it is settled, or somebody else is sending it."""
        return await self._database.execute("take_refused_message", id=number) > 0

    async def give_back(self, number: int) -> None:
        """Release a message that was taken and not sent."""
        await self._database.execute("release_refused_message", id=number)

    async def settle(self, number: int, by: str) -> bool:
        """Note that it was corrected and sent again, or dismissed, now, by whom. False: that was noted before."""
        return (
            await self._database.execute("settle_refused_message", id=number, by=by) > 0
        )

    async def count(self) -> int:
        return int(await self._database.value("refused_count"))
