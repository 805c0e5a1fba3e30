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
from schemas.records.processes import LONGEST_SILENCE_SECONDS, Part, ProcessSeen

EVERY_SECONDS = 10.0

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

    @property
    def writes(self) -> bool:
        """Whether PostgreSQL took what this process wrote lately."""
        return monotonic() - self._written_at <= LONGEST_SILENCE_SECONDS

    async def run(self) -> None:
        """Write for ever; what fails is logged once, and tried again."""
        failing = False
        try:
            while True:
                failing = not await self._write(already_failing=failing)
                await asyncio.sleep(self._every_seconds)
        finally:
            with suppress(TemporaryFailure, asyncpg.PostgresError):
                await self._installation.forget_process(self._process)

    async def _write(self, *, already_failing: bool) -> bool:
        try:
            await self._installation.note_process(
                self._process, self._part, socket.gethostname(), self._release
            )
        except (TemporaryFailure, asyncpg.PostgresError) as error:
            if not already_failing:
                log.error("cannot_write_to_postgresql", error=type(error).__name__)
            return False
        self._written_at = monotonic()
        return True
