"""Who is not in a people file stays, leaves where that is ordered, and comes back."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from activities.persistence.store import Store
from schemas.people import ImportOptions, Person
from tests.integration.persistence.people.people_changes import people_changes
from tests.support.world import file, line


async def by_id(store: Store, external_id: str) -> Person:
    person = await store.people.find_external(external_id)
    assert person is not None
    return person


async def ten(store: Store) -> None:
    """People of one region, A to J."""
    await store.imports.apply(file(*map(line, "ABCDEFGHIJ")))


async def left(store: Store, url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "select external_id from people where left_at is not null order by 1"
    )
    await connection.close()
    return [row["external_id"] for row in rows]


async def test_who_is_not_in_the_file_stays(store: Store, database_url: str) -> None:
    await ten(store)
    preview = await store.imports.apply(file(*map(line, "ABC")))
    assert (preview.absent, preview.present, await left(store, database_url)) == (
        7,
        10,
        [],
    )


async def test_who_is_not_in_the_file_has_left_where_it_is_ordered(
    store: Store, database_url: str
) -> None:
    await ten(store)
    await store.imports.apply(file(line("X", "idf")))
    preview = await store.imports.apply(
        file(*map(line, "ABCDEFGHI")), ImportOptions(leavers="few")
    )
    assert (preview.leaving, preview.refused, await left(store, database_url)) == (
        True,
        "",
        ["J"],
    )
    assert [(change.external_id, change.what) for change in preview.changes] == [
        ("J", "left")
    ]


async def test_who_leaves_by_a_file_leaves_as_by_an_event(
    store: Store, database_url: str
) -> None:
    await ten(store)
    person = (await by_id(store, "J")).person
    await store.imports.apply(
        file(*map(line, "ABCDEFGHI")), ImportOptions(leavers="few")
    )
    (event,) = await store.inbox.lease_due(10, datetime.now(UTC))
    assert (event.kind, event.person, event.source) == (
        "person_left",
        person,
        "people file",
    )
    assert await people_changes(database_url) == [(person, {"left"})]


@pytest.mark.parametrize(
    ("leavers", "gone"), [("few", ""), (1, ""), (3, ""), (2, "IJ")]
)
async def test_more_than_one_in_ten_leave_only_by_their_number(
    store: Store, database_url: str, leavers: Any, gone: str
) -> None:
    await ten(store)
    preview = await store.imports.apply(
        file(*map(line, "ABCDEFGH"), line("NEW")),
        ImportOptions.model_validate({"leavers": leavers}),
    )
    assert (preview.refused == "", await left(store, database_url)) == (
        bool(gone),
        list(gone),
    )
    assert (await store.people.find_external("NEW") is not None) == bool(gone)


async def test_who_moves_to_another_region_has_not_left(
    store: Store, database_url: str
) -> None:
    await ten(store)
    lines = [line(name, "idf" if name == "J" else "comex") for name in "ABCDEFGHIJ"]
    assert (
        await store.imports.apply(file(*lines), ImportOptions(leavers=0))
    ).refused == ""
    assert await left(store, database_url) == []


async def test_who_had_left_and_is_in_the_file_is_back(
    store: Store, database_url: str
) -> None:
    await ten(store)
    await store.imports.apply(file(*map(line, "ABCDEFGHI")), ImportOptions(leavers=1))
    preview = await store.imports.apply(file(line("J"), line("A", site="Lyon")))
    assert (preview.back, preview.changed, preview.fields) == (1, 1, {"site": 1})
    assert await left(store, database_url) == []
