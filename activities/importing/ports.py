"""What imports need of PostgreSQL; `activities.persistence.people.files.PeopleFiles` fits it."""

from collections.abc import Callable
from typing import Protocol

from schemas.people import ReportImportProgress
from schemas.records.people_files import PeopleFile


class UploadedFiles(Protocol):
    """Uploaded people files."""

    async def find(self, name: str) -> PeopleFile | None: ...

    async def change(
        self, name: str, change: Callable[[PeopleFile], PeopleFile | None]
    ) -> PeopleFile | None: ...

    async def work_on(self, name: str, progress: ReportImportProgress) -> None: ...

    async def forget(self, name: str) -> bool: ...
