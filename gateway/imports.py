"""People files that are uploaded: previewed, then imported once somebody confirms.

Tasks of this process do it, and no page waits for them.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from secrets import token_hex
from typing import NamedTuple

import structlog

from activities.failures import place_of
from activities.persistence.database import DatabaseUnavailable
from activities.persistence.people.imports import PeopleImports
from schemas.people import ImportOptions, ImportPreview, ImportStep

LARGEST_QUEUE = 4
"""Files that are in memory at once."""
ANSWER_WITHIN_SECONDS = 1.0
"""A file that is done within it needs no page that shows its progress."""
KEEP_SECONDS = 3600.0
"""How long a preview or result stays to be looked at."""
STOP_WITHIN_SECONDS = 10.0
"""How long whoever stops a file waits for it to end."""

log = structlog.get_logger(__name__)


class PeopleUpload(NamedTuple):
    """A people file, and how it is to be imported."""

    data: bytes
    order: ImportOptions


class ImportStage(StrEnum):
    """The state of an uploaded file."""

    UNDER_WAY = "under_way"
    PREVIEWED = "previewed"
    IMPORTED = "imported"
    STOPPED = "stopped"
    FAILED = "failed"


class TooManyImports(Exception):
    """The queue is full of files that are still being read or imported."""


@dataclass(eq=False)
class PeopleImport:
    """One file from its upload to its result."""

    upload: PeopleUpload = field(repr=False)
    name: str = field(default_factory=lambda: token_hex(16))
    stage: ImportStage = ImportStage.UNDER_WAY
    writes: bool = False
    """Confirmed: it is imported, not only previewed."""
    step: ImportStep | None = None
    """The last one that was reported; None: it waits for its turn."""
    read: int = 0
    lines: int = 0
    """How many of how many are read."""
    found: ImportPreview | None = field(default=None, repr=False)
    database_unavailable: bool = False
    """PostgreSQL did not answer, which is why it failed."""
    task: asyncio.Task[ImportPreview] | None = field(default=None, repr=False)
    expiry: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def under_way(self) -> bool:
        return self.stage is ImportStage.UNDER_WAY

    @property
    def confirmable(self) -> bool:
        return (
            self.stage is ImportStage.PREVIEWED
            and self.found is not None
            and not self.found.problems
        )

    @property
    def past_stopping(self) -> bool:
        """Whether it is too late to stop: everything is being committed, or is
        imported.
        """
        return self.stage is ImportStage.IMPORTED or (
            self.under_way and self.step is ImportStep.WRITTEN
        )

    @property
    def stopping(self) -> bool:
        return self.under_way and self.task is not None and self.task.cancelling() > 0

    @property
    def maybe_written(self) -> bool:
        """Whether it failed during the commit, so that it may have been written."""
        return self.stage is ImportStage.FAILED and self.step is ImportStep.WRITTEN

    def cancel(self) -> None:
        if self.task and not self.past_stopping:
            self.task.cancel()

    def report_progress(self, step: ImportStep, done: int, of: int) -> None:
        self.step, self.read, self.lines = step, done, of


class ImportQueue:
    """The last few files, in this process; one at a time is read or written, the others wait for their turn."""

    def __init__(
        self,
        people_imports: PeopleImports,
        imported: Callable[[], None],
        moment: float = ANSWER_WITHIN_SECONDS,
        keep: float = KEEP_SECONDS,
    ) -> None:
        self._people_imports = people_imports
        self._imported = imported
        self._moment = moment
        self._keep = keep
        self._kept: dict[str, PeopleImport] = {}
        self._turn = asyncio.Lock()

    def find(self, name: str) -> PeopleImport | None:
        return self._kept.get(name)

    def waiting(self) -> list[PeopleImport]:
        """Files that wait for their end, for a confirmation or to be tried again, oldest first."""
        return [
            one
            for one in self._kept.values()
            if one.under_way or one.confirmable or one.stage is ImportStage.FAILED
        ]

    async def preview(self, upload: PeopleUpload) -> PeopleImport:
        """Preview a file; returns soon, done or not. The same file twice at once is one.

        Raises:
            TooManyImports: it is not taken.
        """
        one = self._same(upload) or self._take(upload)
        await self._a_moment(one)
        return one

    async def confirm(self, one: PeopleImport, leavers: int | None) -> None:
        """Import what was previewed; once, however often it is confirmed. `leavers` is a number somebody typed."""
        if one.confirmable:
            if leavers is not None:
                one.upload = one.upload._replace(
                    order=one.upload.order.having(leavers=leavers)
                )
            one.writes = True
            self._start(one)
        await self._a_moment(one)

    async def retry(self, one: PeopleImport) -> None:
        """Try again what failed; the same file twice changes nothing."""
        if one.stage is ImportStage.FAILED:
            self._start(one)
        await self._a_moment(one)

    async def stop(self, one: PeopleImport) -> None:
        """Stop it: nothing is written, unless it is too late. A preview or a failure is forgotten."""
        if one.stage in (ImportStage.PREVIEWED, ImportStage.FAILED):
            self._forget(one)
        elif one.under_way:
            one.cancel()
        await self._a_moment(one, STOP_WITHIN_SECONDS)

    async def close(self) -> None:
        """Stop all of them, and wait for what is being committed already."""
        under_way = [one for one in self._kept.values() if one.under_way]
        await asyncio.gather(*map(self.stop, under_way))

    def _same(self, upload: PeopleUpload) -> PeopleImport | None:
        previews = (
            one for one in self._kept.values() if one.under_way and not one.writes
        )
        return next((one for one in previews if one.upload == upload), None)

    def _take(self, upload: PeopleUpload) -> PeopleImport:
        if len(self._kept) >= LARGEST_QUEUE:
            self._make_room()
        one = PeopleImport(upload)
        self._kept[one.name] = one
        self._start(one)
        return one

    def _make_room(self) -> None:
        """Forget the oldest that is over, or else the oldest preview that may still be confirmed."""
        idle = [one for one in self._kept.values() if not one.under_way]
        if not idle:
            raise TooManyImports
        self._forget(min(idle, key=lambda one: one.confirmable))

    def _start(self, one: PeopleImport) -> None:
        if one.expiry:
            one.expiry.cancel()
        one.stage, one.step, one.read = ImportStage.UNDER_WAY, None, 0
        one.task = asyncio.create_task(self._work(one))
        one.task.add_done_callback(partial(self._ended, one))

    async def _work(self, one: PeopleImport) -> ImportPreview:
        async with self._turn:
            act = (
                self._people_imports.apply
                if one.writes
                else self._people_imports.preview
            )
            return await act(*one.upload, one.report_progress)

    def _ended(self, one: PeopleImport, task: asyncio.Task[ImportPreview]) -> None:
        if task.cancelled():
            one.stage = ImportStage.STOPPED
        elif error := task.exception():
            one.stage, one.database_unavailable = (
                ImportStage.FAILED,
                isinstance(error, DatabaseUnavailable),
            )
            log.error(
                "people_import_failed", error=type(error).__name__, at=place_of(error)
            )
        else:
            self._settle(one, task.result())
        if one.stage in (ImportStage.IMPORTED, ImportStage.STOPPED):
            one.upload = one.upload._replace(data=b"")
        one.expiry = asyncio.get_running_loop().call_later(
            self._keep, self._forget, one
        )

    def _settle(self, one: PeopleImport, found: ImportPreview) -> None:
        """Keep the result of a preview or an import.

        A confirmation then holds for exactly as many leavers as the preview showed.
        """
        one.found = found
        if one.writes and not (found.problems or found.refused):
            one.stage = ImportStage.IMPORTED
            self._imported()
            return
        one.stage, one.writes = ImportStage.PREVIEWED, False
        if found.problems:
            one.upload = one.upload._replace(data=b"")
        elif found.leaving and not found.refused:
            one.upload = one.upload._replace(
                order=one.upload.order.having(leavers=found.absent)
            )

    def _forget(self, one: PeopleImport) -> None:
        if one.expiry:
            one.expiry.cancel()
        self._kept.pop(one.name, None)

    async def _a_moment(self, one: PeopleImport, seconds: float | None = None) -> None:
        if one.under_way and one.task:
            await asyncio.wait(
                {one.task}, timeout=self._moment if seconds is None else seconds
            )
