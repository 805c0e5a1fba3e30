"""Fakes at the activity boundary of people imports."""

from collections.abc import Iterator
from itertools import repeat

from temporalio import activity
from temporalio.exceptions import ApplicationError

from schemas.records.people_files import ImportStage, PeopleFileEnd, PeopleImportStart


class ImportOffices:
    """A file that is previewed, then imported, unless a story says otherwise."""

    def __init__(self) -> None:
        self.stages = iter([ImportStage.PREVIEWED, ImportStage.IMPORTED])
        """What becomes of an uploaded file, look by look."""
        self.import_failures: Iterator[ApplicationError] = iter(())
        self.ends: list[PeopleFileEnd] = []
        self.forgets: Iterator[bool] = repeat(True)

    @activity.defn
    async def import_people_file(self, start: PeopleImportStart) -> ImportStage | None:
        for failure in self.import_failures:
            raise failure
        return next(self.stages)

    @activity.defn
    async def end_people_file(self, end: PeopleFileEnd) -> ImportStage | None:
        self.ends.append(end)
        return end.stage

    @activity.defn
    async def forget_people_file(self, start: PeopleImportStart) -> bool:
        return next(self.forgets)
