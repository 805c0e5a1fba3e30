"""Bearer tokens of the services that send events."""

from binome.folder import Folder

DEMO_SOURCE = "demo"


async def demo_token(folder: Folder, database_url: str) -> str:
    """The token of the stack's own source, made once a data folder: the database keeps only its digest."""
    raise NotImplementedError
