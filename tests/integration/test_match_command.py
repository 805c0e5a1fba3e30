"""`binome match` over a real PostgreSQL."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest
from pytest import CaptureFixture, MonkeyPatch

from activities.persistence.store import Store
from schemas.cohort import MatchDecision
from schemas.matches.review import CheckedMatch, MentorMentee
from tests.support.commands import run_command
from tests.support.world import COMEX, World, file, line

PREVIEW = ("match", "preview", COMEX.workflow_id)


@pytest.fixture
async def world(database_url: str, monkeypatch: MonkeyPatch) -> World:
    """ANNA, whose name a spreadsheet would take for a formula, may coach the BOSS; BRUNO may coach nobody."""
    store = await Store.open(database_url)
    made = await World.make(store)
    given: dict[str, Any] = {
        "roles": "mentor",
        "manager": "LEAD",
        "name": "=HYPERLINK(1)",
        "supervisor": "COACH",
    }
    await store.imports.apply(
        file(line("ANNA", "idf", windows="mon 09:00-12:00", **given))
    )
    for mentor in ("ANNA", "BRUNO"):
        await made.ready(mentor)
    monkeypatch.setenv("BINOME_DATABASE_URL", database_url)
    monkeypatch.setenv("BINOME_SECRET", "s" * 32)
    await store.close()
    return made


async def called(tmp_path: Any, *words: str) -> int:
    """In a thread: a command brings its own loop."""
    return await asyncio.to_thread(run_command, *words, f"--data={tmp_path}")


@pytest.mark.parametrize("cohort", [[COMEX.workflow_id], ["pilot", "comex"]])
async def test_a_preview_names_people_reasons_and_who_is_left(
    world: World,
    tmp_path: Any,
    capfd: CaptureFixture[str],
    cohort: list[str],
) -> None:
    assert await called(tmp_path, "match", "preview", *cohort) == 0
    output = capfd.readouterr().out
    assert all(
        word in output
        for word in (
            "=HYPERLINK(1)",
            "Name of BOSS",
            "a week in common",
            "nothing of this was kept",
        )
    )
    assert "Name of CFO (mentee) has no match: too few levels apart" in output
    assert "with any number of levels between: 1 more person" in output


async def test_a_preview_keeps_nothing(
    world: World, tmp_path: Any, database_url: str
) -> None:
    assert await called(tmp_path, *PREVIEW) == 0
    store = await Store.open(database_url)
    assert (
        (await store.reviews.find(COMEX)).run,
        (await store.cohorts.counts(COMEX)).proposed,
    ) == (
        0,
        0,
    )
    await store.close()


async def test_a_preview_as_csv_holds_no_formula(
    world: World, tmp_path: Any, capfd: CaptureFixture[str]
) -> None:
    assert await called(tmp_path, *PREVIEW, "--csv") == 0
    header, first, *left = csv.reader(io.StringIO(capfd.readouterr().out))
    assert header == ["mentor", "mentee", "score", "because"]
    assert first[:2] == ["'=HYPERLINK(1)", "Name of BOSS"] and first[2].isdigit()
    assert sorted(row[:3] for row in left) == [
        ["", "Name of CFO", ""],
        ["Name of BRUNO", "", ""],
    ]


async def test_a_preview_shows_the_organisations_ids_of_namesakes(
    world: World,
    tmp_path: Any,
    capfd: CaptureFixture[str],
    database_url: str,
) -> None:
    store = await Store.open(database_url)
    await store.imports.apply(
        file(line("CFO", roles="mentee", manager="BOSS", name="Name of BOSS"))
    )
    await store.close()
    assert await called(tmp_path, *PREVIEW, "--csv") == 0
    output = capfd.readouterr().out
    assert (
        "Name of BOSS (BOSS)" in output
        and "Name of BOSS (CFO)" in output
        and "BRUNO (BRUNO)" not in output
    )


async def test_a_preview_as_json_has_ids_names_and_gains(
    world: World, tmp_path: Any, capfd: CaptureFixture[str]
) -> None:
    assert await called(tmp_path, *PREVIEW, "--json") == 0
    found = json.loads(capfd.readouterr().out)
    (proposal,) = found["proposals"]
    assert found["names"][proposal["mentee"]] == "Name of BOSS"
    assert (found["cohort"], found["gains"][0]["rule"]) == (
        COMEX.workflow_id,
        "too_few_levels",
    )


@pytest.mark.parametrize(
    ("words", "output"),
    [
        (["cohort:pilot"], "COHORT is no workflow id of a cohort"),
        (["pilot"], "or PROGRAMME and REGION; 1 words were given"),
        (["nowhere", "comex"], "no programme is called nowhere; known: pilot"),
        (["pilot", "idf"], "no such cohort is open; this programme's: comex (wave 1)"),
        (["pilot", "comex", "--wave=2"], "no such cohort is open"),
        (["pilot", "comex", "--csv", "--json"], "exclude each other"),
    ],
)
async def test_what_cannot_be_previewed_is_refused_in_words(
    world: World,
    tmp_path: Any,
    capfd: CaptureFixture[str],
    words: list[str],
    output: str,
) -> None:
    assert await called(tmp_path, "match", "preview", *words) == 2
    assert output in capfd.readouterr().err


async def test_pins_that_stop_a_run_are_named_by_the_organisations_ids(
    world: World,
    tmp_path: Any,
    capfd: CaptureFixture[str],
    database_url: str,
) -> None:
    store = await Store.open(database_url)
    two = MentorMentee(
        mentor=world.ids["BRUNO"], mentee=world.ids["CFO"]
    )  # he reports to the CFO, by a dotted line
    await store.reviews.decide(
        COMEX, MatchDecision(pin=(two,)), [CheckedMatch(people=two)]
    )
    await store.close()
    assert await called(tmp_path, *PREVIEW) == 2
    assert "BRUNO and CFO are pinned, but manager_and_report" in capfd.readouterr().err


async def test_a_pin_of_who_was_not_imported_is_refused(
    world: World, tmp_path: Any, capfd: CaptureFixture[str]
) -> None:
    assert await called(tmp_path, "match", "pin", COMEX.workflow_id, "ANNA=NOBODY") == 2
    assert (
        "not two people who were imported; write MENTOR=MENTEE"
        in capfd.readouterr().err
    )


async def test_two_ids_with_a_space_are_refused_with_how_to_write_them(
    world: World, tmp_path: Any, capfd: CaptureFixture[str]
) -> None:
    assert await called(tmp_path, "match", "pin", "pilot", "comex", "ANNA", "CFO") == 2
    assert "write the two as MENTOR=MENTEE" in capfd.readouterr().err
