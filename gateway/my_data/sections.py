"""What is held about somebody, in the order and words in which they read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.erasure.plan import PLAN
from gateway.my_data.naming import Held
from gateway.my_data.values import ReadableValues

TECHNICAL = frozenset(
    {
        "actor",
        "archived_at",
        "arrived",
        "attempts",
        "awaits_resume",
        "channel",
        "due",
        "event_id",
        "fact",
        "generation",
        "id",
        "key",
        "leased_until",
        "link_generation",
        "match",
        "mentee_recorded",
        "message_id",
        "month",
        "next_try",
        "notice",
        "position",
        "programmes",
        "reached",
        "revision",
        "run",
        "scope",
        "sequence",
        "started",
        "type",
        "version",
    }
)
"""Columns that the system needs, and a person seldom: they stand below the others."""
SHOWN_AT_ONCE = 3
"""Rows of a table that stand open; the others open with a press."""


@dataclass(frozen=True)
class DataLine:
    """One column of a row."""

    heading: str
    value: str


@dataclass(frozen=True)
class DataRecord:
    """One row."""

    lines: Sequence[DataLine]
    technical: Sequence[DataLine]


@dataclass(frozen=True)
class DataSection:
    """One table."""

    name: str
    title: str
    about: str
    fate: str
    """What an erasure does with it."""
    records: Sequence[DataRecord]

    @property
    def at_once(self) -> Sequence[DataRecord]:
        return self.records[:SHOWN_AT_ONCE]

    @property
    def later(self) -> Sequence[DataRecord]:
        return self.records[SHOWN_AT_ONCE:]


def sections(held: Held, values: ReadableValues) -> list[DataSection]:
    """Returns a section for every table that holds something."""
    words = values.words
    return [
        DataSection(
            table,
            words.tables[table].title,
            words.tables[table].about,
            words.fates[each.fate.value],
            [_record(table, row, values) for row in held[table]],
        )
        for table, each in PLAN.items()
        if held.get(table)
    ]


def _record(table: str, row: Mapping[str, Any], values: ReadableValues) -> DataRecord:
    return DataRecord(
        tuple(_lines(table, row, values, technical=False)),
        tuple(_lines(table, row, values, technical=True)),
    )


def _lines(
    table: str, row: Mapping[str, Any], values: ReadableValues, *, technical: bool
) -> Iterator[DataLine]:
    for column, value in row.items():
        if (column in TECHNICAL) is technical and (text := values.text(column, value)):
            yield DataLine(values.words.column(table, column), text)
