"""People files that are uploaded: kept in PostgreSQL, where any gateway shows how far a
worker is with them.
"""

import asyncio
from collections.abc import AsyncIterable
from time import monotonic

import structlog

from activities.persistence.people.files import Change, PeopleFiles
from domain.people import uploaded_files
from gateway.temporal import TemporalUnavailable, WorkflowClient
from schemas.ids import people_import_workflow_id
from schemas.people import ImportOptions
from schemas.records.people_files import (
    ImportStage,
    PeopleFile,
    PeopleFileChanged,
    PeopleImportStart,
)

ANSWER_WITHIN_SECONDS = 1.0
"""A file that is done within it needs no page that shows its progress."""
LOOK_EVERY_SECONDS = 0.05

log = structlog.get_logger(__name__)


class PeopleImportRequests:
    """What people ask for about uploaded files. PostgreSQL has it before Temporal hears of
    it, so that a file whose workflow was not reached is taken up later.
    """

    def __init__(
        self,
        files: PeopleFiles,
        workflows: WorkflowClient,
        moment: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        self._files = files
        self._workflows = workflows
        self._moment = moment

    async def find(self, name: str) -> PeopleFile | None:
        """Find a file; one that no worker has taken up is asked for once more."""
        found = await self._files.find(name)
        if found and found.unattended:
            await self._wake(name)
        return found

    async def waiting(self) -> list[PeopleFile]:
        """Files that wait for their end, for a confirmation or to be tried again, oldest first."""
        return uploaded_files.waiting(await self._files.all())

    async def preview(
        self, parts: AsyncIterable[bytes], options: ImportOptions
    ) -> PeopleFile:
        """Preview a file; returns soon, done or not. The same file twice at once is one.

        Raises:
            TooManyImports: it is not taken.
        """
        taken = await self._files.take(parts, options)
        await self._wake(taken.name)
        await self._a_moment(taken.name)
        return taken

    async def confirm(self, name: str, leavers: int | None) -> None:
        """Import what was previewed; once, however often it is confirmed. `leavers` is a number somebody typed."""
        await self._ask(name, lambda file: uploaded_files.confirmed(file, leavers))

    async def retry(self, name: str) -> None:
        """Try again what failed; the same file twice changes nothing."""
        await self._ask(name, uploaded_files.tried_again)

    async def stop(self, one: PeopleFile) -> PeopleFile | None:
        """Stop it: nothing is written, unless it is too late. A preview or a failure is
        forgotten. Returns the file as it is then, None once it is gone.
        """
        if await self._files.change(one.name, uploaded_files.stopped) is None:
            found = await self._files.find(one.name)
            if found is None or found.past_stopping:
                return found
            if found.stage is not ImportStage.STOPPED:
                await self._files.forget(one.name)
        await self._wake(one.name)
        return await self._files.find(one.name)

    async def _ask(self, name: str, change: Change) -> None:
        if await self._files.change(name, change):
            await self._wake(name)
        await self._a_moment(name)

    async def _wake(self, name: str) -> None:
        """Have the workflow look at the file; it is started where it does not run."""
        try:
            await self._workflows.signal_with_start(
                "PeopleImportWorkflow",
                people_import_workflow_id(name),
                PeopleImportStart(file=name),
                "file_changed",
                PeopleFileChanged(),
                "Import of a people file",
            )
        except TemporalUnavailable:
            log.warning("people_import_waits", file=name)

    async def _a_moment(self, name: str) -> None:
        until = monotonic() + self._moment
        while monotonic() < until:
            found = await self._files.find(name)
            if found is None or not found.under_way:
                return
            await asyncio.sleep(LOOK_EVERY_SECONDS)
