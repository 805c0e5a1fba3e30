"""`binome import` with files that are wrong: every mistake with its line, and nothing imported."""

from collections.abc import AsyncIterator, Mapping

import pytest

from activities.persistence.migrate import migrate
from binome.stack.postgres import Cluster
from tests.support.commands import call_binome
from tests.support.rehearsal.organisation import people, people_file
from tests.support.rehearsal.own_sql import database


def wrong_people() -> bytes:
    """One mistake of each kind, on lines 2 to 6 and on the last."""
    rows = people()
    rows[0]["manager"] = rows[1]["external_id"]  # its own manager is the first
    rows[1]["email"] = "thaddeus at plumbago"
    rows[2]["zone"] = "Europe/Atlantis"
    rows[3]["manager"] = "XQ-9999"
    rows[4]["supervisor"] = rows[4]["external_id"]
    rows[-1]["external_id"] = rows[-2]["external_id"]
    return people_file(rows)


FILES = {
    "mistakes": wrong_people(),
    "semicolons": people_file().replace(b",", b";"),
    "header": people_file().replace(b"external_id,", b"id,", 1),
    "encoding": people_file().decode().encode("latin-1"),
    "many": people_file(
        [{**row, "locale": "de", "seats": "x", "zone": "Mars"} for row in people()]
    ),
    "nothing": b"",
}


@pytest.fixture(scope="module")
async def empty(postgres: Cluster) -> AsyncIterator[str]:
    """A migrated database without anybody in it, which commands find by the settings."""
    postgres.create_database("people_files")
    url = postgres.url("people_files")
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("BINOME_DATABASE_URL", url)
        settings.setenv("BINOME_SECRET", "a-secret-of-the-tests-and-of-nobody")
        await migrate(url)
        yield url


@pytest.fixture(scope="module")
async def results(
    empty: str, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, tuple[int, str]]:
    """Exit code and errors of the command, by file."""
    folder = tmp_path_factory.mktemp("people")
    results = {}
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
        code, _, err = await call_binome("import", str(folder / name), "--data=nowhere")
        results[name] = (code, err)
    return results


@pytest.mark.parametrize("name", FILES)
async def test_a_wrong_file_is_the_callers_mistake(
    results: Mapping[str, tuple[int, str]], name: str
) -> None:
    assert results[name][0] == 2


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "mistakes",
            "line 2, manager: 2 people report to one another in a circle (lines 2, 3)",
        ),
        (
            "mistakes",
            "line 3, email: not an e-mail address; write it like first.last@example.org",
        ),
        (
            "mistakes",
            "line 4, zone: unknown time zone; allowed: an IANA name such as Europe/Paris",
        ),
        (
            "mistakes",
            "line 5, manager: names somebody who is neither in this file nor imported",
        ),
        ("mistakes", "line 6, supervisor: names the person themselves"),
        (
            "mistakes",
            "line 24, external_id: the same as on line 23; everybody is listed once",
        ),
        (
            "mistakes",
            "6 problems; nothing was imported. Correct the file and import it again.",
        ),
        (
            "semicolons",
            "line 1: separated by semicolons or tabs; save it as CSV with commas",
        ),
        (
            "header",
            "line 1: the header lacks external_id; it reads exactly: external_id,name,",
        ),
        ("many", "line 2, locale: not a language of the mails; allowed: en, fr"),
        ("many", "… and 19 more"),
        (
            "many",
            "69 problems; nothing was imported. Correct the file and import it again.",
        ),
        ("nothing", "file: empty; the first line reads: external_id,name,"),
        ("encoding", 'line 3: not UTF-8; in the spreadsheet, save as "CSV UTF-8"'),
    ],
)
async def test_each_mistake_is_listed_with_its_line(
    results: Mapping[str, tuple[int, str]], name: str, line: str
) -> None:
    assert line in results[name][1]


async def test_at_most_fifty_mistakes_are_listed(
    results: Mapping[str, tuple[int, str]],
) -> None:
    assert (
        sum(line.startswith("line ") for line in results["many"][1].splitlines()) == 50
    )


async def test_errors_repeat_no_value_of_a_wrong_file(
    results: Mapping[str, tuple[int, str]],
) -> None:
    """Values may be somebody's: the terminal may be on a wall."""
    errors = " ".join(err for _, err in results.values())
    assert [
        row["name"]
        for row in people()
        if row["name"].split()[1] in errors or row["external_id"] in errors
    ] == []


async def test_nothing_of_a_wrong_file_is_imported(
    results: Mapping[str, tuple[int, str]], empty: str
) -> None:
    async with database(empty) as found:
        assert await found.value("select count(*) from people") == 0
