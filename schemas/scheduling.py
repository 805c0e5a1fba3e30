"""What finding slots reads; it never enters Temporal."""

from schemas.base import Carried
from schemas.time.calendar import Instant, Window, WorkCalendar, ZoneName


class Busy(Carried):
    """A block that is taken, UTC, end excluded."""

    start: Instant
    end: Instant


class SideAgenda(Carried):
    """One side's agenda: weekly windows in their own zone (none given: the calendar's opening hours)."""

    zone: ZoneName
    windows: tuple[Window, ...] = ()
    busy: tuple[Busy, ...] = ()


class Agenda(Carried):
    """Both sides, and the region's working days, holidays and closed periods."""

    mentor: SideAgenda
    mentee: SideAgenda
    calendar: WorkCalendar
