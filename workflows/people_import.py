"""PeopleImportWorkflow: one uploaded people file, from its preview to its end.

PostgreSQL has the file, what somebody decided about it and how far it is; the workflow sees
to it that a worker does what is to be done, and that nothing stays.
"""

import asyncio
from contextlib import suppress
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.importing.activities import ImportActivities
    from schemas.handlers import PeopleImportHandlers
    from schemas.records.people_files import (
        KEPT,
        ImportStage,
        PeopleFileChanged,
        PeopleFileEnd,
        PeopleImportStart,
    )
    from workflows import options
    from workflows.reading import MessageRefused, invalid_input, read
    from workflows.receiving import register_handlers
    from workflows.refused_messages import RefusedMessages
    from workflows.retrying import failure_type

OVER = (ImportStage.IMPORTED, ImportStage.STOPPED, None)
"""What nothing more is done about; None: the file is gone."""


@workflow.defn(name="PeopleImportWorkflow")
@register_handlers(PeopleImportHandlers)
class PeopleImportWorkflow(PeopleImportHandlers):
    """One people file: previewed, confirmed, imported, forgotten."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.refused_messages = RefusedMessages()
        self.current_state = None
        self.woken = False
        self.start: PeopleImportStart | None = None
        self.invalid = ""
        try:
            self.start = read(PeopleImportStart, args, strict=True)
        except MessageRefused as why:
            self.invalid = str(why)

    @workflow.run
    async def run(self, *args: Any) -> str:
        """Returns how the file ended: imported, stopped or forgotten."""
        if self.start is None:
            raise invalid_input(self.invalid)
        try:
            stage = await self._until_over(self.start)
        except asyncio.CancelledError:
            stage = await self._end(self.start, ImportStage.STOPPED)
        self._show(stage)
        return stage.value if stage else "forgotten"

    async def _until_over(self, start: PeopleImportStart) -> ImportStage | None:
        while True:
            self.woken = False
            stage = await self._import(start)
            self._show(stage)
            while self.refused_messages.has_unsaved:  # more may come meanwhile
                await self.refused_messages.save()
            if stage in OVER:
                return stage
            if options.should_continue_as_new():
                workflow.continue_as_new(start)
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: self.woken,
                    timeout=KEPT,
                    timeout_summary="Until the file is forgotten",
                )
            if not self.woken and await self._forget(start):
                return None

    async def _import(self, start: PeopleImportStart) -> ImportStage | None:
        """Do what is to be done about the file; a failure is shown, and may be tried
        again by whoever sees it.
        """
        try:
            return await workflow.execute_activity_method(
                ImportActivities.import_people_file,
                start,
                summary="Preview or import the file",
                **options.IMPORT,
            )
        except FailureError as error:
            if is_cancelled_exception(error):
                raise asyncio.CancelledError from None
            unavailable = failure_type(error) == "DatabaseUnavailable"
        return await self._end(start, ImportStage.FAILED, unavailable)

    async def _end(
        self,
        start: PeopleImportStart,
        stage: "ImportStage",
        database_unavailable: bool = False,
    ) -> ImportStage | None:
        end = PeopleFileEnd(
            file=start.file,
            stage=stage,
            database_unavailable=database_unavailable,
        )
        return await workflow.execute_activity_method(
            ImportActivities.end_people_file,
            end,
            summary="Write down how it ended",
            **options.RECORD,
        )

    async def _forget(self, start: PeopleImportStart) -> bool:
        return await workflow.execute_activity_method(
            ImportActivities.forget_people_file,
            start,
            summary="Forget the file",
            **options.RECORD,
        )

    def receive_signal(self, signal: PeopleFileChanged) -> None:
        """PostgreSQL has what was decided; the next round reads it."""

    def _show(self, stage: ImportStage | None) -> None:
        workflow.set_current_details(
            f"## People import\n\n- **state**: {stage.value if stage else 'forgotten'}"
        )
