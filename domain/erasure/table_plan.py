"""What an erasure does with one table, and what an export shows of it."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of the rows about a person who is erased."""

    DELETED = "deleted"
    ANONYMISED = "anonymised"
    """The row stays, for what others need of it; some of its columns are emptied."""
    KEPT = "kept"
    """It holds codes, numbers, times and random ids only, or nothing about anybody."""


@dataclass(frozen=True)
class TablePlan:
    """One table of the database; every column of it is named here once."""

    table: str
    fate: Fate
    why: str
    emptied: tuple[str, ...] = ()
    """Columns that hold nothing afterwards; of a table whose rows are deleted, all."""
    kept: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    """Columns that are sealed; of those above, and only in tables of which persistence knows how."""
    shown: bool = True
    """Whether an export shows the rows that are about its person."""
    hidden: tuple[str, ...] = ()
    """Columns that an export leaves out: they would tell what somebody else said."""

    @property
    def columns(self) -> tuple[str, ...]:
        return self.emptied + self.kept


def columns(names: str) -> tuple[str, ...]:
    """Returns column names that are written with spaces between."""
    return tuple(names.split())
