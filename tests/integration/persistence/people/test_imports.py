"""People files into PostgreSQL: all or nothing, and the same file twice changes nothing."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.query_names import CommandQuery
from activities.persistence.store import Store
from schemas.people import ImportOptions, Person
from tests.support.world import ORGANISATION, file, line

EXAMPLE = Path(__file__).parents[4] / "examples" / "people.csv"


async def by_id(store: Store, external_id: str) -> Person:
    person = await store.people.find_external(external_id)
    assert person is not None
    return person


@pytest.mark.parametrize(
    "data", [ORGANISATION, EXAMPLE.read_bytes()], ids=["small", "example"]
)
async def test_the_same_file_twice_changes_nothing(store: Store, data: bytes) -> None:
    first = await store.imports.apply(data)
    again = await store.imports.apply(data)
    assert (first.problems, first.added > 0, first.changed, first.unchanged) == (
        (),
        True,
        0,
        0,
    )
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)


async def test_references_become_person_ids(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    bruno, anna = await by_id(store, "BRUNO"), await by_id(store, "ANNA")
    assert bruno.manager == (await by_id(store, "LEAD")).person
    assert bruno.dotted_managers == ((await by_id(store, "CFO")).person,)
    assert anna.supervisor == (await by_id(store, "COACH")).person
    assert (await by_id(store, "BOSS")).delegate == (
        await by_id(store, "ASSISTANT")
    ).person


async def test_a_person_keeps_the_id_whatever_changes(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    before = await by_id(store, "LEAD")
    preview = await store.imports.apply(
        file(line("LEAD", "ouest", manager="BOSS", name="Renamed"))
    )
    after = await by_id(store, "LEAD")
    assert (preview.added, preview.changed) == (0, 1)
    assert (after.person, after.name, after.region) == (
        before.person,
        "Renamed",
        "ouest",
    )
    assert after.manager == (await by_id(store, "BOSS")).person


async def test_a_line_that_is_no_more_is_cut(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    assert (
        await store.imports.apply(file(line("BRUNO", "idf", "mentor", seats="2")))
    ).changed == 1
    bruno = await by_id(store, "BRUNO")
    assert (bruno.manager, bruno.dotted_managers) == (None, ())


async def test_a_dotted_line_that_becomes_solid_is_solid(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    await store.imports.apply(
        file(line("BRUNO", "idf", "mentor", manager="CFO", dotted_managers="LEAD"))
    )
    bruno = await by_id(store, "BRUNO")
    assert bruno.manager == (await by_id(store, "CFO")).person
    assert bruno.dotted_managers == ((await by_id(store, "LEAD")).person,)


async def test_the_order_of_dotted_lines_is_kept(store: Store) -> None:
    people = [line("A"), line("B")]
    for order in ("A B", "B A"):
        await store.imports.apply(file(*people, line("C", dotted_managers=order)))
        managers = [await by_id(store, name) for name in order.split()]
        assert (await by_id(store, "C")).dotted_managers == tuple(
            manager.person for manager in managers
        )


async def test_a_single_mistake_and_nothing_is_imported(store: Store) -> None:
    preview = await store.imports.apply(file(line("A"), line("B", email="wrong")))
    assert [problem.line for problem in preview.problems] == [3]
    assert await store.people.in_region() == []


async def test_a_preview_counts_and_writes_nothing(store: Store) -> None:
    preview = await store.imports.preview(ORGANISATION)
    assert (preview.added, preview.regions) == (9, {"comex": 5, "idf": 4})
    assert await store.people.in_region() == []


async def test_a_circle_through_people_who_are_there_is_refused(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    preview = await store.imports.apply(file(line("BOSS", manager="LEAD")))
    assert [problem.column for problem in preview.problems] == ["manager"]


BELOW = line("COACH", "idf", roles="supervisor", manager="ANNA")
ABOVE = line("CFO", roles="mentee", manager="BOSS", dotted_managers="COACH")
FREED = line("ANNA", "idf", roles="mentor", manager="LEAD")


@pytest.mark.parametrize(
    ("lines", "refused"),
    [((BELOW,), [2]), ((FREED, ABOVE), []), ((line("X"), ABOVE), [3])],
)
async def test_a_reorganisation_that_puts_a_mentor_and_their_supervisor_into_one_line_is_refused(
    store: Store, lines: tuple[str, ...], refused: list[int]
) -> None:
    await store.imports.apply(ORGANISATION)
    preview = await store.imports.apply(file(*lines))
    assert [problem.line for problem in preview.problems] == refused
    assert all(
        "into one reporting line" in problem.what for problem in preview.problems
    )


async def test_one_line_that_was_there_before_refuses_no_other_people(
    store: Store, database_url: str
) -> None:
    await store.imports.apply(ORGANISATION)
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "update people set supervisor = (select person from people where external_id = 'LEAD')"
    )
    await connection.close()
    assert not (
        await store.imports.apply(file(line("LEAD", "idf", manager="BOSS")))
    ).problems


async def test_a_preview_counts_which_columns_change(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    preview = await store.imports.preview(
        file(
            line("ANNA", "idf", "mentor", manager="CFO"),
            line("LEAD", "ouest", manager="BOSS"),
        )
    )
    assert preview.fields == {"manager": 2, "region": 1, "supervisor": 1, "windows": 1}
    assert [change.external_id for change in preview.changes] == ["ANNA", "LEAD"]


async def test_a_file_with_another_header_is_imported_by_a_columns_file(
    store: Store,
) -> None:
    columns = b'[columns]\nexternal_id = "Id"\nname = "Nom"\nemail = "Mail"\n[constants]\nregion = "idf"'
    await store.imports.apply(
        b"Mail,Id,Nom\nzoe@example.org,7,Zo\xc3\xa9", ImportOptions(columns=columns)
    )
    assert ((await by_id(store, "7")).name, (await by_id(store, "7")).region) == (
        "Zoé",
        "idf",
    )


async def test_a_wrong_columns_file_imports_nothing(store: Store) -> None:
    preview = await store.imports.apply(
        ORGANISATION, ImportOptions(columns=b"[columns]\nemial = 'x'")
    )
    assert [str(problem) for problem in preview.problems] == [
        "columns file, columns.emial: unknown; did you mean email?"
    ]
    assert await store.people.in_region() == []


async def test_progress_is_reported_step_by_step(store: Store) -> None:
    reported: list[tuple[str, int, int]] = []
    await store.imports.apply(
        ORGANISATION, progress=lambda *each: reported.append(each)
    )
    steps = [("read", 9), ("read", 9), ("checked", 9), ("compared", 9), ("written", 9)]
    assert reported == [("read", 0, 9), *((step, done, 9) for step, done in steps)]


async def test_a_preview_has_no_writing_step(store: Store) -> None:
    reported: list[str] = []
    await store.imports.preview(
        ORGANISATION, progress=lambda step, *_: reported.append(step)
    )
    assert reported[-1] == "compared"


@pytest.mark.parametrize("step", ["read", "checked", "compared", "written"])
async def test_an_import_that_is_stopped_leaves_nothing(
    store: Store, step: str
) -> None:
    def stop(done: str, *_: int) -> None:
        if done == step:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await store.imports.apply(ORGANISATION, progress=stop)
    assert await store.people.in_region() == []
    assert (await store.imports.apply(ORGANISATION)).added == 9


async def test_an_import_is_done_whether_or_not_its_tables_are_analysed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = store._database.execute

    async def unavailable(query: CommandQuery, **values: Any) -> int:
        if query == "analyze_people":
            raise DatabaseUnavailable
        return await execute(query, **values)

    monkeypatch.setattr(store._database, "execute", unavailable)
    assert (await store.imports.apply(ORGANISATION)).added == 9


async def test_two_imports_at_once_take_turns(store: Store) -> None:
    previews = await asyncio.gather(
        *(store.imports.apply(ORGANISATION) for _ in range(3))
    )
    assert sorted(preview.added for preview in previews) == [0, 0, 9]


async def test_people_are_paged_by_region(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    found: list[Person] = []
    while page := await store.people.in_region(
        "comex", 2, found[-1].person if found else ""
    ):
        found += page
    assert [person.external_id for person in found] == [
        "ASSISTANT",
        "BOSS",
        "CFO",
        "OPS",
        "SPONSOR",
    ]


async def test_roles_are_counted_by_region(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    assert (await store.people.role_counts())["idf"] == {"mentor": 2, "supervisor": 1}


async def test_an_unknown_person_is_nobody(store: Store) -> None:
    assert await store.people.find("paaaaaaaaaaaaa") is None
    assert await store.people.find_external("nobody") is None
