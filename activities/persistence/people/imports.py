"""Importing a people file: all of it or nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from secrets import token_hex

from activities.persistence.database import (
    DatabaseUnavailable,
    Row,
    Transaction,
    as_json,
)
from activities.persistence.people.staging import SHOWN, Staging, record_of
from domain.people.columns_file import ColumnsFileInvalid, read_columns_file
from domain.people.leavers import refuse_leavers
from domain.people.people_file import PeopleReader
from schemas.people import (
    IMPORT_SOURCE,
    ImportOptions,
    ImportPreview,
    ImportStep,
    ReportImportProgress,
    RowChange,
)
from schemas.records.inbox import NewEvent

BATCH = 5_000
"""Lines that are in memory at once as what they mean."""

KeepFound = Callable[[Transaction, ImportPreview], Awaitable[None]]
"""Called with what was found, in the transaction that found or imported it."""

_PLAIN = ImportOptions()


async def _nothing_kept(_: Transaction, __: ImportPreview) -> None: ...


class PeopleImports(Staging):
    """Imports of people files, and their previews."""

    async def preview(
        self,
        data: bytes,
        order: ImportOptions = _PLAIN,
        progress: ReportImportProgress | None = None,
        keep: KeepFound = _nothing_kept,
    ) -> ImportPreview:
        """Returns what an import would change, or all problems of the file; writes
        nothing.
        """
        return await self._import(data, order, progress or _silent, keep, write=False)

    async def apply(
        self,
        data: bytes,
        order: ImportOptions = _PLAIN,
        progress: ReportImportProgress | None = None,
        keep: KeepFound = _nothing_kept,
    ) -> ImportPreview:
        """Import a file and say what changed; with a single problem, or refused, nothing is imported.

        People are known by the organisation's id. Who is not in the file stays, unless `order` says otherwise; who
        had left and is in it is back; and windows that people gave themselves win.
        """
        return await self._import(data, order, progress or _silent, keep, write=True)

    async def _import(
        self,
        data: bytes,
        order: ImportOptions,
        progress: ReportImportProgress,
        keep: KeepFound,
        *,
        write: bool,
    ) -> ImportPreview:
        try:
            reader = await asyncio.to_thread(_reader, data, order.columns)
        except ColumnsFileInvalid as error:
            preview = ImportPreview(problems=tuple(error.problems))
            async with self._database.transaction() as transaction:
                await keep(transaction, preview)
            return preview
        async with self._database.transaction() as transaction:
            await transaction.value("lock_imports")
            preview = await self._attempt(transaction, reader, order, progress, write)
            await keep(transaction, preview)
        if write and not (preview.problems or preview.refused):
            with suppress(DatabaseUnavailable):  # the import is whole without it
                await self._database.execute("analyze_people")
        return preview

    async def _attempt(
        self,
        transaction: Transaction,
        reader: PeopleReader,
        order: ImportOptions,
        progress: ReportImportProgress,
        write: bool,
    ) -> ImportPreview:
        await self._read(transaction, reader, progress)
        if reader.problem_count:
            kept = tuple(reader.problems)
            return ImportPreview(
                problems=kept, more_problems=reader.problem_count - len(kept)
            )
        progress(ImportStep.CHECKED, reader.line_count, reader.line_count)
        await self._differ(transaction)
        preview = await self._ordered(
            transaction, await self._compare(transaction), order
        )
        progress(ImportStep.COMPARED, reader.line_count, reader.line_count)
        if write and not preview.refused:
            await self._write(transaction, IMPORT_SOURCE)
            if preview.leaving:
                await self._leave(transaction)
            progress(ImportStep.WRITTEN, reader.line_count, reader.line_count)
        return preview

    async def _read(
        self,
        transaction: Transaction,
        reader: PeopleReader,
        progress: ReportImportProgress,
    ) -> None:
        """Read to the end, for every mistake; rows after the first mistake are not stored."""
        await transaction.execute("make_incoming")
        batches = (list(map(record_of, rows)) for rows in reader.batches(BATCH))
        progress(ImportStep.READ, 0, reader.line_count)
        while (records := await asyncio.to_thread(next, batches, None)) is not None:
            if not reader.problem_count:
                await self._copy(transaction, records)
            progress(ImportStep.READ, reader.lines_read, reader.line_count)
        progress(ImportStep.READ, reader.line_count, reader.line_count)
        people = await transaction.rows("known_people")
        await asyncio.to_thread(_check_references, reader, people)

    async def _ordered(
        self, transaction: Transaction, preview: ImportPreview, order: ImportOptions
    ) -> ImportPreview:
        if order.leavers is None:
            return preview
        rows = await transaction.rows("absent_people", most=SHOWN)
        left = tuple(
            RowChange(external_id=row["external_id"], name=row["name"], what="left")
            for row in rows
        )
        return preview.having(
            leaving=True,
            changes=preview.changes + left,
            refused=refuse_leavers(preview, order.leavers),
        )

    async def _leave(self, transaction: Transaction) -> None:
        """Write down that they left, as if the HR system had sent an event about each."""
        persons = [
            row["person"] for row in await transaction.rows("absent_people", most=None)
        ]
        events = as_json([_left(person) for person in persons])
        await transaction.value("store_events", events=events)
        await transaction.execute("note_leaving", persons=persons, source=IMPORT_SOURCE)


def _reader(data: bytes, columns: bytes) -> PeopleReader:
    """Raises ColumnsFileInvalid."""
    return PeopleReader(data, read_columns_file(columns) if columns else None)


def _check_references(reader: PeopleReader, people: list[Row]) -> None:
    """With everybody who is known; 100,000 of them would hold up an event loop."""
    known = {
        row["external_id"]: (row["manager"], *row["dotted_managers"]) for row in people
    }
    supervisor_of = {
        row["external_id"]: row["supervisor"] for row in people if row["supervisor"]
    }
    people.clear()
    reader.check_references(known, supervisor_of)


def _left(person: str) -> NewEvent:
    """An event that a person left, with a random key, as one may leave more than once."""
    return NewEvent(
        key=f"e{token_hex(16)}",
        source=IMPORT_SOURCE,
        event_id=token_hex(8),
        type="binome.person_left.v1",
        kind="person_left",
        person=person,
    )


def _silent(step: ImportStep, done: int, of: int) -> None: ...
