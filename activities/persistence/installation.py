"""Which installation a database belongs to, and the workers and gateways of it that go on."""

import asyncio
import socket
from contextlib import suppress
from time import monotonic
from uuid import uuid4

import asyncpg
import structlog

from activities.failures import TemporaryFailure
from activities.persistence.database import Repository
from schemas.records.processes import (
    LONGEST_SILENCE_SECONDS,
    Overdue,
    Part,
    ProcessSeen,
    WriteFault,
)

EVERY_SECONDS = 10.0
NOT_TAKEN = (TemporaryFailure, asyncpg.PostgresError)
"""What PostgreSQL, or its absence, raises at a write."""

log = structlog.get_logger(__name__)


class Installation(Repository):
    """This installation: its id, and a row for each of its processes."""

    async def id(self) -> str:
        """Returns the id that was drawn when the database was made."""
        return str(await self._database.value("installation_id"))

    async def note_process(
        self, process: str, part: Part, host: str, release: str
    ) -> None:
        await self._database.execute(
            "note_process",
            process=process,
            part=part.value,
            host=host,
            release=release,
        )

    async def forget_process(self, process: str) -> None:
        await self._database.execute("forget_process", process=process)

    async def processes(self) -> list[ProcessSeen]:
        """Returns all that were seen within a day, the last one first."""
        return [
            ProcessSeen.model_validate(dict(row))
            for row in await self._database.rows("processes")
        ]

    async def overdue(self) -> Overdue:
        """Returns how long the oldest mail and the oldest event have been due."""
        return Overdue.model_validate(dict(await self._database.row("overdue")))

    async def write_fault(self) -> WriteFault | None:
        """Write a row and take it away again; None: PostgreSQL took both."""
        process = uuid4().hex
        try:
            async with self._database.transaction() as transaction:
                await transaction.execute(
                    "note_process", process=process, part="worker", host="", release=""
                )
                await transaction.execute("forget_process", process=process)
        except NOT_TAKEN as error:
            return write_fault(error)
        return None


def write_fault(error: Exception) -> WriteFault:
    match error:
        case asyncpg.DiskFullError():
            return WriteFault.DISK_FULL
        case asyncpg.InsufficientPrivilegeError():
            return WriteFault.NOT_ALLOWED
        case asyncpg.ReadOnlySQLTransactionError():
            return WriteFault.READ_ONLY
        case TemporaryFailure():
            return WriteFault.NO_ANSWER
        case _:
            return WriteFault.OTHER


class Presence:
    """Shows that this process goes on, from its event loop: one that is held up is seen to be.

    It writes, so it finds out as well what reading would not: a full disk, a refused
    permission.
    """

    def __init__(
        self,
        installation: Installation,
        part: Part,
        release: str = "",
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._installation = installation
        self._part = part
        self._release = release
        self._every_seconds = every_seconds
        self._process = uuid4().hex
        self._written_at = monotonic()
        self.fault: WriteFault | None = None
        """Why the last write was not taken; None: it was."""
        self.loop_delay_seconds = 0.0
        """How much later than it should the event loop woke the last write."""

    @property
    def writes(self) -> bool:
        """Whether PostgreSQL took what this process wrote lately."""
        return monotonic() - self._written_at <= LONGEST_SILENCE_SECONDS

    async def run(self) -> None:
        """Write for ever; what fails is logged once, and tried again."""
        try:
            while True:
                await self._write()
                asleep = monotonic()
                await asyncio.sleep(self._every_seconds)
                self.loop_delay_seconds = monotonic() - asleep - self._every_seconds
        finally:
            with suppress(*NOT_TAKEN):
                await self._installation.forget_process(self._process)

    async def _write(self) -> None:
        try:
            await self._installation.note_process(
                self._process, self._part, socket.gethostname(), self._release
            )
        except NOT_TAKEN as error:
            before, self.fault = self.fault, write_fault(error)
            if before is None:
                name = type(error).__name__
                log.error("cannot_write", why=self.fault.value, error=name)
            return
        self.fault = None
        self._written_at = monotonic()
