"""People files that were uploaded: kept in pieces, worked on by any worker, shown by any gateway."""

import asyncio
from collections.abc import AsyncIterable, Callable
from functools import partial
from hashlib import sha256
from secrets import token_hex

from activities.persistence.database import (
    Database,
    Repository,
    Row,
    Transaction,
    as_json,
)
from activities.persistence.people.imports import PeopleImports
from domain.people.uploaded_files import (
    FileNotUnderWay,
    make_room,
    same_file,
    settled,
)
from schemas.people import ImportOptions, ImportPreview, ReportImportProgress
from schemas.records.people_files import KEPT, PeopleFile

Change = Callable[[PeopleFile], PeopleFile | None]
"""Returns a file as it is to be; None: it stays as it is."""


class PeopleFiles(Repository):
    """Uploaded files; none stays longer than an hour after its last change."""

    def __init__(self, database: Database, imports: PeopleImports) -> None:
        super().__init__(database)
        self._imports = imports

    async def take(
        self, parts: AsyncIterable[bytes], options: ImportOptions
    ) -> PeopleFile:
        """Keep a file to be previewed; the same file twice at once is one.

        Raises:
            TooManyImports: it is not kept.
        """
        name = token_hex(16)
        async with self._database.transaction() as transaction:
            digest = await self._insert(transaction, name, parts, options)
            await transaction.value("lock_people_files")
            await transaction.execute("delete_old_people_files", kept=KEPT)
            rows = await transaction.rows("people_files", kept=KEPT)
            others = [_file(row) for row in rows if row["name"] != name]
            if same := same_file(others, digest):
                await transaction.execute("delete_people_file", name=name)
                return same
            if forgotten := make_room(others):
                await transaction.execute("delete_people_file", name=forgotten.name)
            await transaction.execute(
                "set_people_file_digest", name=name, digest=digest
            )
        return PeopleFile(name=name, digest=digest, leavers=options.leavers)

    async def _insert(
        self,
        transaction: Transaction,
        name: str,
        parts: AsyncIterable[bytes],
        options: ImportOptions,
    ) -> str:
        """Returns the digest of what was inserted."""
        leavers = None if options.leavers is None else str(options.leavers)
        await transaction.execute(
            "insert_people_file", name=name, columns=options.columns, leavers=leavers
        )
        digest = sha256(repr((options.columns, leavers)).encode())
        position = 0
        async for data in parts:
            digest.update(data)
            await transaction.execute(
                "insert_people_file_part", name=name, position=position, data=data
            )
            position += 1
        return digest.hexdigest()

    async def find(self, name: str) -> PeopleFile | None:
        row = await self._database.row("people_file", name=name, kept=KEPT)
        return _file(row) if row else None

    async def all(self) -> list[PeopleFile]:
        """Returns every file that is kept, oldest first."""
        rows = await self._database.rows("people_files", kept=KEPT)
        return [_file(row) for row in rows]

    async def change(self, name: str, change: Change) -> PeopleFile | None:
        """Change a file; returns it as it is then. None: it stays as it is, or is gone."""
        async with self._database.transaction() as transaction:
            return await _changed(transaction, name, change)

    async def work_on(self, name: str, progress: ReportImportProgress) -> None:
        """Preview or import a file, as it says, and keep what was found, all or nothing.

        Raises:
            FileNotUnderWay: it was stopped meanwhile, or is gone.
        """
        data, file, columns = await self._contents(name)
        act = self._imports.apply if file.writes else self._imports.preview
        options = ImportOptions(columns=columns, leavers=file.leavers)
        await act(data, options, progress, partial(_keep, name, file.writes))

    async def forget(self, name: str) -> bool:
        """Delete a file, unless it is under way; returns whether it is gone."""
        async with self._database.transaction() as transaction:
            row = await transaction.row("people_file_to_change", name=name, kept=KEPT)
            if row is not None and _file(row).under_way:
                return False
            await transaction.execute("delete_people_file", name=name)
            return True

    async def forget_old(self) -> int:
        """Delete files that nobody touched for an hour; returns how many."""
        return await self._database.execute("delete_old_people_files", kept=KEPT)

    async def _contents(self, name: str) -> tuple[bytes, PeopleFile, bytes]:
        """Returns its bytes, and the columns file that came with it."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.row("people_file", name=name, kept=KEPT)
            if row is None or not _file(row).under_way:
                raise FileNotUnderWay
            columns: bytes = await snapshot.value("people_file_columns", name=name)
            parts = await snapshot.rows("people_file_parts", name=name)
        data = await asyncio.to_thread(b"".join, [part["data"] for part in parts])
        return data, _file(row), columns


async def _keep(
    name: str, wrote: bool, transaction: Transaction, found: ImportPreview
) -> None:
    """Keep a preview, or that the file is imported, in the transaction that did it."""
    changed = await _changed(
        transaction, name, lambda file: settled(file, found, wrote=wrote)
    )
    if changed is None:
        raise FileNotUnderWay


async def _changed(
    transaction: Transaction, name: str, change: Change
) -> PeopleFile | None:
    row = await transaction.row("people_file_to_change", name=name, kept=KEPT)
    changed = change(_file(row)) if row else None
    if changed is None:
        return None
    values = changed.model_dump(include=_SAVED)
    await transaction.execute(
        "save_people_file",
        **values,
        leavers=None if changed.leavers is None else str(changed.leavers),
        found=as_json(changed.found) if changed.found else None,
    )
    if not changed.readable:
        await transaction.execute("delete_people_file_parts", name=name)
    return changed


_SAVED = {
    "name",
    "stage",
    "writes",
    "step",
    "read",
    "lines",
    "database_unavailable",
}


def _file(row: Row) -> PeopleFile:
    leavers, found = row["leavers"], row["found"]
    return PeopleFile.model_validate(
        {
            **row,
            "leavers": int(leavers) if leavers not in (None, "few") else leavers,
            "found": ImportPreview.model_validate_json(found) if found else None,
        }
    )
