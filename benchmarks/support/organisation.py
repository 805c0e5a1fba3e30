"""An organisation of any size for `benchmarks.scale`: one region has half of everybody."""

import csv
import io
import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.people.column_names import COLUMNS

PROGRAMME = "scale"
MODULE = "listening"
SHARES = {"centre": 0.5, "north": 0.1, "south": 0.1, "east": 0.1, "west": 0.1}
LAST = "coast"
"""The region of those who are left over, another tenth."""
ZONES = {
    "centre": "Europe/Paris",
    "north": "America/New_York",
    "south": "Asia/Kolkata",
    "east": "Australia/Brisbane",
    "west": "America/Los_Angeles",
    "coast": "Asia/Dubai",
}
TOPICS = [f"topic-{n}" for n in range(15)]
FUNCTIONS = [f"function {n}" for n in range(12)]
SITES = [f"site {n}" for n in range(25)]
LANGUAGES = ("fr", "en", "de", "es")
HALF_DAYS = [
    f"{day} {hours}"
    for day in ("mon", "tue", "wed", "thu", "fri")
    for hours in ("09:00-12:00", "14:00-17:30")
]

Rows = dict[str, dict[str, str]]
"""Lines of a people file, by external id."""


def sizes(pairs: int) -> dict[str, int]:
    """How many pairs each region may have."""
    found = {region: int(pairs * share) for region, share in SHARES.items()}
    return {**found, LAST: pairs - sum(found.values())}


def document(pairs: int, day_seconds: float) -> dict[str, Any]:
    """The programme, in which a day takes so many seconds of wall time.

    Deadlines are far away: what is measured is how long each step takes, not who is
    late because of it.
    """
    return {
        "programme": PROGRAMME,
        "starts_on": "2027-01-11",
        "training": {"modules": [MODULE], "rehearsal": False, "within": "26 weeks"},
        "sessions": {
            "count": 3,
            "every": "12 weeks",
            "notice": "1 day",
            "window": "2 weeks",
            "answer_within": "2 weeks",
        },
        "matching": {
            "approval": "automatic",
            "agree_within": "26 weeks",
            "search_for": "52 weeks",
        },
        "supervision": {"idle_after": "52 weeks", "decide_within": "12 weeks"},
        "regions": [
            {"region": region, "zone": ZONES[region]} for region in sizes(pairs)
        ],
        "rehearsal": {"pace": 86400 / day_seconds},
    }


def people(pairs: int) -> Rows:
    """A mentor and a mentee for each pair: mentees on top, eight below each, mentors
    below them; languages and hours leave two fifths of all matches possible, and with
    one mentor in five, who is in nobody's line, anybody can be matched.
    """
    chance = random.Random(pairs)
    rows = (
        row
        for region, count in sizes(pairs).items()
        for row in _region(region, count, chance)
    )
    return {row["external_id"]: row for row in rows}


def _region(region: str, count: int, chance: random.Random) -> Iterator[dict[str, str]]:
    for n in range(count):
        yield {
            **_person("mentee", n, region, chance),
            "manager": f"{region}-mentee-{(n - 1) // 8}" if n else "",
            "wants": " ".join(chance.sample(TOPICS, chance.randint(1, 3))),
        }
    for n in range(count):
        yield {
            **_person("mentor", n, region, chance),
            "manager": f"{region}-mentee-{chance.randrange(count)}" if n % 5 else "",
            "offers": " ".join(chance.sample(TOPICS, chance.randint(1, 4))),
        }


def _person(role: str, n: int, region: str, chance: random.Random) -> dict[str, str]:
    mentor, at_ease = role == "mentor", role == "mentor" and n % 5 == 0
    half_days = chance.sample(HALF_DAYS, 10 if at_ease else 4 if mentor else 2)
    languages = chance.sample(LANGUAGES, 4 if at_ease else 2 if mentor else 1)
    return {
        "external_id": f"{region}-{role}-{n}",
        "name": f"Person {region} {role} {n}",
        "email": f"{region}-{role}-{n}@example.org",
        "region": region,
        "roles": role,
        "function": chance.choice(FUNCTIONS),
        "site": chance.choice(SITES),
        "locale": "en",
        "zone": ZONES[region],
        "languages": " ".join(languages),
        "windows": "; ".join(sorted(half_days, key=HALF_DAYS.index)),
    }


def reorganised(before: Rows, matched: Iterable[tuple[str, str]]) -> tuple[Rows, int]:
    """The organisation in which a fifth of all have another site, function or manager.

    Every fiftieth mentor of those matched now works for their mentee. Returns how many
    those are, too.
    """
    rows = {key: dict(row) for key, row in before.items()}
    for n, row in enumerate(rows.values()):
        if n % 5 == 0:
            row["site"] = f"new {row['site']}"
            row["function"] = f"new {row['function']}"
        if n % 5 == 0 and row["roles"] == "mentor":
            row["manager"] = f"{row['region']}-mentee-0"
    close = 0
    by_region: dict[str, int] = {}
    for mentor, mentee in matched:
        region = rows[mentor]["region"]
        by_region[region] = by_region.get(region, -1) + 1
        if by_region[region] % 50 == 0:
            rows[mentor]["manager"] = mentee
            close += 1
    return rows, close


def people_file(rows: Mapping[str, Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return out.getvalue().encode()
