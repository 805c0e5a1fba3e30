"""Erasing somebody: what goes, what stays, and that it may be cut short."""

import json
from typing import Any

import asyncpg
import pytest

from activities.persistence.erasure import STEPS
from activities.persistence.store import Store
from domain.erasure.plan import CHANGED, PLAN
from domain.erasure.table_plan import Fate
from schemas.people import Person
from schemas.records.erasures import Erasure
from schemas.stages import Outcome, Stage
from tests.integration.persistence.people.filled import ACCOUNT, filled
from tests.support.world import ORGANISATION, World, record

HEX = b"ANNA".hex()
"""As PostgreSQL shows bytes."""
GOES_ON = (
    "erasures",
    "archived_event_keys",
    *(t for t in PLAN if t.endswith("_counts")),
)
"""Tables without anybody, to which an erasure adds its receipt or changes of counts."""


async def person(world: World, external_id: str = "ANNA") -> Person:
    found = await world.store.people.find_external(external_id)
    assert found is not None
    return found


async def erased(world: World, external_id: str = "ANNA") -> Erasure:
    who = await person(world, external_id)
    await world.store.erasures.begin(who.person, "digest", "tester")
    return await world.store.erasures.carry_out(who)


async def everything(url: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    connection = await asyncpg.connect(url)
    rows = {
        table: await connection.fetch(f"select to_jsonb(t) from {table} t")
        for table in PLAN
    }
    await connection.close()
    return {
        table: [json.loads(row[0]) for row in found] for table, found in rows.items()
    }


async def test_nothing_of_the_person_is_found_afterwards(
    world: World, database_url: str
) -> None:
    await filled(world, database_url)
    before = json.dumps(await everything(database_url))
    assert all(word in before for word in ("ANNA", "Name of ANNA", "anna@", HEX))
    assert (await erased(world)).finished_at
    after = json.dumps(await everything(database_url))
    found = [w for w in ("ANNA", "anna@", "zebra", "hedgehog", HEX) if w in after]
    assert found == []


async def test_each_table_is_left_as_the_plan_says(
    world: World, database_url: str
) -> None:
    await filled(world, database_url)
    before, who = await everything(database_url), world.ids["ANNA"]
    for table in CHANGED:
        text = json.dumps(before[table])
        assert any(word in text for word in (who, "ANNA", ACCOUNT, HEX)), table
    await erased(world)
    after = await everything(database_url)
    for table, each in PLAN.items():
        mine = [row for row in after[table] if who in json.dumps(row)]
        if each.fate is Fate.DELETED and table != "reporting_lines":
            assert mine == [], table
        if each.fate is Fate.KEPT and table not in GOES_ON:
            assert after[table] == before[table], table


async def test_others_are_left_alone(world: World, database_url: str) -> None:
    await filled(world, database_url)
    before = await world.store.people.find_external("BRUNO")
    await erased(world)
    assert await world.store.people.find_external("BRUNO") == before


async def test_the_receipt_counts_what_was_done(
    world: World, database_url: str
) -> None:
    await filled(world, database_url)
    receipt = await erased(world)
    assert {table for table, count in receipt.counts.items() if count} == {
        table for table, _ in STEPS
    }
    assert await world.store.erasures.find(["digest"]) == receipt


async def test_an_erasure_that_is_asked_for_again_changes_nothing(
    world: World, database_url: str
) -> None:
    await filled(world, database_url)
    who = await person(world)
    receipt, rows = await erased(world), await everything(database_url)
    assert await world.store.erasures.carry_out(who) == receipt
    assert await everything(database_url) == rows


async def test_nothing_is_erased_while_a_pair_of_the_person_lives(world: World) -> None:
    await world.ready()
    assert (await erased(world)).finished_at is None
    assert await person(world)


async def test_one_that_was_cut_short_goes_on(world: World) -> None:
    await world.ready()
    await erased(world)
    assert [one.person for one in await world.store.erasures.unfinished()] == [
        world.ids["ANNA"]
    ]
    await world.record(record(2, stage=Stage.CLOSED, outcome=Outcome.LEFT))
    assert (await erased(world)).finished_at
    assert await world.store.erasures.unfinished() == []


async def test_a_failure_half_way_undoes_all_of_it(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(world, database_url)
    who = await person(world)
    await world.store.erasures.begin(who.person, "digest", "tester")
    before = await everything(database_url)
    cut = (*STEPS[:20], ("people", "no_such_query"))
    with monkeypatch.context() as patched:
        patched.setattr("activities.persistence.erasure.STEPS", cut)
        with pytest.raises(AttributeError):
            await world.store.erasures.carry_out(who)
    assert await everything(database_url) == before


async def test_an_event_that_is_repeated_after_an_erasure_counts_once(
    world: World, database_url: str
) -> None:
    event = await filled(world, database_url)
    await erased(world)
    assert await world.store.inbox.store([event]) == 0


async def test_the_same_id_imported_again_is_another_person(
    world: World, database_url: str
) -> None:
    await filled(world, database_url)
    await erased(world)
    await world.store.imports.apply(ORGANISATION)
    assert (await person(world)).person != world.ids["ANNA"]


async def test_a_released_mark_stays_in_its_total_and_leaves_its_row(
    world: World, store: Store, database_url: str
) -> None:
    await filled(world, database_url)
    before = (await everything(database_url))["releases"]
    await erased(world)
    after = await everything(database_url)
    mine = [row for row in after["pulses"] if row["person"] == world.ids["ANNA"]]
    assert after["releases"] == before
    assert [(row["session"], row["score"]) for row in mine] == [(1, None)]


async def test_an_export_shows_what_an_erasure_would_take(
    world: World, database_url: str
) -> None:
    await filled(world, database_url)
    held = await world.store.erasures.held_about(world.ids["ANNA"])
    shown = {table for table in CHANGED if PLAN[table].shown}
    assert shown <= held.keys()
    assert held["people"][0]["email"] == "anna@example.org"
    assert {row["comment"] for row in held["pulses"]} == {"a hedgehog", None}
    assert [row["score"] for row in held["pulses"]] == [4, 4]


async def test_an_export_shows_nothing_that_another_person_said(
    world: World, database_url: str
) -> None:
    await filled(world, database_url)
    held = json.dumps(await world.store.erasures.held_about(world.ids["BOSS"]))
    assert "hedgehog" not in held
    assert "concern" not in held
    assert "refused_at" not in held
