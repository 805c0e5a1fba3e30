"""Two people in Paris who are free on weekday mornings, except in what a test says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.effects import FindSlots
from schemas.ids import PairRef
from schemas.scheduling import Agenda, Busy, SideAgenda
from schemas.time.calendar import Window, WorkCalendar

MENTOR, MENTEE = "p" + "a" * 13, "p" + "b" * 13
PAIR = PairRef(programme="demo", region="comex", mentor=MENTOR)


def at(text: str) -> datetime:
    """`2027-01-11 09:00`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def windows(*days: int, start: float = 9, end: float = 12) -> tuple[Window, ...]:
    return tuple(
        Window(day=day, start=round(start * 60), end=round(end * 60)) for day in days
    )


def busy(start: str, minutes: int) -> Busy:
    return Busy(start=at(start), end=at(start) + timedelta(minutes=minutes))


MORNINGS = windows(0, 1, 2, 3, 4)


def a_side(**values: Any) -> SideAgenda:
    return SideAgenda(**{"zone": "Europe/Paris", "windows": MORNINGS, **values})


def an_agenda(
    mentor: dict[str, Any] | None = None,
    mentee: dict[str, Any] | None = None,
    calendar: dict[str, Any] | None = None,
) -> Agenda:
    return Agenda(
        mentor=a_side(**(mentor or {})),
        mentee=a_side(**(mentee or {})),
        calendar=WorkCalendar(**(calendar or {})),
    )


def a_question(
    earliest: str = "2027-01-11 00:00", latest: str = "2027-01-30 00:00", **values: Any
) -> FindSlots:
    given: dict[str, Any] = {
        "revision": 7,
        "session": 1,
        "attempt": 1,
        "minutes": 60,
        **values,
    }
    return FindSlots(
        pair=PAIR, mentee=MENTEE, earliest=at(earliest), latest=at(latest), **given
    )
