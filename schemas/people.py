"""People as PostgreSQL keeps them. Of all this only ids are payloads of Temporal."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import LenientModel
from schemas.ids import Code, PersonId
from schemas.time.calendar import Instant, Window, ZoneName

IMPORT_SOURCE = "people file"
"""The source of what a people file says; not a code, so no service has this name."""
MOST_VALUES = 40
"""Values in one list of a person; more is a mistake, such as a table in one cell."""


class Role(StrEnum):
    """What somebody may be in a programme; one person may be several."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    SUPERVISOR = "supervisor"
    DELEGATE = "delegate"
    SPONSOR = "sponsor"
    OPS = "ops"


class PersonRow(LenientModel):
    """One valid row of a people file, references still by the organisation's ids."""

    external_id: Annotated[str, Field(min_length=1, max_length=80)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    email: Annotated[str, Field(max_length=254)]
    region: Code
    roles: frozenset[Role] = frozenset()
    function: Annotated[str, Field(max_length=200)] = ""
    site: Annotated[str, Field(max_length=200)] = ""
    locale: Literal["en", "fr"] | None = None
    """None: that of the region, in the newest programme that names it; else French."""
    zone: ZoneName = "Europe/Paris"
    manager: str | None = None
    dotted_managers: Annotated[tuple[str, ...], Field(max_length=MOST_VALUES)] = ()
    supervisor: str | None = None
    delegate: str | None = None
    seats: Annotated[int, Field(ge=1, le=9)] = 1
    languages: Annotated[frozenset[str], Field(max_length=MOST_VALUES)] = frozenset()
    offers: Annotated[frozenset[str], Field(max_length=MOST_VALUES)] = frozenset()
    wants: Annotated[frozenset[str], Field(max_length=MOST_VALUES)] = frozenset()
    windows: Annotated[tuple[Window, ...], Field(max_length=MOST_VALUES)] = ()


class Person(PersonRow):
    """A person of the organisation; manager, dotted_managers, supervisor and delegate
    hold person ids here.
    """

    person: PersonId
    locale: Literal["en", "fr"] = "fr"
    left: bool = False
    """They left the organisation: no mail and no page, and nothing they do counts."""
    link_generation: int = 0
    """Links of an earlier generation are closed; ops turn it on."""


class RowProblem(LenientModel):
    """What is wrong with a line of a people file. `line` counts the header as 1; 0 is a
    file as a whole.
    """

    line: int
    column: str
    what: str
    file: Literal["file", "columns file"] = "file"

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else self.file
        return (
            f"{where}, {self.column}: {self.what}"
            if self.column
            else f"{where}: {self.what}"
        )


class ImportOptions(LenientModel):
    """How a people file is to be read, and what becomes of people who are not in it."""

    columns: bytes = b""
    """A columns file; empty: the file has our own header."""
    leavers: int | Literal["few"] | None = None
    """People of the file's regions who are not in it. None: they stay. few: they have
    left, unless they are more than one in ten. A number: they have left if they are
    exactly so many."""


class ImportStep(StrEnum):
    """The steps of an import, or of its preview."""

    READ = "read"
    CHECKED = "checked"
    """Lines were checked against each other and against people imported before."""
    COMPARED = "compared"
    """Lines were compared with people imported before."""
    WRITTEN = "written"
    """Everything was written and is committed next: too late to stop. A preview writes
    nothing."""


ReportImportProgress = Callable[[ImportStep, int, int], None]
"""Called with a step, how many lines of the file it has done, and of how many: at the
beginning, after each batch, and after each step."""


class RowChange(LenientModel):
    """What an import changes about one person."""

    external_id: str
    name: str = Field(repr=False)
    what: Literal["changed", "back", "left"]
    fields: tuple[str, ...] = ()


class PersonUpdate(LenientModel):
    """What a service says about one person, in words of a people file.

    Never a payload of Temporal.
    """

    key: str
    """Key of the event that brought the update."""
    external_id: str
    source: str
    cells: dict[str, str]
    """The new values by column; an empty text sets the default."""
    stated_at: Instant | None = None
    """When the sender says it happened, wall time: the CloudEvent's `time`."""
    effective: date | None = None
    """The day from whose beginning, where the person is, it holds; None: it holds now."""
    back: bool = False
    """Whether a person who had left is there again."""


class PeopleRefused(Exception):
    """Updates of people that are not valid: event key, column and what is wrong."""

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(f"{len(problems)} problems with updates of people")
        self.problems = tuple(problems)


class ImportPreview(LenientModel):
    """What an import would change; nothing is written while there are problems, or
    where it is `refused`.
    """

    problems: tuple[RowProblem, ...] = ()
    """The first of them, by line."""
    more_problems: int = 0
    """How many further problems there are."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    back: int = 0
    """People who had left and are in the file again; not counted as changed."""
    fields: dict[str, int] = {}
    """How often each column changes, of changed people and of those who are back."""
    changes: tuple[RowChange, ...] = ()
    """The first few changes of each kind."""
    absent: int = 0
    """How many of the file's regions have not left, and are not in the file."""
    present: int = 0
    """How many were in those regions before and had not left."""
    leaving: bool = False
    """Whether the absent are taken to have left."""
    refused: str = ""
    """Why a file without a mistake is not imported; empty: it is."""
    regions: dict[str, int] = {}

    @property
    def wrong(self) -> int:
        return len(self.problems) + self.more_problems
