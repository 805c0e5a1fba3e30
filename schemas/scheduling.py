"""What finding slots reads; it never enters Temporal."""

from schemas.base import LenientModel
from schemas.time.calendar import Instant, Window, WorkCalendar, ZoneName


class Busy(LenientModel):
    """A block that is taken, UTC, end excluded."""

    start: Instant
    end: Instant


class SideAgenda(LenientModel):
    """One side's agenda: weekly windows in their own zone (none given: the calendar's opening hours)."""

    zone: ZoneName
    windows: tuple[Window, ...] = ()
    busy: tuple[Busy, ...] = ()


class Agenda(LenientModel):
    """Both sides, and the region's working days, holidays and closed periods."""

    mentor: SideAgenda
    mentee: SideAgenda
    calendar: WorkCalendar
