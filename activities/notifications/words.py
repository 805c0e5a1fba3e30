"""The short texts of a locale: labels, greetings, and times in words. The long ones are templates."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from schemas.calendar import zone

TEMPLATES = Path(__file__).parent / "templates"
LOCALES = ("en", "fr")


class Words:
    """One locale's short texts, from its `words.json`."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._texts: dict[str, Any] = json.loads(
            (TEMPLATES / locale / "words.json").read_text("utf-8")
        )
        self.typography: Callable[[str], str] = (
            _french_spaces if locale == "fr" else str
        )

    def __call__(self, name: str, /, **values: object) -> str:
        """A text by its dotted name, with its values; KeyError when the locale lacks it."""
        found: Any = self._texts
        for part in name.split("."):
            found = found[part]
        return self.typography(str(found).format(**values))

    def item(self, item: str) -> str:
        """A part of the readiness gate in words; a code nobody has words for stays readable."""
        kind, _, code = item.partition(":")
        if kind in self._texts["items"]:
            return self(f"items.{kind}", code=code.replace("-", " ").replace("_", " "))
        return item.replace("-", " ").replace("_", " ")

    def day(self, at: datetime, zone_name: str) -> str:
        """`Tuesday 12 January 2027`, the local day in the given zone."""
        local = at.astimezone(zone(zone_name))
        return self(
            "time.day",
            weekday=self._texts["days"][local.weekday()],
            number=self("time.first") if local.day == 1 else local.day,
            month=self._texts["months"][local.month - 1],
            year=local.year,
        )

    def hours(self, start: datetime, minutes: int, zone_name: str) -> str:
        """`10:30 to 11:30 (Paris time)`, in the given zone."""
        where = zone(zone_name)
        end = start + timedelta(minutes=minutes)
        return self(
            "time.hours",
            start=self._hour(start.astimezone(where)),
            end=self._hour(end.astimezone(where)),
            zone=self._zone(zone_name),
        )

    def _hour(self, local: datetime) -> str:
        name = "time.hour" if local.minute else "time.full_hour"
        return self(name, hour=local.hour, minute=f"{local.minute:02}")

    def _zone(self, name: str) -> str:
        if name in self._texts["zones"]:
            return str(self._texts["zones"][name])
        if "/" not in name or name.startswith("Etc/"):
            return name
        city = name.rpartition("/")[2].replace("_", " ")
        return self(
            "time.zone_vowel" if city[0] in "AEIOUY" else "time.zone", city=city
        )


@lru_cache(maxsize=8)
def words(locale: str) -> Words:
    """A locale's words; an unknown locale reads English."""
    return Words(locale if locale in LOCALES else "en")


_BEFORE = re.compile(r" (?=[:;!?»%])")
_AFTER = re.compile(r"(?<=«) ")
_HOUR = re.compile(r"(?<=\d) (?=h\b)|(?<=\d h) (?=\d\d\b)")


def _french_spaces(text: str) -> str:
    """No line breaks before `:` or inside « » and hours: their spaces do not break."""
    return _HOUR.sub("\u00a0", _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", text)))
