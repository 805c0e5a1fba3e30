"""PostgreSQL for tests: one server a process, and a database of its own for each test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from binome.errors import PostgresFailed
from binome.stack.ports import free_port
from binome.stack.postgres import Cluster
from tests.support.postgres_server import serving

WRAPPING_KEY = b"w" * 32
"""With what stores of tests seal."""
MEMORY = Path("/dev/shm")
NEEDED_BYTES = 4 << 30
"""All test processes together take a fifth of it."""
START_ATTEMPTS = 5
"""A free port may be taken by another before the server has it."""


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that root's PostgreSQL account can reach; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="binome-test-", dir=_in_memory()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """The folder in memory, where there is room: databases are made there twenty times
    faster. None: the disk's temporary folder.
    """
    try:
        writable = os.access(MEMORY, os.W_OK)
        roomy = writable and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
    except OSError:
        return None
    return MEMORY if roomy else None


@pytest.fixture(scope="session")
def postgres(open_folder: Path) -> Iterator[Cluster]:
    """A running server; `postgres.url(database)`. Without fsync."""
    log = open_folder / "postgres.log"
    for attempt in range(START_ATTEMPTS):
        data = open_folder / f"data{attempt}"
        try:
            with serving(Cluster(data, free_port(), durable=False), log) as cluster:
                yield cluster
                return
        except PostgresFailed:
            if attempt == START_ATTEMPTS - 1:
                raise


@pytest.fixture(scope="session")
async def template_database(postgres: Cluster) -> str:
    """The name of a migrated database that tests copy."""
    postgres.create_database("template_binome")
    await migrate(postgres.url("template_binome"))
    return "template_binome"


@pytest.fixture
async def empty_database_url(postgres: Cluster) -> AsyncIterator[str]:
    """A database of its own without any table."""
    async with copy_of("template1", postgres) as url:
        yield url


@pytest.fixture
async def database_url(postgres: Cluster, template_database: str) -> AsyncIterator[str]:
    """A migrated database of its own."""
    async with copy_of(template_database, postgres) as url:
        yield url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store on a database of its own."""
    opened = await Store.open(database_url, wrapping_keys=[WRAPPING_KEY])
    yield opened
    await opened.close()


@asynccontextmanager
async def copy_of(template: str, postgres: Cluster) -> AsyncIterator[str]:
    """The address of a copy that is dropped with the block."""
    name = f"test_{uuid4().hex}"
    server = await asyncpg.connect(postgres.url("postgres"))
    try:
        await server.execute(
            f"create database {name} template {template} strategy file_copy"
        )
        yield postgres.url(name)
        await server.execute(f"drop database {name} with (force)")
    finally:
        await server.close()
