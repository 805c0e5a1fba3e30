"""People files that were uploaded, as PostgreSQL keeps them until they are imported."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import LenientModel, StrictModel
from schemas.people import ImportPreview, ImportStep

KEPT = timedelta(hours=1)
"""How long a preview or result stays after the last change, of wall time."""
UNATTENDED_SECONDS = 5.0
"""After it, a file of which no worker reports anything is taken to wait for one."""

FileName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class ImportStage(StrEnum):
    """The state of an uploaded file."""

    UNDER_WAY = "under_way"
    PREVIEWED = "previewed"
    IMPORTED = "imported"
    STOPPED = "stopped"
    FAILED = "failed"


class PeopleFile(LenientModel):
    """One uploaded file, without its bytes. Never a payload of Temporal."""

    name: FileName
    digest: str = ""
    """SHA-256 of the file and of how it is to be read."""
    stage: ImportStage = ImportStage.UNDER_WAY
    writes: bool = False
    """Confirmed: it is imported, not only previewed."""
    step: ImportStep | None = None
    """The last one that was reported; None: it waits for its turn."""
    read: int = 0
    lines: int = 0
    """How many of how many are read."""
    leavers: int | Literal["few"] | None = None
    """As in `ImportOptions`; after a preview, exactly as many as it showed."""
    found: ImportPreview | None = Field(default=None, repr=False)
    """What the preview found, until the file is imported, stopped or forgotten."""
    database_unavailable: bool = False
    """PostgreSQL did not answer, which is why it failed."""
    silent_seconds: float = 0.0
    """Since the last change of anything here, of wall time."""

    @property
    def under_way(self) -> bool:
        return self.stage is ImportStage.UNDER_WAY

    @property
    def unattended(self) -> bool:
        """Whether no worker has reported anything about it for a while."""
        return self.under_way and self.silent_seconds > UNATTENDED_SECONDS

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
    def readable(self) -> bool:
        """Whether its bytes are still of use."""
        return self.under_way or self.confirmable or self.stage is ImportStage.FAILED


class PeopleImportStart(StrictModel):
    """Start of `PeopleImportWorkflow`: which file."""

    file: FileName


class PeopleFileChanged(LenientModel):
    """Somebody confirmed the file, stopped it or had it tried again; PostgreSQL has what."""


class PeopleFileEnd(LenientModel):
    """How work on a file ended that did not get to its own end."""

    file: FileName
    stage: Literal[ImportStage.STOPPED, ImportStage.FAILED]
    database_unavailable: bool = False
