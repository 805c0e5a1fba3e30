"""The language somebody reads: their own, else their region's, else French."""

import asyncio
from typing import Any

import asyncpg
import pytest

from activities.persistence.store import Store
from schemas.notices import Recipient
from tests.support.world import (
    World,
    document,
    file,
    line,
    notice,
    plan,
    record,
)

ENGLISH = {
    "regions": [
        {"region": "comex", "mentors_from": ["idf"], "locale": "en"},
        {"region": "idf"},
    ]
}


async def locale_of(store: Store, external_id: str) -> str:
    person = await store.people.find_external(external_id)
    assert person is not None
    return person.locale


async def claim(store: Store, programme: str, **changes: Any) -> None:
    named = {"programme": programme, **changes}
    await store.programmes.claim(
        document(**named), plan(**named), f"programme:{programme}"
    )


@pytest.fixture
async def people(store: Store) -> Store:
    await store.imports.apply(
        file(line("NONE"), line("OWN", locale="fr"), line("ELSEWHERE", "ouest"))
    )
    return store


async def test_before_any_programme_everybody_reads_french(people: Store) -> None:
    assert await locale_of(people, "NONE") == "fr"


@pytest.mark.parametrize(
    ("who", "reads"), [("NONE", "en"), ("OWN", "fr"), ("ELSEWHERE", "fr")]
)
async def test_who_has_no_language_reads_the_regions(
    people: Store, who: str, reads: str
) -> None:
    await claim(people, "pilot", **ENGLISH)
    assert await locale_of(people, who) == reads


async def test_the_newest_programme_gives_a_region_its_language(people: Store) -> None:
    await claim(people, "pilot", **ENGLISH)
    await claim(people, "later")
    assert await locale_of(people, "NONE") == "fr"


async def test_claims_at_once_take_regions_in_one_order(
    people: Store, database_url: str
) -> None:
    await claim(people, "pilot", **ENGLISH)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute(
            "update region_locales set locale = 'fr' where region = 'comex'"
        )
        backwards = asyncio.create_task(
            claim(people, "later", regions=ENGLISH["regions"][::-1])
        )
        waits = "select count(*) from pg_locks where not granted"
        while not await connection.fetchval(waits):
            await asyncio.sleep(0.01)
        await connection.execute(
            "update region_locales set locale = 'fr' where region = 'idf'"
        )
    await backwards
    await connection.close()
    assert await locale_of(people, "NONE") == "en"


async def test_a_rehearsal_changes_no_language_of_the_real_programme(
    people: Store,
) -> None:
    await claim(people, "pilot", **ENGLISH)
    await claim(people, "dry-run", rehearsal={"pace": 1000})
    assert await locale_of(people, "NONE") == "en"


async def test_a_language_that_is_taken_out_of_the_file_is_the_regions_again(
    people: Store,
) -> None:
    await claim(people, "pilot", **ENGLISH)
    changed = await people.imports.apply(file(line("OWN")))
    assert (changed.changed, await locale_of(people, "OWN")) == (1, "en")


async def test_a_notice_is_written_in_the_regions_language(store: Store) -> None:
    world = await World.make(store, **ENGLISH)
    await world.record(
        record(1, mentee=world.ids["BOSS"], notices=(notice(Recipient.MENTEE),))
    )
    (row,) = await store.outbox.lease_due("mail", 1, 60)
    assert row.person.locale == "en"
