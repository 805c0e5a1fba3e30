"""PostgreSQL goes away and comes back: clear errors meanwhile, and the same Store afterwards."""

import asyncio
from pathlib import Path

import pytest

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from binome.stack.ports import free_port
from binome.stack.postgres import Cluster
from tests.support.postgres_server import serving
from tests.support.waiting import LONGEST_WAIT_SECONDS


@pytest.fixture
def cluster(open_folder: Path) -> Cluster:
    """Not running yet."""
    return Cluster(open_folder / "outage", free_port(), durable=False)


async def opened(cluster: Cluster) -> Store:
    cluster.create_database("binome")
    await migrate(cluster.url())
    return await Store.open(cluster.url())


async def test_a_store_outlives_a_restart(cluster: Cluster, tmp_path: Path) -> None:
    with serving(cluster, tmp_path / "log"):
        store = await opened(cluster)
        await store.programmes.codes()
    with pytest.raises(
        DatabaseUnavailable, match=r"^PostgreSQL does not answer \(\w+\)$"
    ):
        await store.programmes.codes()
    with serving(cluster, tmp_path / "log"):
        await asyncio.gather(*(store.programmes.codes() for _ in range(20)))
        await store.outbox.wait_for_due("mail", 0.01)
        await store.close()


async def test_who_waits_for_notices_survives_an_outage(
    cluster: Cluster, tmp_path: Path
) -> None:
    with serving(cluster, tmp_path / "log"):
        store = await opened(cluster)
        await store.outbox.wait_for_due("mail", 0.01)
        waiting = asyncio.create_task(
            store.outbox.wait_for_due("mail", 2 * LONGEST_WAIT_SECONDS)
        )
        await asyncio.sleep(0)  # let it begin
    await asyncio.wait_for(waiting, LONGEST_WAIT_SECONDS)
    await store.outbox.wait_for_due("mail", 0.01)
    await store.close()


async def test_a_store_that_cannot_be_opened_says_so(cluster: Cluster) -> None:
    with pytest.raises(DatabaseUnavailable):
        await Store.open(cluster.url())
