"""Words for tables, columns and codes, as a person reads them who knows none of them: one file a locale."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gateway.pages.words import LOCALES


@dataclass(frozen=True)
class TableWords:
    """What a table is called, and what it is."""

    title: str
    about: str


@dataclass(frozen=True)
class DataWords:
    """All words of one language."""

    locale: str
    tables: Mapping[str, TableWords]
    columns: Mapping[str, str]
    """By `column`; by `table.column` or `column.key` where it is another one there."""
    values: Mapping[str, Mapping[str, str]]
    """By column and code."""
    fates: Mapping[str, str]
    """What an erasure does, by `Fate`."""
    phrases: Mapping[str, str]

    def column(self, within: str, name: str) -> str:
        """The heading of a column of a table, or of a key of a document; an unknown one is its code."""
        plain = name.replace("_", " ")
        return self.columns.get(f"{within}.{name}") or self.columns.get(name, plain)

    def value(self, column: str, code: str) -> str:
        """A code in words; one without words is shown as it is."""
        return self.values.get(column, {}).get(code, code)


@lru_cache(maxsize=len(LOCALES))
def data_words(locale: str) -> DataWords:
    """The words of a language; those of an unknown one are English."""
    known = locale if locale in LOCALES else "en"
    path = Path(__file__).parent / f"{known}.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    tables = {name: TableWords(**words) for name, words in found.pop("tables").items()}
    return DataWords(locale=known, tables=tables, **found)
