"""Where sealed values are, and how they are written. Which columns are sealed is in `domain/erasure/plan.py`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from activities.persistence.database import Row
from domain.erasure.plan import PLAN
from schemas.ids import CohortRef

Sealable: TypeAlias = str | int
"""`bool` among them; of `str` an empty one is no value, and is not sealed."""

_NUMBER_BYTES = 16
_TEXT_BYTES = 512
_GROWTH = 4


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns."""

    name: str
    key: tuple[str, ...]
    """Columns that name a row."""
    owner: Callable[[Mapping[str, Any] | Row], str]
    """Whose data key seals a row's values."""

    @property
    def columns(self) -> tuple[str, ...]:
        return PLAN[self.name].sealed

    def place(self, row: Mapping[str, Any] | Row, column: str) -> bytes:
        """Returns what binds a value to its column and row."""
        parts = (self.name, column, *(str(row[name]) for name in self.key))
        return json.dumps(parts).encode()


def _person(row: Mapping[str, Any] | Row) -> str:
    return str(row["person"])


def _cohort(row: Mapping[str, Any] | Row) -> str:
    return CohortRef(
        programme=row["programme"], region=row["region"], wave=row["wave"]
    ).workflow_id


PULSES = SealedTable("pulses", ("pair", "session", "side"), _person)
RELEASES = SealedTable("releases", ("programme", "region", "wave", "number"), _cohort)
SEALED_TABLES = {table.name: table for table in (PULSES, RELEASES)}
"""By name."""


def padded(value: Sealable) -> bytes:
    """Returns JSON with spaces behind it, so that the length of what is sealed says next to nothing.

    All numbers and truths have one length. A text has the shortest of 512 bytes, four
    times as many, and so on: otherwise whoever reads released ideas, which bear no name,
    could tell by their lengths whose they are.
    """
    plain = json.dumps(value, ensure_ascii=False).encode()
    size = _TEXT_BYTES if isinstance(value, str) else _NUMBER_BYTES
    while size < len(plain):
        size *= _GROWTH
    return plain.ljust(size)


def unpadded(plain: bytes) -> Sealable:
    value: Sealable = json.loads(plain)
    return value
