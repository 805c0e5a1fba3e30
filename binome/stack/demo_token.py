"""Bearer tokens of the services that send events."""

from activities.persistence.store import Store
from binome.stack.data_folder import DataFolder
from domain.sources.granting import EVERYTHING

DEMO_SOURCE = "demo"


async def demo_token(folder: DataFolder, database_url: str) -> str:
    """The token of the stack's own source, made once a data folder: the database keeps only its digest.

    It may send everything: whoever reads the folder owns the stack.
    """
    token = folder.read("token")
    if token is None:
        async with await Store.open(database_url, size=1) as store:
            token = await store.sources.add(DEMO_SOURCE, EVERYTHING)
        assert token is not None  # a source without a secret has a token
        folder.save("token", token)
    return token
