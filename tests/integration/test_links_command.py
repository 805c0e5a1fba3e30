"""`binome links close` over a real PostgreSQL."""

import asyncio
import json
from typing import Any

import pytest
from pytest import CaptureFixture, MonkeyPatch

from activities.persistence.store import Store
from schemas.people import ImportOptions
from tests.support.commands import run_command
from tests.support.world import ORGANISATION, World


@pytest.fixture
async def world(database_url: str, monkeypatch: MonkeyPatch) -> World:
    store = await Store.open(database_url)
    made = await World.make(store)
    await store.close()
    monkeypatch.setenv("BINOME_DATABASE_URL", database_url)
    monkeypatch.setenv("BINOME_SECRET", "s" * 32)
    return made


async def called(tmp_path: Any, *words: str) -> int:
    """In a thread: a command brings its own loop."""
    return await asyncio.to_thread(run_command, *words, f"--data={tmp_path}")


async def generation(store: Store, external_id: str) -> int:
    person = await store.people.find_external(external_id)
    assert person is not None
    return person.link_generation


async def test_the_command_closes_the_links_of_one_person(
    world: World, store: Store, tmp_path: Any, capfd: CaptureFixture[str]
) -> None:
    assert await called(tmp_path, "links", "close", "ANNA", "--json") == 0
    assert json.loads(capfd.readouterr().out) == {"person": "ANNA", "pairs_mailed": 0}
    assert [await generation(store, who) for who in ("ANNA", "BRUNO")] == [1, 0]


@pytest.mark.parametrize("who", ["NOBODY", "\udcff"])
async def test_somebody_unknown_is_refused(
    world: World, tmp_path: Any, capfd: CaptureFixture[str], who: str
) -> None:
    assert await called(tmp_path, "links", "close", who) == 2
    assert "PERSON is unknown" in capfd.readouterr().err


async def test_an_import_opens_no_closed_link_again(world: World, store: Store) -> None:
    await store.people.close_links(world.ids["ANNA"], "test")
    await store.imports.apply(ORGANISATION, ImportOptions(leavers="few"))
    assert await generation(store, "ANNA") == 1
