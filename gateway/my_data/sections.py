"""What is held about somebody, in the order and words in which they read it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.erasure.plan import PLAN
from gateway.my_data.naming import Held
from gateway.my_data.values import INNER, ReadableValues

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
        "person",
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
PARTS_OF_A_PAIR = frozenset({"programme", "region", "seat", "wave"})
"""Columns that say again what the pair's own id says."""
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
    apart = TECHNICAL | PARTS_OF_A_PAIR if row.get("pair") else TECHNICAL
    for column in (each for each in PLAN[table].columns if each in row):
        value = row[column]
        heading, text = values.words.column(table, column), values.text(column, value)
        if (column in apart) is technical and text:
            yield DataLine(heading, text)
        if technical and isinstance(value, dict) and value.keys() & INNER:
            yield DataLine(heading, json.dumps(value, ensure_ascii=False))
