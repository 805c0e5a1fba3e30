"""The organisation of the engine's benchmark: cities around the world, and a programme for each day of the week."""

from typing import Any, NamedTuple

from domain.people.column_names import COLUMNS
from schemas.programme import CohortPlan
from schemas.time.calendar import DAYS as WEEKDAYS

DAYS = ("2027-01-11", "2027-01-12", "2027-01-13", "2027-01-14", "2027-01-15")
"""First days of as many programmes, Monday to Friday: at the same wall time each has another day of its week."""


class City(NamedTuple):
    """A region of each programme: its zone, and the day on which its week of five working days begins."""

    zone: str
    monday: int


_ZONES = (
    "Europe/London", "Europe/Athens", "Asia/Dubai", "Asia/Dhaka", "Asia/Shanghai", "Australia/Brisbane",
    "Pacific/Majuro", "Pacific/Honolulu", "America/Los_Angeles", "America/Mexico_City", "America/Halifax",
    "America/Noronha",
)  # fmt: skip
CITIES = {
    zone.rpartition("/")[2].lower().replace("_", "-"): City(zone, 3 * n % 7)
    for n, zone in enumerate(_ZONES)
}
"""Two hours apart, with weekends on different days: mails wait for working hours, and mornings must not come all at
once, as nothing does for the floor."""


def document(day: str, pace: float) -> dict[str, Any]:
    """One programme of all cities, which starts on a day."""
    return {
        "programme": f"engine-{day}",
        "starts_on": day,
        "training": {"rehearsal": False},
        "sessions": {"every": "1 day", "notice": "2 days", "window": "1 week"},
        "regions": [
            {"region": region_of(name, day), "zone": city.zone}
            for name, city in CITIES.items()
        ],
        "rehearsal": {"pace": pace},
    }


def region_of(city: str, day: str) -> str:
    """Each programme has regions of its own."""
    return f"{city}-in-{day}"


def workdays(city: City) -> tuple[int, ...]:
    """Five that follow one another; Monday is 0."""
    return tuple(sorted((city.monday + n) % 7 for n in range(5)))


def in_its_week(cohort: CohortPlan) -> CohortPlan:
    """With the working days of its city."""
    days = workdays(CITIES[cohort.cohort.region.partition("-in-")[0]])
    return cohort.model_copy(
        update={"calendar": cohort.calendar.model_copy(update={"workdays": days})}
    )


def people(pairs: int) -> bytes:
    """A mentor and a mentee for each pair, spread evenly over all regions, free whenever their region works."""
    places = [
        (region_of(name, day), city) for day in DAYS for name, city in CITIES.items()
    ]
    rows = [",".join(COLUMNS)]
    for n in range(pairs):
        region, city = places[n % len(places)]
        windows = "; ".join(f"{WEEKDAYS[day]} 09:00-18:00" for day in workdays(city))
        for role in ("mentor", "mentee"):
            cells = {
                "external_id": f"{role}-{n}",
                "name": f"{role} {n}",
                "email": f"{role}-{n}@example.org",
            }
            cells |= {
                "region": region,
                "zone": city.zone,
                "roles": role,
                "languages": "fr",
                "windows": windows,
            }
            rows.append(",".join(cells.get(column, "") for column in COLUMNS))
    return "\n".join(rows).encode()
