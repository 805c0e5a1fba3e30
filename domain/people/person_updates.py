"""What services say about people, laid over what is known of them."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from domain.people.cells import CellInvalid, read_cell
from domain.people.references import (
    REFERENCE_COLUMNS,
    PersonReferences,
    named_people,
    reference_problems,
)
from domain.people.reporting_lines import ReportingLines
from domain.people.rows import column_problems
from schemas.people import PersonRow, PersonUpdate

ZONE_OF_NEW_PEOPLE = "Europe/Paris"
NOBODY_IMPORTED = (
    "names nobody who was imported;"
    " send binome.person_upserted.v1 for them first, or correct the id"
)


@dataclass(frozen=True)
class KnownPerson:
    """Somebody who was imported; `left_at` is wall time."""

    row: PersonRow
    left_at: datetime | None = None


@dataclass
class PersonToWrite:
    """A person after an update, as they are written to PostgreSQL."""

    row: PersonRow
    back: bool = False
    """Whether they had left, and are there again."""
    names_others: bool = False
    """Whether whom they name changes, or they are new."""
    event_keys: dict[str, str] = field(default_factory=dict)
    """By column the key of the event that stated it last; by the empty text the first
    event of all."""
    stated_at: dict[str, datetime | None] = field(default_factory=dict)
    """When each column was stated last, by column; None: without a time."""


class PeopleMerge:
    """Takes one update after another, and collects what is to be written or refused.

    Args:
        now: wall time.
        known: by the organisation's id.
        stated_at: by id and column, as of when the column's value holds.
    """

    def __init__(
        self,
        now: datetime,
        known: Mapping[str, KnownPerson],
        stated_at: Mapping[tuple[str, str], datetime],
    ) -> None:
        self._now = now
        self._known = known
        self._stated_at: dict[tuple[str, str], datetime | None] = dict(stated_at)
        self.changed: dict[str, PersonToWrite] = {}
        self.for_later: list[PersonUpdate] = []
        """Updates for a day to come."""
        self.problems: list[tuple[str, str, str]] = []
        """Key of the event, column, what is wrong."""

    def add_all(self, updates: Iterable[PersonUpdate]) -> None:
        for update in updates:
            self.add(update)

    def add(self, update: PersonUpdate) -> None:
        zone = ZoneInfo(self._zone(update.external_id))
        if update.effective and update.effective > self._now.astimezone(zone).date():
            self._keep_for_later(update)
            return
        stated_at = self._holds_since(update, zone)
        cells = {
            column: cell
            for column, cell in update.cells.items()
            if not self._is_older(update, column, stated_at)
        }
        row = self._updated_row(update, cells)
        if row is None:
            return
        person = self.changed.setdefault(update.external_id, PersonToWrite(row))
        before = self._known.get(update.external_id)
        person.row = row
        person.names_others = before is None or (
            PersonReferences.of(before.row) != PersonReferences.of(row)
        )
        left_later = bool(
            before and before.left_at and stated_at and stated_at < before.left_at
        )
        person.back |= update.back and not left_later
        for column in cells:
            person.event_keys[column] = update.key
            person.stated_at[column] = stated_at
            self._stated_at[update.external_id, column] = stated_at
        person.event_keys.setdefault("", update.key)

    def _holds_since(self, update: PersonUpdate, zone: ZoneInfo) -> datetime | None:
        if update.stated_at is None:
            return None
        stated_at = min(update.stated_at, self._now)
        if not update.effective:
            return stated_at
        return max(
            stated_at, datetime.combine(update.effective, time(), zone).astimezone(UTC)
        )

    def named_people(self) -> Set[str]:
        """Returns everybody whom a change names, and the changed people themselves."""
        rows = [person.row for person in self.changed.values() if person.names_others]
        found = {row.external_id for row in rows}
        found |= {name for row in rows for _, name in _named_in_row(row)}
        found |= {name for update in self.for_later for _, name in _named_in(update)}
        return found

    def check_named_people(self, known: Set[str]) -> None:
        """Adds a problem for everybody who is named and not known."""
        for external_id, person in self.changed.items():
            for column, name in (
                _named_in_row(person.row) if person.names_others else ()
            ):
                if name not in known:
                    self.refuse([(external_id, column, NOBODY_IMPORTED)])
        for update in self.for_later:
            for column, name in _named_in(update):
                if name not in known:
                    self.problems.append((update.key, column, NOBODY_IMPORTED))

    def check_lines(self, known: ReportingLines) -> None:
        """Adds a problem for whoever would be above themselves, or in line with their supervisor.

        Only of those whose lines or supervisor change: who was wrong before is not the
        business of this event.

        Args:
            known: managers of everybody above those who are named, as they are now.
        """
        lines = dict(known) | {
            name: (each.row.manager, *each.row.dotted_managers)
            for name, each in self.changed.items()
        }
        rows = dict(
            enumerate(
                PersonReferences.of(each.row)
                for each in self.changed.values()
                if each.names_others
            )
        )
        self.refuse(
            (rows[problem.line].external_id, problem.column, problem.what)
            for problem in reference_problems(rows, lines, {})
        )

    def refuse(self, problems: Iterable[tuple[str, str, str]]) -> None:
        """Takes person, column and what is wrong; adds it for the event that stated it."""
        for external_id, column, what in problems:
            keys = self.changed[external_id].event_keys
            key = keys.get(column, keys[""])
            if (key, column, NOBODY_IMPORTED) in self.problems and (
                what != NOBODY_IMPORTED
            ):
                continue  # whoever is not there is in no line either
            self.problems.append((key, column, what))

    def statement_times(self) -> Iterator[dict[str, Any]]:
        """Yields rows of which column of whom was stated when."""
        for external_id, person in self.changed.items():
            for column, stated_at in person.stated_at.items():
                yield {
                    "external_id": external_id,
                    "field": column,
                    "stated_at": stated_at,
                }

    def _zone(self, external_id: str) -> str:
        row = self._row(external_id)
        return row.zone if row else ZONE_OF_NEW_PEOPLE

    def _row(self, external_id: str) -> PersonRow | None:
        person = self.changed.get(external_id) or self._known.get(external_id)
        return person.row if person else None

    def _is_older(
        self, update: PersonUpdate, column: str, stated_at: datetime | None
    ) -> bool:
        before = self._stated_at.get((update.external_id, column))
        return before is not None and stated_at is not None and stated_at < before

    def _keep_for_later(self, update: PersonUpdate) -> None:
        if self._updated_row(update, update.cells) is None:
            return
        if self._row(update.external_id) is None:
            self.problems.append(
                (
                    update.key,
                    "effective",
                    "a day to come, and nobody has this id yet; leave it out",
                )
            )
            return
        self.for_later.append(update)

    def _updated_row(
        self, update: PersonUpdate, cells: Mapping[str, str]
    ) -> PersonRow | None:
        """Returns the row with these cells; None, and problems: it is not valid."""
        before = self._row(update.external_id)
        values: dict[str, Any] = dict(before) if before else {}
        wrong: dict[str, str] = {}
        if update.external_id != update.external_id.strip():
            wrong["external_id"] = "begins or ends with a space; leave it out"
        for column, cell in {**cells, "external_id": update.external_id}.items():
            values.pop(column, None)
            try:
                values |= read_cell(column, cell.strip())
            except CellInvalid as error:
                wrong[column] = str(error)
        row = None
        try:
            row = PersonRow.model_validate(values)
        except ValidationError as error:
            wrong = column_problems(error) | wrong
        self.problems += [(update.key, column, what) for column, what in wrong.items()]
        return None if wrong else row


def _named_in_row(row: PersonRow) -> Iterator[tuple[str, str]]:
    return named_people(PersonReferences.of(row))


def _named_in(update: PersonUpdate) -> Iterator[tuple[str, str]]:
    """Yields column and name, of an update whose cells were read."""
    for column in REFERENCE_COLUMNS:
        if name := update.cells.get(column, "").strip():
            yield column, name
    for name in update.cells.get("dotted_managers", "").split():
        yield "dotted_managers", name
