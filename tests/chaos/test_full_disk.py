"""A disk that is really full while a mail is under way: PostgreSQL dies of it, and the mail is not repeated."""

import os
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities.notifications.senders import RehearsalDiverter
from activities.notifications.smtp import SmtpSender
from activities.notifications.smtp_connections import SmtpServer
from activities.persistence.database import DatabaseUnavailable
from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from binome.stack.ports import free_port
from binome.stack.postgres import Cluster
from tests.integration.notifications.desk import ASK_HELD, MENTOR, PEOPLE, Desk
from tests.support.mail.mail_server import MailServer
from tests.support.postgres_server import serving
from tests.support.rehearsal.own_sql import AWAY, database
from tests.support.waiting import until

SIZE = "128m"
"""The disk, of which a new cluster of PostgreSQL takes half."""
WRITE = "select pg_logical_emit_message(false, 'test', repeat('x', 4000000))"
"""Four megabytes of write-ahead log, whose next file finds no room."""


class SmallDisk:
    """PostgreSQL on a disk of its own, which can be filled and emptied."""

    def __init__(self, folder: Path, served: ExitStack) -> None:
        self._folder, self._served = folder, served
        self._log = folder.with_name("postgres.log")
        self.cluster = Cluster(folder / "data", free_port())

    def serve(self) -> None:
        self._served.enter_context(serving(self.cluster, self._log))

    async def fill(self) -> None:
        """Leave no room for anything; PostgreSQL finds out."""
        with (self._folder / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, shutil.disk_usage(self._folder).free)
        with pytest.raises(AWAY):
            async with database(self.cluster.url("small")) as connection:
                while True:
                    await connection.do(WRITE)

    def empty(self) -> None:
        """Make room, and start PostgreSQL again as a supervisor does."""
        (self._folder / "filler").unlink()
        self.serve()


@pytest.fixture
def small_disk(open_folder: Path) -> Iterator[SmallDisk]:
    folder = open_folder / "small"
    folder.mkdir()
    mount = [
        "mount",
        "-t",
        "tmpfs",
        "-o",
        f"size={SIZE},mode=755",
        "tmpfs",
        str(folder),
    ]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk, and not in every container")
    try:
        with ExitStack() as served:
            disk = SmallDisk(folder, served)
            disk.serve()
            disk.cluster.create_database("small")
            yield disk
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
async def desk(
    small_disk: SmallDisk, mail_server: MailServer, temporal_server: WorkflowEnvironment
) -> AsyncIterator[Desk]:
    url = small_disk.cluster.url("small")
    await migrate(url)
    store = await Store.open(url)
    await store.imports.apply(PEOPLE.encode())
    smtp = SmtpSender(SmtpServer(mail_server.host, mail_server.port, "firm.example"))
    sender = RehearsalDiverter(smtp, None)
    opened = Desk(url, store, sender, temporal_server.client)
    opened.slow_seconds = 0.05
    opened.activities = opened.worker()
    yield opened
    await opened.activities.abandon()
    await smtp.close()
    await store.close()


async def test_a_mail_under_way_when_the_disk_is_full_is_marked_later_and_not_repeated(
    desk: Desk, small_disk: SmallDisk, mail_server: MailServer
) -> None:
    hold = mail_server.holds[MENTOR] = threading.Event()
    await desk.record(ASK_HELD)
    await desk.deliver()
    await small_disk.fill()
    hold.set()
    with suppress(ApplicationError):  # by now PostgreSQL may have come back to read
        await desk.deliver()
    small_disk.empty()

    async def marked() -> bool:
        with suppress(DatabaseUnavailable):  # of connections from before, at first
            return await desk.store.outbox.counts() == {"sent": 1}
        return False

    await until(marked)
    assert len(mail_server.copies(MENTOR)) == 1
