"""People as PostgreSQL keeps them. Never a payload of Temporal, except ids."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Carried
from schemas.calendar import Window, ZoneName
from schemas.ids import Code, PersonId


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
    function: str = ""
    site: str = ""
    locale: Literal["en", "fr"] | None = None
    """None: that of the region, in the newest programme that names it; else French."""
    zone: ZoneName = "Europe/Paris"
    manager: str | None = None
    dotted_managers: tuple[str, ...] = ()
    supervisor: str | None = None
    delegate: str | None = None
    seats: Annotated[int, Field(ge=1, le=9)] = 1
    languages: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    windows: tuple[Window, ...] = ()


class Person(PersonRow):
    """A person of the organisation; manager, dotted_managers, supervisor and delegate hold person ids here."""

    person: PersonId
    locale: Literal["en", "fr"] = "fr"


class RowProblem(Carried):
    """What is wrong with a line of a people file. `line` counts the header as 1; 0 is the file as a whole."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "file"
        return f"{where}, {self.column}: {self.what}" if self.column else f"{where}: {self.what}"


class ImportPreview(Carried):
    """What an import would change; nothing is written while there are problems."""

    problems: tuple[RowProblem, ...] = ()
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    regions: dict[str, int] = {}
