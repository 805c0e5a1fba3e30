"""The short texts of a locale: labels, greetings, times. The long ones are templates."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from schemas.time.calendar import zone

TEMPLATES = Path(__file__).parent / "templates"
LOCALES = ("en", "fr")


class LocaleTexts:
    """One locale's short texts, from its `texts.json`."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._texts: dict[str, Any] = json.loads(
            (TEMPLATES / locale / "texts.json").read_text("utf-8")
        )
        self.typography: Callable[[str], str] = (
            _french_spaces if locale == "fr" else str
        )

    def get(self, name: str, /, **values: object) -> str:
        """Returns a text by its dotted name, filled in.

        Raises:
            KeyError: there is none.
        """
        found: Any = self._texts
        for part in name.split("."):
            found = found[part]
        return self.typography(str(found).format(**values))

    def gate_item(self, item: str) -> str:
        """A part of the readiness gate in words; an unknown code stays readable."""
        kind, _, code = item.partition(":")
        if kind in self._texts["items"]:
            return self.get(f"items.{kind}", code=_spaced(code))
        return _spaced(item)

    def day(self, at: datetime, zone_name: str) -> str:
        """`Tuesday 12 January 2027`, the local day in the given zone."""
        local = at.astimezone(zone(zone_name))
        return self.get(
            "time.day",
            weekday=self._texts["days"][local.weekday()],
            number=self.get("time.first") if local.day == 1 else local.day,
            month=self._texts["months"][local.month - 1],
            year=local.year,
        )

    def hours(self, start: datetime, minutes: int, zone_name: str) -> str:
        """`10:30 to 11:30 (Paris time)`, in the given zone."""
        where = zone(zone_name)
        end = start + timedelta(minutes=minutes)
        return self.get(
            "time.hours",
            start=self._hour(start.astimezone(where)),
            end=self._hour(end.astimezone(where)),
            zone=self._zone(zone_name),
        )

    def _hour(self, local: datetime) -> str:
        name = "time.hour" if local.minute else "time.full_hour"
        return self.get(name, hour=local.hour, minute=f"{local.minute:02}")

    def _zone(self, name: str) -> str:
        if name in self._texts["zones"]:
            return str(self._texts["zones"][name])
        if "/" not in name or name.startswith("Etc/"):
            return name
        city = name.rpartition("/")[2].replace("_", " ")
        return self.get(
            "time.zone_vowel" if city[0] in "AEIOUY" else "time.zone", city=city
        )


@lru_cache(maxsize=8)
def locale_texts(locale: str) -> LocaleTexts:
    """A locale's short texts; those of an unknown locale are English."""
    return LocaleTexts(locale if locale in LOCALES else "en")


def _spaced(code: str) -> str:
    return code.replace("-", " ").replace("_", " ")


_BEFORE = re.compile(r" (?=[:;!?»%])")
_AFTER = re.compile(r"(?<=«) ")
_HOUR = re.compile(r"(?<=\d) (?=h\b)|(?<=\d h) (?=\d\d\b)")


def _french_spaces(text: str) -> str:
    """Make the spaces before `:`, inside « » and in hours unbreakable."""
    return _HOUR.sub("\u00a0", _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", text)))
