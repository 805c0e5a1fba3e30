"""Uploaded people files, and the worker that works on them, in place of PostgreSQL and Temporal."""

import asyncio
from collections.abc import AsyncIterable
from secrets import token_hex

from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.importing.activities import ImportActivities
from activities.persistence.database import Transaction
from activities.persistence.people.files import Change, PeopleFiles
from domain.people.uploaded_files import (
    FileNotUnderWay,
    make_room,
    same_file,
    settled,
)
from schemas.people import ImportOptions, ImportPreview, ReportImportProgress
from schemas.records.people_files import (
    ImportStage,
    PeopleFile,
    PeopleFileEnd,
    PeopleImportStart,
)
from tests.unit.gateway.fakes.people import FakeImports


class FakePeopleFiles(PeopleFiles):
    """Files in a dictionary."""

    def __init__(self, imports: FakeImports) -> None:
        self._imports = imports
        self.kept: dict[str, PeopleFile] = {}
        self.contents: dict[str, tuple[bytes, bytes]] = {}
        """Its bytes, and the columns file with them."""

    async def take(
        self, parts: AsyncIterable[bytes], options: ImportOptions
    ) -> PeopleFile:
        data = b"".join([part async for part in parts])
        digest = repr((data, options))
        if same := same_file([*self.kept.values()], digest):
            return same
        if forgotten := make_room([*self.kept.values()]):
            del self.kept[forgotten.name]
        file = PeopleFile(name=token_hex(16), digest=digest, leavers=options.leavers)
        self.kept[file.name] = file
        self.contents[file.name] = data, options.columns
        return file

    async def find(self, name: str) -> PeopleFile | None:
        return self.kept.get(name)

    async def all(self) -> list[PeopleFile]:
        return [*self.kept.values()]

    async def change(self, name: str, change: Change) -> PeopleFile | None:
        file = self.kept.get(name)
        changed = change(file) if file else None
        if changed:
            self.kept[name] = changed
            if not changed.readable:
                del self.contents[name]
        return changed

    async def work_on(self, name: str, progress: ReportImportProgress) -> None:
        file = self.kept[name]
        data, columns = self.contents[name]
        act = self._imports.apply if file.writes else self._imports.preview

        async def keep(_: Transaction, found: ImportPreview) -> None:
            if not await self.change(
                name, lambda now: settled(now, found, wrote=file.writes)
            ):
                raise FileNotUnderWay

        options = ImportOptions(columns=columns, leavers=file.leavers)
        await act(data, options, progress, keep)

    async def forget(self, name: str) -> bool:
        if self.kept[name].under_way:
            return False
        del self.kept[name]
        return True


class FakeImportWorker:
    """Does for a file what the workflow and its activities do; never, while `away`."""

    def __init__(self, files: PeopleFiles) -> None:
        self._activities = ImportActivities(files)
        self.works: dict[str, asyncio.Task[None]] = {}
        """The last of each file."""
        self._begun: list[asyncio.Task[None]] = []
        self.away = False

    def wake(self, name: str) -> None:
        if not self.away:
            self.works[name] = asyncio.create_task(self._work(name))
            self._begun.append(self.works[name])

    async def close(self) -> None:
        for work in self._begun:
            work.cancel()
        await asyncio.gather(*self._begun, return_exceptions=True)

    async def _work(self, name: str) -> None:
        start = PeopleImportStart(file=name)
        run = ActivityEnvironment().run
        try:
            await run(self._activities.import_people_file, start)
        except ApplicationError:
            end = PeopleFileEnd(
                file=name, stage=ImportStage.FAILED, database_unavailable=True
            )
            await run(self._activities.end_people_file, end)
