"""The activities of people imports. Histories hold the file's random name, its state and
numbers of lines.
"""

import asyncio

import structlog
from temporalio import activity

from activities.failures import TemporaryFailure, place_of
from activities.importing.gc_paused import gc_paused
from activities.importing.ports import UploadedFiles
from activities.redaction import redacted_failures
from domain.people.uploaded_files import FileNotUnderWay, begun, ended, reported
from schemas.people import ImportStep
from schemas.records.people_files import (
    ImportStage,
    PeopleFile,
    PeopleFileEnd,
    PeopleImportStart,
)

LOOK_EVERY_SECONDS = 0.5
"""How often progress is written, and whether somebody stopped the file is looked at."""

log = structlog.get_logger(__name__)


class LineCount:
    """How far the work on a file is."""

    def __init__(self) -> None:
        self.step: ImportStep | None = None
        self.read = 0
        self.lines = 0

    def report(self, step: ImportStep, done: int, of: int) -> None:
        self.step, self.read, self.lines = step, done, of

    def apply(self, file: PeopleFile) -> PeopleFile | None:
        return reported(file, self.step, self.read, self.lines)


class ImportActivities:
    """Previews and imports uploaded files; one at a time in a process."""

    def __init__(self, files: UploadedFiles) -> None:
        self._files = files
        self._turn = asyncio.Lock()

    @activity.defn
    @redacted_failures
    async def import_people_file(self, start: PeopleImportStart) -> ImportStage | None:
        """Preview or import a file, as its row says, if it is under way; returns its
        state, None once it is gone.

        An import is marked in its own transaction, so a retry never does it twice.
        Only an unavailable PostgreSQL makes it fail.
        """
        name = start.file
        if await self._files.change(name, begun):
            count = LineCount()
            working = asyncio.create_task(self._work(name, count))
            try:
                await self._accompany(name, count, working)
            finally:
                working.cancel()
                await asyncio.wait({working})
            await self._settle(name, working)
        return await self._stage(name)

    @activity.defn
    @redacted_failures
    async def end_people_file(self, end: PeopleFileEnd) -> ImportStage | None:
        """Write down that a file failed or was stopped; what is over stays as it is."""
        await self._files.change(end.file, lambda file: ended(file, end))
        return await self._stage(end.file)

    @activity.defn
    @redacted_failures
    async def forget_people_file(self, start: PeopleImportStart) -> bool:
        """Delete a file and its preview, unless it is under way; returns whether it is
        gone.
        """
        return await self._files.forget(start.file)

    async def _stage(self, name: str) -> ImportStage | None:
        file = await self._files.find(name)
        return file.stage if file else None

    async def _work(self, name: str, count: LineCount) -> None:
        async with self._turn:
            with gc_paused():
                await self._files.work_on(name, count.report)

    async def _accompany(
        self, name: str, count: LineCount, working: "asyncio.Task[None]"
    ) -> None:
        """Tell Temporal and PostgreSQL how far it is, until it is done or was stopped."""
        while not (await asyncio.wait({working}, timeout=LOOK_EVERY_SECONDS))[0]:
            activity.heartbeat(count.step, count.read, count.lines)
            if await self._files.change(name, count.apply) is None:
                file = await self._files.find(name)
                if file is None or file.stage is ImportStage.STOPPED:
                    return

    async def _settle(self, name: str, working: "asyncio.Task[None]") -> None:
        """Write down a failure that nobody expected; one of PostgreSQL is tried again."""
        error = None if working.cancelled() else working.exception()
        if isinstance(error, TemporaryFailure):
            raise error
        if error is None or isinstance(error, FileNotUnderWay):
            return
        log.error(
            "people_import_failed", error=type(error).__name__, at=place_of(error)
        )
        end = PeopleFileEnd(file=name, stage=ImportStage.FAILED)
        await self._files.change(name, lambda file: ended(file, end))
