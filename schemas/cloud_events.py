"""CloudEvents that services send: `binome.<name>.v1`, `subject` the person's id in the organisation.

Unknown fields are ignored, since senders add their own; what we read is checked. The gateway turns `subject` into a
person id, and splits scores and words off, before anything reaches a workflow.
"""

from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from schemas.base import LenientModel
from schemas.events import InvitationAnswer, Side
from schemas.ids import Code, Ordinal
from schemas.time.calendar import Instant, Window
from schemas.wording.hidden_characters import find_hidden


def _printable(value: str) -> str:
    if hidden := find_hidden(value):
        raise ValueError(str(hidden))
    return value


Text = Annotated[str, Field(max_length=4000)]
Key = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]


class CloudEvent(LenientModel):
    """The envelope of CloudEvents 1.0. `id` is required: a repetition is recognised by it."""

    specversion: Literal["1.0"]
    id: Key
    source: Annotated[
        str, Field(min_length=1, max_length=500), AfterValidator(_printable)
    ]
    type: Key
    subject: Key
    """The person's id in the organisation, as in the people file."""
    time: Instant | None = None
    """When it happened, wall time of the sender."""
    data: Annotated[
        dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)
    ] = {}


class NoData(LenientModel):
    """No data: the event's type and person say everything."""


class PairEventData(LenientModel):
    """Data about one pair. `pair` is its workflow id; it may be left out while the person has one pair only."""

    pair: Annotated[str | None, Field(max_length=120)] = None


class ModuleCompletedData(LenientModel):
    """A module of the learning platform was finished. It may arrive before the programme starts."""

    module: Code


class WindowsData(LenientModel):
    """The person's weekly windows, in their own zone; they replace the earlier ones."""

    windows: Annotated[tuple[Window, ...], Field(min_length=1, max_length=40)]


class AnsweredData(PairEventData):
    """An answer to the newest invitation: session, attempt and sequence are in its calendar part."""

    session: Ordinal
    attempt: Ordinal = 1
    sequence: Annotated[int, Field(ge=0)]
    answer: InvitationAnswer
    start: Instant | None = None
    """With another_time: which of the alternatives; without it, none of them suits."""


class HeldData(PairEventData):
    """The mentor's report whether a session took place."""

    session: Ordinal
    attempt: Ordinal = 1
    held: bool = True


class PulseData(PairEventData):
    """A pulse from a survey. Score and words are kept in PostgreSQL only; the pair is signalled that there is one."""

    session: Ordinal
    score: Annotated[int, Field(ge=1, le=5)]
    idea: Text = ""
    """An idea that may be published without a name."""
    comment: Text = ""
    """A confidential comment. Kept in PostgreSQL only, and not at all where no trusted contact reads it."""
    help: bool = False


Cell = Annotated[str, Field(max_length=4000)]
Cells = Cell | Annotated[tuple[Cell, ...], Field(max_length=40)] | None
"""Several values in one text, as in a people file, or as a list."""


class PersonColumns(LenientModel):
    """Columns of a people file, written as there; null or an empty text sets the default, what is absent stays."""

    def cells(self) -> dict[str, str]:
        """The columns that are given, as a people file would write them."""
        given = self.model_fields_set - {"effective", "back"}
        return {
            column: _cell(column, getattr(self, column)) for column in sorted(given)
        }


class DatedColumns(PersonColumns):
    """Columns of a person that take effect now or on a future day."""

    effective: (
        Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))] | None
    ) = None
    """Holds from the beginning of this day where the person is; without it, or in the past, from now on."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.cells() or getattr(self, "back", False)):
            raise ValueError("says nothing; give at least one column")
        return self


class PersonData(DatedColumns):
    """One line of a people file: somebody new (name, email and region are needed), or what changes of somebody."""

    name: Cell | None = None
    email: Cell | None = None
    region: Cell | None = None
    roles: Cells = None
    function: Cell | None = None
    site: Cell | None = None
    locale: Cell | None = None
    zone: Cell | None = None
    manager: Cell | None = None
    dotted_managers: Cells = None
    supervisor: Cell | None = None
    delegate: Cell | None = None
    seats: Annotated[int, Field(ge=1, le=9)] | None = None
    languages: Cells = None
    offers: Cells = None
    """Topics as codes, with a level from 1 to 3 behind a colon if you like: `ai_tools:2`."""
    wants: Cells = None
    """Topics as codes, with the level wanted if you like: `ai_tools:3`."""
    windows: Cells = None
    """As `mon 09:00-12:00`; hours that the person gave themselves win."""
    back: bool = False
    """Somebody who left has come back; without it they stay left, whatever else changes."""


class ManagerChangedData(DatedColumns):
    """Whom the person reports to from now on, or from a day to come."""

    manager: Cell | None = None
    """External id of the new direct manager; null: nobody."""
    dotted_managers: Cells = None


class PersonMovedData(ManagerChangedData):
    """Where the person works from now on, or from a day to come, and whom they report to there."""

    region: Cell | None = None
    site: Cell | None = None
    function: Cell | None = None
    zone: Cell | None = None


def _cell(column: str, value: Any) -> str:
    if isinstance(value, tuple):
        return ("; " if column == "windows" else " ").join(value)
    return "" if value is None else str(value)


class EventType(NamedTuple):
    """A type of event: its data, its signal, and the side on which the person must be (None: either)."""

    data: type[LenientModel]
    kind: str
    side: Side | None = None
    pause: bool | None = None
    """Whether it puts the pause of the person into force, or out of it."""


PERSON_UPDATED = "person_updated"
"""Takes effect in PostgreSQL, and no pair is signalled: the guard checks the lines."""

CATALOGUE: dict[str, EventType] = {
    "binome.module_completed.v1": EventType(
        ModuleCompletedData, "module_completed", Side.MENTOR
    ),
    "binome.rehearsed.v1": EventType(NoData, "rehearsed", Side.MENTOR),
    "binome.volunteered.v1": EventType(NoData, "volunteered", Side.MENTOR),
    "binome.declined.v1": EventType(NoData, "declined", Side.MENTOR),
    "binome.windows_given.v1": EventType(WindowsData, "windows_given"),
    "binome.charter_signed.v1": EventType(NoData, "charter_signed"),
    "binome.answered.v1": EventType(AnsweredData, "answered"),
    "binome.held.v1": EventType(HeldData, "held", Side.MENTOR),
    "binome.pulse_received.v1": EventType(PulseData, "pulse_received"),
    "binome.person_left.v1": EventType(NoData, "person_left"),
    "binome.person_upserted.v1": EventType(PersonData, PERSON_UPDATED),
    "binome.manager_changed.v1": EventType(ManagerChangedData, PERSON_UPDATED),
    "binome.person_moved.v1": EventType(PersonMovedData, PERSON_UPDATED),
    "binome.person_paused.v1": EventType(NoData, "directives_changed", pause=True),
    "binome.person_resumed.v1": EventType(NoData, "directives_changed", pause=False),
}
