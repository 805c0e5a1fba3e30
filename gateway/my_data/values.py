"""Values of the database as a person reads them: times in their zone, codes in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from gateway.my_data.words import DataWords
from gateway.texts import times
from gateway.texts.reason_texts import reason_text
from gateway.texts.topic_texts import LEVELS_OFFERED, LEVELS_WANTED, topics_text
from schemas.ids import parse_pair_id
from schemas.matches.matching import MatchReason
from schemas.records.sealing import Unopened
from schemas.time.calendar import Window

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PERSON = re.compile(r"p[a-z2-7]{13}")
_TOPICS = {"offers": LEVELS_OFFERED, "wants": LEVELS_WANTED}
_AS_WRITTEN = frozenset(
    {"name", "email", "address", "comment", "idea", "function", "site"}
)
"""Columns with words of people, in which nothing is a code."""
INNER = frozenset({"attempt", "check", "sequence", "uid"})
"""Keys of documents that the system needs; they are in the document as it stands."""
_UNOPENED = frozenset(each.words for each in Unopened)
"""What stands in the place of an answer that is sealed for good."""
_COLUMN_NAMES = frozenset({"field", "fields"})
"""Columns that name columns of a person."""


@dataclass(frozen=True)
class ReadableValues:
    """Writes values for one person."""

    person: str
    zone: str
    names: Mapping[str, str]
    """Names of people whom they may read by name, by id."""
    words: DataWords

    def text(self, column: str, value: Any) -> str:
        """A value of a column, or of a key of a document; empty where there is nothing."""
        if value is None or value in ("", [], {}):
            return ""
        match value:
            case bool():
                return self.words.phrases["yes" if value else "no"]
            case list():
                return self._list(column, value)
            case dict():
                return self._document(column, value)
            case str():
                return self._words(column, value)
            case _:
                return str(value)

    def _words(self, column: str, value: str) -> str:
        if value in _UNOPENED:
            return self.words.phrases["unopened"]
        if column in _AS_WRITTEN:
            return value
        if _TIME.fullmatch(value):
            at = datetime.fromisoformat(value)
            return times.moment(at, self.zone, self.words.locale)
        if _DAY.fullmatch(value):
            return times.day(date.fromisoformat(value), self.words.locale)
        if _PERSON.fullmatch(value):
            return self._somebody(value)
        if value.startswith("pair:"):
            return self._pair(value)
        if column in _COLUMN_NAMES:
            return self.words.column("people", value)
        return self.words.value(column, value)

    def _somebody(self, person: str) -> str:
        if person == self.person:
            return self.words.phrases["you"]
        unknown = self.words.phrases["somebody"].format(id=person)
        return self.names.get(person, unknown)

    def _pair(self, workflow_id: str) -> str:
        try:
            pair = parse_pair_id(workflow_id)
        except ValueError:
            return workflow_id
        return self.words.phrases["pair"].format(
            programme=pair.programme,
            region=pair.region,
            wave=pair.wave,
            seat=pair.seat,
        )

    def _list(self, column: str, values: list[Any]) -> str:
        locale = self.words.locale
        if column in _TOPICS and all(isinstance(each, str) for each in values):
            return topics_text(frozenset(values), _TOPICS[column], locale)
        texts = [self._entry(column, each) for each in values]
        return self.words.phrases["list"].join(texts)

    def _entry(self, column: str, value: Any) -> str:
        if isinstance(value, dict):
            try:
                if column in ("windows", "own_windows"):
                    return self._window(Window.model_validate(value))
                if column == "reasons":
                    reason = MatchReason.model_validate(value)
                    return reason_text(reason, self.words.locale)
            except ValidationError:  # of an older release
                pass
        return self.text(column, value)

    def _window(self, window: Window) -> str:
        day = times.day_name(self.words.locale, window.day)
        begins, ends = (
            times.time_of_day(minute, self.words.locale)
            for minute in (window.start, window.end)
        )
        return f"{day}, {begins} – {ends}"

    def _document(self, column: str, document: dict[str, Any]) -> str:
        order = {key: place for place, key in enumerate(self.words.columns)}
        parts = [
            f"{self.words.column(column, key)}{self.words.phrases['colon']}{text}"
            for key in sorted(document, key=lambda key: order.get(key, len(order)))
            if key not in INNER and (text := self.text(key, document[key]))
        ]
        return self.words.phrases["list"].join(parts)
