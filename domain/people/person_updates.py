"""What was said of people, laid over what is known of them; pure."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from domain.people.cells import CellInvalid, read_cells
from domain.people.references import REFERENCES, PersonReferences
from domain.wording import worded
from schemas.people import PersonRow, PersonUpdate

NEW_ZONE = "Europe/Paris"
NOBODY_IMPORTED = "names nobody who was imported; send binome.person_upserted.v1 for them first, or correct the id"


@dataclass(frozen=True)
class KnownPerson:
    """Somebody who is known; `left_at` is wall time."""

    row: PersonRow
    left_at: datetime | None = None


@dataclass
class ChangedPerson:
    """Somebody as they are to be."""

    row: PersonRow
    back: bool = False
    relates: bool = False
    """Whether who they name changes."""
    keys: dict[str, str] = field(default_factory=dict)
    """By column the event that said it last."""
    stamps: dict[str, datetime | None] = field(default_factory=dict)


class PeopleMerge:
    """Takes one saying after the other. `stamps` say as of when a person's column holds."""

    def __init__(
        self,
        now: datetime,
        standing: Mapping[str, KnownPerson],
        stamps: Mapping[tuple[str, str], datetime],
    ) -> None:
        self._now = now
        self._standing = standing
        self._stamps: dict[tuple[str, str], datetime | None] = dict(stamps)
        self.changed: dict[str, ChangedPerson] = {}
        self.ahead: list[PersonUpdate] = []
        self.problems: list[tuple[str, str, str]] = []
        """Key of the event, column, what is wrong."""

    def hear(self, said: PersonUpdate) -> None:
        zone = ZoneInfo(self._zone(said.external_id))
        if said.effective and said.effective > self._now.astimezone(zone).date():
            self._keep(said)
            return
        stamp = said.stated_at and min(said.stated_at, self._now)
        if stamp and said.effective:
            stamp = max(
                stamp, datetime.combine(said.effective, time(), zone).astimezone(UTC)
            )
        cells = {
            column: cell
            for column, cell in said.cells.items()
            if not self._older(said, column, stamp)
        }
        row = self._laid(said, cells)
        if row is None:
            return
        changed = self.changed.setdefault(said.external_id, ChangedPerson(row))
        before = self._standing.get(said.external_id)
        changed.row = row
        changed.relates = before is None or PersonReferences.of(
            before.row
        ) != PersonReferences.of(row)
        changed.back |= said.back and not (
            before and before.left_at and stamp and stamp < before.left_at
        )
        for column in cells:
            changed.keys[column] = said.key
            changed.stamps[column] = self._stamps[said.external_id, column] = stamp
        changed.keys.setdefault("", said.key)

    def names(self) -> Set[str]:
        """Everybody whom what changes names, and they themselves."""
        rows = [each.row for each in self.changed.values() if each.relates]
        named = {name for row in rows for _, name in _references(row)} | {
            row.external_id for row in rows
        }
        return named | {name for said in self.ahead for _, name in _named_in(said)}

    def check_names(self, there: Set[str]) -> None:
        """Refuse who names somebody who is not `there`, or themselves."""
        for external_id, changed in self.changed.items():
            for column, name in _references(changed.row) if changed.relates else ():
                if name not in there:
                    self.refuse([(external_id, column, NOBODY_IMPORTED)])
        for said in self.ahead:
            for column, name in _named_in(said):
                if name not in there:
                    self.problems.append((said.key, column, NOBODY_IMPORTED))

    def refuse(self, problems: Iterable[tuple[str, str, str]]) -> None:
        """Person, column and why; told of the event that said it."""
        for external_id, column, what in problems:
            keys = self.changed[external_id].keys
            problem = (keys.get(column, keys[""]), column, what)
            if not (
                what != NOBODY_IMPORTED
                and (*problem[:2], NOBODY_IMPORTED) in self.problems
            ):
                self.problems.append(problem)

    def stamps(self) -> Iterator[dict[str, Any]]:
        for external_id, changed in self.changed.items():
            for column, stated_at in changed.stamps.items():
                yield {
                    "external_id": external_id,
                    "field": column,
                    "stated_at": stated_at,
                }

    def _zone(self, external_id: str) -> str:
        known = self.changed.get(external_id) or self._standing.get(external_id)
        return known.row.zone if known else NEW_ZONE

    def _older(self, said: PersonUpdate, column: str, stamp: datetime | None) -> bool:
        before = self._stamps.get((said.external_id, column))
        return before is not None and stamp is not None and stamp < before

    def _keep(self, said: PersonUpdate) -> None:
        if self._laid(said, said.cells) is None:
            return
        if (
            said.external_id not in self._standing
            and said.external_id not in self.changed
        ):
            self.problems.append(
                (
                    said.key,
                    "effective",
                    "a day to come, and nobody has this id yet; leave it out",
                )
            )
            return
        self.ahead.append(said)

    def _laid(self, said: PersonUpdate, cells: Mapping[str, str]) -> PersonRow | None:
        known = self.changed.get(said.external_id) or self._standing.get(
            said.external_id
        )
        values: dict[str, Any] = dict(known.row) if known else {}
        wrong: dict[str, str] = {}
        if said.external_id != said.external_id.strip():
            wrong["external_id"] = "begins or ends with a space; leave it out"
        for column, cell in {**cells, "external_id": said.external_id}.items():
            values.pop(column, None)
            try:
                values |= read_cells(column, cell.strip())
            except CellInvalid as error:
                wrong[column] = str(error)
        try:
            row = PersonRow.model_validate(values)
        except ValidationError as error:
            found = {
                str(one["loc"][0]): one
                for one in error.errors(include_input=False, include_url=False)
            }
            wrong = {
                name: worded(one, PersonRow.model_fields.get(name))
                for name, one in found.items()
            } | wrong
        self.problems += [(said.key, column, what) for column, what in wrong.items()]
        return None if wrong else row


def _references(row: PersonRow) -> Iterator[tuple[str, str]]:
    for column in REFERENCES:
        if (name := getattr(row, column)) is not None:
            yield column, name
    for name in row.dotted_managers:
        yield "dotted_managers", name


def _named_in(said: PersonUpdate) -> Iterator[tuple[str, str]]:
    for column in (*REFERENCES, "dotted_managers"):
        for name in (
            [said.cells.get(column, "").strip()]
            if column in REFERENCES
            else said.cells.get(column, "").split()
        ):
            if name:
                yield column, name
