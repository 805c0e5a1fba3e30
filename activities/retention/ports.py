"""What retention needs of PostgreSQL; `activities.persistence.store.Store` fits `RetentionStore`."""

from datetime import date, datetime
from typing import Protocol

from schemas.people import Person
from schemas.records.erasures import Erasure
from schemas.records.sealing import Rewrapping


class Counts(Protocol):
    """How many rows left the busy tables."""

    @property
    def pairs(self) -> int: ...

    @property
    def events(self) -> int: ...


class Archiving(Protocol):
    """The archive of pairs that closed long ago."""

    async def move(self, before: datetime) -> Counts: ...

    async def drop_months(self, before: date) -> list[str]: ...


class Erasing(Protocol):
    """Erasures, and the pulses whose words are emptied."""

    async def leavers(self, before: datetime, limit: int) -> list[tuple[str, str]]: ...

    async def begin(self, person: str, digest: str, requested_by: str) -> Erasure: ...

    async def unfinished(self) -> list[Erasure]: ...

    async def carry_out(self, person: Person) -> Erasure: ...

    async def empty_old_pulses(self, before: datetime) -> int: ...


class Sealing(Protocol):
    """The keys with which answers are sealed."""

    async def rewrap(self) -> Rewrapping: ...


class Recording(Protocol):
    """Who read about whom, and who decided what."""

    async def forget(self, before: datetime) -> int: ...


class Finding(Protocol):
    """People by their random ids."""

    async def find(self, person: str) -> Person | None: ...


class Uploading(Protocol):
    """People files that were uploaded."""

    async def forget_old(self) -> int: ...


class RetentionStore(Protocol):
    """The part of the store that retention uses."""

    @property
    def archive(self) -> Archiving: ...

    @property
    def erasures(self) -> Erasing: ...

    @property
    def data_keys(self) -> Sealing: ...

    @property
    def access_trail(self) -> Recording: ...

    @property
    def people(self) -> Finding: ...

    @property
    def people_files(self) -> Uploading: ...
