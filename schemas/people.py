"""People as PostgreSQL keeps them. Never a payload of Temporal, except ids."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Carried
from schemas.calendar import Instant, Window, ZoneName
from schemas.ids import Code, PersonId

IMPORT_SOURCE = "people file"
"""The source of what a people file says; not a code, so no service is called so."""
MOST_VALUES = 40
"""Values in one list of a person; more is a slip, such as a whole table in one cell."""


class Role(StrEnum):
    """What somebody may be in a programme; one person may be several."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    SUPERVISOR = "supervisor"
    DELEGATE = "delegate"
    SPONSOR = "sponsor"
    OPS = "ops"


class PersonRow(Carried):
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
    """A person of the organisation; manager, dotted_managers, supervisor and delegate hold person ids here."""

    person: PersonId
    locale: Literal["en", "fr"] = "fr"


class RowProblem(Carried):
    """What is wrong with a line of a people file. `line` counts the header as 1; 0 is a file as a whole."""

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


class ImportOptions(Carried):
    """How a people file is to be read and taken."""

    columns: bytes = b""
    """A columns file; empty: the file has our own header."""
    leavers: int | Literal["few"] | None = None
    """What of people of the file's regions who are not in it. None: they stay. few: they have left, unless they are
    more than one in ten. A number: they have left if they are exactly so many."""


class ImportStep(StrEnum):
    """What is done of an import, or of its preview."""

    READ = "read"
    CHECKED = "checked"
    """Lines against each other and against who is there."""
    COMPARED = "compared"
    """With who is there."""
    WRITTEN = "written"
    """Of an import only. What follows keeps all of it at once: who would stop it comes too late."""


ReportImportProgress = Callable[[ImportStep, int, int], None]
"""Told what is done, and of how many of the file's lines: at the beginning, after each batch, and after each step."""


class RowChange(Carried):
    """What an import changes of one person. `what` is one of changed, back, left."""

    external_id: str
    name: str = Field(repr=False)
    what: Literal["changed", "back", "left"]
    fields: tuple[str, ...] = ()


class PersonChange(Carried):
    """What changed of somebody who was there: numbered in the order in which it took effect."""

    id: int
    person: PersonId
    fields: tuple[str, ...]
    """Columns of a people file that hold something else now; or `left`, or `back`."""
    at: Instant
    """Wall time."""


class PersonUpdate(Carried):
    """What a service says of one person, in words of a people file. Not for Temporal."""

    key: str
    """Of the event."""
    external_id: str
    source: str
    cells: dict[str, str]
    """By column; an empty text sets the default."""
    stated_at: Instant | None = None
    """The CloudEvent's `time`, wall time."""
    effective: date | None = None
    """Holds from the beginning of this day where the person is."""
    back: bool = False
    """Whoever had left is there again."""


class PeopleRefused(Exception):
    """What was said of people does not fit: of each event by its key, in which column, and why."""

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(f"{len(problems)} problems with what was said of people")
        self.problems = tuple(problems)


class ImportPreview(Carried):
    """What an import would change; nothing is written while there are problems, or where it is `refused`."""

    problems: tuple[RowProblem, ...] = ()
    """The first of them."""
    more_problems: int = 0
    """How many are not listed."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    back: int = 0
    """Had left, and are in the file: they are there again. They are not among the changed."""
    fields: dict[str, int] = {}
    """Of changed people and those who are back: how often which column changes."""
    changes: tuple[RowChange, ...] = ()
    """The first of each kind."""
    absent: int = 0
    """Who is in the file's regions, has not left, and is not in the file."""
    present: int = 0
    """Who was in those regions before and had not left."""
    leaving: bool = False
    """Whether the absent are taken to have left."""
    refused: str = ""
    """Why a file without a mistake is not imported as ordered."""
    regions: dict[str, int] = {}

    @property
    def wrong(self) -> int:
        return len(self.problems) + self.more_problems
