"""Which installation a database belongs to."""

from activities.persistence.database import Repository


class InstallationRepository(Repository):
    """The id that was drawn when the database was made."""

    async def id(self) -> str:
        return str(await self._database.value("installation_id"))
