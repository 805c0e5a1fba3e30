"""`binome import` from somebody else's header to leavers: what it says, and with which exit code it leaves."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from activities.persistence.migrate import migrate
from binome.stack.postgres import Cluster
from tests.support.commands import call_binome
from tests.support.databases import copy_of
from tests.support.rehearsal.own_sql import database

HEADER = "Matricule;Nom complet;E-mail;Site;Rôle"
NAMES = ("Quetzalcote", "Oxbloodwell", "Nightjarre", "Pumpernelle", "Quillfeather")
SECRET = "a-secret-of-the-tests-and-of-nobody"
CONSTANTS = '\n[constants]\nregion = "idf"\n'


def file(*ids: int, site: str = "Lyon") -> str:
    lines = [
        f"X{number};{NAMES[number]};x{number}@example.org;{site};" for number in ids
    ]
    return "\n".join([HEADER, *lines, ""])


class Prepared(NamedTuple):
    """What each test begins with."""

    database: str
    columns: str


class Importing:
    """A migrated database of its own, and a folder with a file in it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    async def __call__(
        self, text: str, *options: str, columns: bool = True
    ) -> tuple[int, str, str]:
        path = self.folder / "people.csv"
        path.write_text(text, "utf-8")
        mapped = [f"--columns={self.folder / 'columns.toml'}"] if columns else []
        return await call_binome(
            "import", str(path), "--data=nowhere", *mapped, *options
        )


@pytest.fixture(scope="module")
async def prepared(
    postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Prepared:
    """The columns file that the command prints for this header, and a database in which it imported all of NAMES."""
    folder = tmp_path_factory.mktemp("prepared")
    postgres.create_database("imported")
    url = postgres.url("imported")
    await migrate(url)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BINOME_DATABASE_URL", url)
        environment.setenv("BINOME_SECRET", SECRET)
        importing = Importing(folder, url)
        _, printed, _ = await importing(file(0), "--print-columns", columns=False)
        (folder / "columns.toml").write_text(
            printed.replace("\n[constants]\n", CONSTANTS), "utf-8"
        )
        assert (await importing(file(0, 1, 2, 3, 4)))[0] == 0
    return Prepared("imported", (folder / "columns.toml").read_text("utf-8"))


@pytest.fixture
async def importing(
    postgres: Cluster,
    prepared: Prepared,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Importing]:
    """Everybody of NAMES is there."""
    (tmp_path / "columns.toml").write_text(prepared.columns, "utf-8")
    async with copy_of(prepared.database, postgres) as url:
        monkeypatch.setenv("BINOME_DATABASE_URL", url)
        monkeypatch.setenv("BINOME_SECRET", SECRET)
        yield Importing(tmp_path, url)


async def present(importing: Importing) -> int:
    async with database(importing.url) as found:
        count: int = await found.value(
            "select count(*) from people where left_at is null"
        )
        return count


async def test_what_is_printed_for_a_header_reads_its_file(
    importing: Importing,
) -> None:
    code, out, _ = await importing(file(0, 1, 2, 3, 4), "--preview")
    assert (code, "5 are as before" in out) == (0, True)


async def test_a_preview_names_columns_and_ids_and_nobody(importing: Importing) -> None:
    code, out, err = await importing(file(0, 1, site="Lille"), "--preview")
    assert (
        code,
        "Columns that change: site 2." in out,
        "changed: X0 (site), X1 (site)" in out,
    ) == (0, True, True)
    assert not any(word in out + err for word in (*NAMES, "Lille", "example.org"))


async def test_so_many_leavers_are_confirmed_by_their_number(
    importing: Importing,
) -> None:
    code, _, err = await importing(file(0, 1, 2), "--leavers")
    assert (code, await present(importing)) == (3, 5)
    assert "2 people would leave, 40% of those in the file's regions" in err
    assert "confirm the number with --leavers=2" in err
    assert (await importing(file(0, 1, 2), "--leavers=2"))[0] == 0
    assert await present(importing) == 3


async def test_programs_read_what_changes(importing: Importing) -> None:
    code, out, err = await importing(
        file(0, 1, 2, 3, site="Lille"), "--leavers=1", "--json"
    )
    summary = json.loads(out)
    assert err == ""
    assert (
        code,
        summary["changed"],
        summary["absent"],
        summary["leaving"],
        summary["fields"],
    ) == (
        0,
        4,
        1,
        True,
        {"site": 4},
    )
    assert {change["external_id"]: change["what"] for change in summary["changes"]}[
        "X4"
    ] == "left"
    assert not any(name in out for name in NAMES)


@pytest.mark.parametrize("leavers", ["--leavers=two", "--leavers=-1", "--leavers="])
async def test_what_is_no_number_of_leavers_is_refused(
    importing: Importing, leavers: str
) -> None:
    code, _, err = await importing(file(0), leavers)
    assert (code, "--leavers takes a whole number" in err) == (2, True)


async def test_a_header_that_is_gone_is_named(importing: Importing) -> None:
    code, _, err = await importing(file(0).replace("E-mail", "Email"))
    assert (
        code,
        "line 1, email: its header is not in the file; did you mean Email?" in err,
    ) == (2, True)
