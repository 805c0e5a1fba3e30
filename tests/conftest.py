"""Real parts for tests: PostgreSQL, the Temporal server, a mail server, a browser.

Each is started once a test process on a free port, in a temporary folder, and ended by it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiosmtpd.controller import Controller
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment
from xdist.scheduler import LoadFileScheduling

from activities.persistence.migrate import migrate
from binome.errors import PostgresFailed
from binome.stack.ports import free_port
from binome.stack.postgres import Cluster, serving
from binome.stack.temporal import SEARCH_ATTRIBUTES
from workers.client import data_converter

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first draws no windows for itself, and is done with the same pages in a third of the time."""
MEMORY = Path("/dev/shm")
SHARED = "tests/browser/stack/"
"""A stack of its own for each of its files would take a minute of both cores more."""
ENOUGH = 4 << 30
"""Bytes; all workers together take a fifth of it."""
TEMPORAL = Path(sys.executable).parent / "temporal"
MAKE_KEY: dict[str, Callable[[str], SearchAttributeKey[Any]]] = {
    "Keyword": SearchAttributeKey.for_keyword,
    "Int": SearchAttributeKey.for_int,
}
SEARCH_ATTRIBUTE_KEYS: list[SearchAttributeKey[Any]] = [
    MAKE_KEY[kind](name) for name, kind in SEARCH_ATTRIBUTES.items()
]


class _OneStack(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file of tests is one process's; of those that share a running stack, all files are."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return SHARED if file.startswith(SHARED) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return _OneStack(config, log)


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A temporary folder that root's PostgreSQL account can reach; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="binome-test-", dir=_in_memory()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """Hundreds of databases are made and dropped, each twenty times faster here, where there is room; else the disk."""
    try:
        return (
            MEMORY
            if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
            else None
        )
    except OSError:
        return None


@pytest.fixture(scope="session")
def postgres(open_folder: Path) -> Iterator[Cluster]:
    """A running server; `postgres.url(database)`. Without fsync."""
    log = open_folder / "postgres.log"
    for attempt in range(
        5
    ):  # a free port may be taken by another before the server has it
        try:
            with serving(
                Cluster(open_folder / f"data{attempt}", free_port(), durable=False), log
            ) as cluster:
                yield cluster
                return
        except PostgresFailed:
            if attempt == 4:
                raise


@pytest.fixture(scope="session")
async def template_database(postgres: Cluster) -> str:
    """A migrated database that tests copy."""
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


async def a_temporal_server() -> WorkflowEnvironment:
    """The full server with our search attributes; an async context manager."""
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(TEMPORAL),
        data_converter=data_converter,
        search_attributes=SEARCH_ATTRIBUTE_KEYS,
        dev_server_log_level="error",
    )


@pytest.fixture(scope="session")
async def temporal_server() -> AsyncIterator[WorkflowEnvironment]:
    """One for all tests of a process; `temporal_server.client`."""
    async with await a_temporal_server() as environment:
        yield environment


class SmtpCatcher:
    """A mail server that keeps what it gets. Set `refusal` to have it answer that instead."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refusal: str | None = None
        self.host = "127.0.0.1"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refusal:
            return self.refusal
        mail = message_from_bytes(envelope.content, policy=modern)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 kept"


@pytest.fixture
def smtp_catcher() -> Iterator[SmtpCatcher]:
    """A running mail server: `.host`, `.port`, `.mails`, `.recipients`, `.refusal`."""
    catcher = SmtpCatcher()
    controller = Controller(catcher, hostname=catcher.host, port=catcher.port)
    controller.start()
    yield catcher
    controller.stop()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Skips without a browser, but fails on CI, where one must be there."""
    named = os.environ.get("BINOME_CHROMIUM")
    if found := named or next(
        (path for name in CHROMIUMS if (path := shutil.which(name))), None
    ):
        return found
    how = "no Chromium found; get one with: apt-get install chromium-headless-shell (or name yours in BINOME_CHROMIUM)"
    if os.environ.get("CI") == "true":
        pytest.fail(how)
    pytest.skip(how)
