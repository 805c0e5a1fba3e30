"""People and their files, kept in place of PostgreSQL."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import cast

from activities.persistence.database import Transaction
from activities.persistence.people.imports import (
    KeepFound,
    PeopleImports,
    _nothing_kept,
)
from activities.persistence.people.people import People
from activities.persistence.people.updates import PeopleUpdates
from schemas.people import (
    ImportOptions,
    ImportPreview,
    Person,
    PersonUpdate,
    ReportImportProgress,
)
from schemas.records.inbox import NewEvent
from schemas.time.calendar import Window

_PLAIN = ImportOptions()


NO_TRANSACTION = cast(Transaction, None)


async def _at_once(_: ReportImportProgress | None) -> None: ...


class FakePeople(People):
    """People in a dictionary."""

    def __init__(self) -> None:
        self.persons: dict[str, Person] = {}
        self.windows: dict[str, tuple[Window, ...]] = {}
        self.completions: set[tuple[str, str]] = set()

    async def find(self, person: str) -> Person | None:
        return self.persons.get(person)

    async def find_external(self, external_id: str) -> Person | None:
        return next(
            (p for p in self.persons.values() if p.external_id == external_id), None
        )

    async def in_region(
        self, region: str | None = None, limit: int = 100, after: str = ""
    ) -> list[Person]:
        listed = [p for p in self.persons.values() if region in (None, p.region)]
        begin = next((n for n, p in enumerate(listed, 1) if p.person == after), 0)
        return listed[begin : begin + limit]

    async def search(self, words: str, limit: int = 100) -> list[Person]:
        return [p for p in self.persons.values() if words.lower() in p.name.lower()][
            :limit
        ]

    async def names(self, persons: Sequence[str]) -> dict[str, str]:
        return {p: self.persons[p].name for p in persons if p in self.persons}

    async def role_counts(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for person in self.persons.values():
            for role in person.roles:
                of_region = counts.setdefault(person.region, {})
                of_region[role.value] = of_region.get(role.value, 0) + 1
        return counts

    async def set_windows(self, person: str, windows: Sequence[Window]) -> None:
        self.windows[person] = tuple(windows)

    async def close_links(self, person: str, by: str) -> int:
        found = self.persons[person]
        turned = found.model_copy(update={"link_generation": found.link_generation + 1})
        self.persons[person] = turned
        return turned.link_generation

    async def address_changed(self, person: str, since: datetime) -> bool:
        return False

    async def complete_module(self, person: str, module: str) -> None:
        self.completions.add((person, module))


class FakeImports(PeopleImports):
    """Finds the same in every file; `reading` is awaited meanwhile."""

    def __init__(self) -> None:
        self.found = ImportPreview(added=2, regions={"comex": 2})
        self.reading: Callable[[ReportImportProgress | None], Awaitable[None]] = (
            _at_once
        )
        self.imported: list[bytes] = []
        self.orders: list[ImportOptions] = []

    async def preview(
        self,
        data: bytes,
        order: ImportOptions = _PLAIN,
        progress: ReportImportProgress | None = None,
        keep: KeepFound = _nothing_kept,
    ) -> ImportPreview:
        await self.reading(progress)
        await keep(NO_TRANSACTION, self.found)
        return self.found

    async def apply(
        self,
        data: bytes,
        order: ImportOptions = _PLAIN,
        progress: ReportImportProgress | None = None,
        keep: KeepFound = _nothing_kept,
    ) -> ImportPreview:
        await self.reading(progress)
        await keep(NO_TRANSACTION, self.found)
        self.imported.append(data)
        self.orders.append(order)
        return self.found


class FakePeopleUpdates(PeopleUpdates):
    """Takes everything."""

    def __init__(self) -> None: ...

    async def apply(
        self,
        updates: Sequence[PersonUpdate],
        events: Sequence[NewEvent],
        now: datetime,
        *,
        write: bool = True,
    ) -> int:
        return 0

    async def apply_due(self, now: datetime) -> int:
        return 0
