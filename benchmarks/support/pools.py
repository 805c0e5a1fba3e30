"""Made-up pools for the benchmark of matching, in PostgreSQL: people imported, enrolled
and ready.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg

from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from domain.people.column_names import COLUMNS
from domain.programme.plan import plan_of
from schemas.cohort import CohortStart
from schemas.programme import ProgrammeDocument

STARTED_AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
TOPICS = [f"topic-{n}" for n in range(15)]
FUNCTIONS = [f"function {n}" for n in range(12)]
SITES = [f"site {n}" for n in range(25)]
LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pl", "pt")
HALF_DAYS = [
    f"{day} {hours}"
    for day in ("mon", "tue", "wed", "thu", "fri")
    for hours in ("09:00-12:00", "14:00-17:30")
]


def document(strict: bool) -> dict[str, Any]:
    return {
        "programme": "bench",
        "starts_on": "2027-01-11",
        "matching": {}
        if strict
        else {
            "minimum_levels": 0,
            "different_team": False,
            "supervisor_outside": False,
        },
        "regions": [{"region": "bench"}],
    }


def people(count: int, strict: bool) -> Iterator[dict[str, str]]:
    """Rows of a people file: mentees on top, eight below each, and mentors below them.

    `strict`: languages and hours keep 95 of 100 pairs apart, and three mentees of a
    hundred from everybody; else nothing keeps any apart.

    What somebody wants and offers, and where they are, is drawn evenly: harder for an
    assignment than the few popular topics of a real programme, and reproducible.
    """
    chance = random.Random(count)
    for n in range(count):
        yield {
            **_person("mentee", n, chance, strict),
            "manager": f"mentee-{(n - 1) // 8}" if n and strict else "",
            "wants": " ".join(chance.sample(TOPICS, chance.randint(1, 3))),
            **({"languages": "ja"} if strict and chance.random() < 0.03 else {}),
        }
    for n in range(count):
        yield {
            **_person("mentor", n, chance, strict),
            "manager": f"mentee-{chance.randrange(count)}" if strict else "",
            "offers": " ".join(chance.sample(TOPICS, chance.randint(1, 4))),
        }


def _person(role: str, n: int, chance: random.Random, strict: bool) -> dict[str, str]:
    half_days = chance.sample(HALF_DAYS, chance.choice((1, 1, 2)))
    languages = chance.sample(LANGUAGES, chance.choice((1, 2)))
    return {
        "external_id": f"{role}-{n}",
        "name": f"Person {role} {n}",
        "email": f"{role}{n}@example.org",
        "region": "bench",
        "roles": role,
        "function": chance.choice(FUNCTIONS),
        "site": chance.choice(SITES),
        "zone": "Europe/Paris",
        "languages": " ".join(languages) if strict else "fr",
        "windows": "; ".join(sorted(half_days, key=HALF_DAYS.index)) if strict else "",
    }


async def fill(url: str, count: int, strict: bool) -> None:
    """Migrate a database and have so many mentors ready and so many mentees waiting in
    it.
    """
    await migrate(url)
    rows = [",".join(COLUMNS)]
    rows += [
        ",".join(person.get(column, "") for column in COLUMNS)
        for person in people(count, strict)
    ]
    asked = ProgrammeDocument.model_validate(document(strict))
    plan, problems = plan_of(asked, STARTED_AT)
    assert plan is not None, problems
    store = await Store.open(url)
    imported = await store.imports.apply("\n".join(rows).encode())
    assert imported.added == 2 * count, imported
    await store.programmes.claim(asked, plan, "programme:bench")
    await store.cohorts.open(
        CohortStart(plan=plan.cohorts[0], clock=plan.clock, opens_at=STARTED_AT)
    )
    await store.close()
    connection = await asyncpg.connect(url)
    await connection.execute(
        "update pairs set stage = 'matching', waiting_since = now()"
    )
    await connection.execute("analyze")
    await connection.close()
