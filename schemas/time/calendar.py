"""Working time of a region or person: pure arithmetic, always in UTC outside.

Adding 24 hours to an aware local time moves the wall clock, not the instant; so every sum here is done in UTC
and only the question "which local day and hour is it?" is asked in the zone.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from schemas.base import LenientModel

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_DAY = timedelta(days=1)


@lru_cache(maxsize=600)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _known_zone(name: str) -> str:
    try:
        zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            "unknown time zone; allowed: an IANA name such as Europe/Paris"
        ) from None
    return name


ZoneName = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


def utc(value: datetime) -> datetime:
    """Refuse a time without zone; turn any other into UTC.

    Raises:
        ValueError: the time has no zone, or in UTC lies outside the calendar.
    """
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a time without a zone; write it like 2027-01-11T09:00:00Z")
    try:
        return value.astimezone(UTC)
    except OverflowError:  # pydantic turns only a ValueError into a refusal; this one would hold a workflow task
        raise ValueError(
            "a time outside the calendar; write it like 2027-01-11T09:00:00Z"
        ) from None


Instant = Annotated[datetime, AfterValidator(utc)]


class Closed(LenientModel):
    """A closed period, both days included, in which no deadline runs."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("a closed period ends before it begins; write FIRST/LAST")
        return self


def _read_closed(value: object) -> object:
    if isinstance(value, str):
        first, _, last = value.partition("/")
        try:
            return Closed(
                first=date.fromisoformat(first.strip()),
                last=date.fromisoformat((last or first).strip()),
            )
        except ValueError:
            raise ValueError(
                "not a period; write it like 2027-08-02/2027-08-20"
            ) from None
    return value


ClosedPeriod = Annotated[
    Closed,
    BeforeValidator(_read_closed),
    PlainSerializer(lambda c: f"{c.first}/{c.last}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "examples": ["2027-08-02/2027-08-20"]}),
]


class Window(LenientModel):
    """A weekly window, local time; `day` counts from Monday = 0, minutes from midnight, `end` excluded."""

    day: int = Field(ge=0, le=6)
    start: int = Field(ge=0, lt=1440)
    end: int = Field(gt=0, le=1440)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a window ends before it begins")
        return self


@lru_cache(maxsize=5000)
def _at(day: date, minute: int, zone_name: str) -> datetime:
    local = datetime.combine(day, time(), tzinfo=zone(zone_name)) + timedelta(
        minutes=minute
    )
    return local.astimezone(UTC)


class WorkCalendar(LenientModel):
    """The working time of a region or a person: zone, weekdays, hours, public holidays and closed periods."""

    zone: ZoneName = "Europe/Paris"
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: int = 9 * 60
    """Minutes from local midnight at which mail may first be sent."""
    closes: int = 18 * 60
    holidays: tuple[date, ...] = ()
    closed: tuple[ClosedPeriod, ...] = ()
    spread: timedelta = Field(timedelta(0), exclude_if=lambda spread: not spread)
    """How long after one moment what falls due for many is done, each at its own place; see `Timing`."""

    def works_on(self, day: date) -> bool:
        if day.weekday() not in self.workdays or day in self.holidays:
            return False
        return not (self.closed and any(c.first <= day <= c.last for c in self.closed))

    def opening_windows(self) -> tuple[Window, ...]:
        """The weekly windows of somebody who gave none, in their own zone."""
        return tuple(
            Window(day=day, start=self.opens, end=self.closes) for day in self.workdays
        )

    def next_open(self, at: datetime) -> datetime:
        """The first instant at or after `at` inside working hours (a year ahead at most, else `at`)."""
        today = self.local_date(at)
        for ahead in range(400):
            day = today + timedelta(days=ahead)
            if self.works_on(day) and at < self.at(day, self.closes):
                return max(at, self.at(day, self.opens))
        return at

    def last_workday(self, at: datetime) -> datetime:
        """`at`, or the same time on the last working day before it (a year back at most, else `at`)."""
        found = (at - timedelta(days=back) for back in range(400))
        return next((one for one in found if self.works_on(self.local_date(one))), at)

    def local_date(self, at: datetime) -> date:
        return at.astimezone(zone(self.zone)).date()

    def at(self, day: date, minute: int) -> datetime:
        """The instant, UTC, of a local minute of a local day (minute 1440 is the next midnight)."""
        return _at(day, minute, self.zone)

    def add_open(self, at: datetime, span: timedelta) -> datetime:
        """`at` plus `span` of days on which deadlines run: weekends, holidays and closed periods do not count."""
        day = self.local_date(at)
        left, now = span, at
        for _ in range(5000):
            following = day + A_DAY
            midnight = _at(following, 0, self.zone)
            if self.works_on(day):
                rest = midnight - now
                if left <= rest:
                    return now + left
                left -= rest
            day, now = following, midnight
        return now

    def skip_closed(self, at: datetime) -> datetime:
        """`at`, or the end of the closed period it falls into."""
        if not self.closed:
            return at
        local = self.local_date(at)
        for period in sorted(self.closed, key=lambda c: c.first):
            if period.first <= local <= period.last:
                local = period.last + A_DAY
                at = self.at(local, 0)
        return at
