"""`binome import`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json
from binome.printing import print_json, print_table, say, warn
from binome.where import find
from schemas.counted import counted

if TYPE_CHECKING:
    from schemas.people import ImportPreview


def command(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, metavar="FILE", help="A people file: CSV, UTF-8, commas."
        ),
    ],
    preview: Annotated[bool, typer.Option("--preview", help="Say what would change, and change nothing.")] = False,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Import people: the whole file or, with any mistake in it, nothing."""
    found = asyncio.run(_import(file, data, preview))
    if as_json:
        print_json(found)
    else:
        _show(found, preview)
    if found.problems:
        raise typer.Exit(2)


async def _import(file: Path, data: Path, preview: bool) -> "ImportPreview":
    content = await asyncio.to_thread(file.read_bytes)
    async with find(data).store() as store:
        return await (store.preview_people(content) if preview else store.import_people(content))


def _show(found: "ImportPreview", preview: bool) -> None:
    if found.problems:
        for problem in found.problems:
            warn(str(problem))
        warn(f"{counted(len(found.problems), 'problem')}; nothing was imported. Correct the file and import it again.")
        return
    print_table("", ["region", "people"], sorted(found.regions.items()))
    what = "would be" if preview else "were"
    say(f"{found.added} {what} added, {found.changed} {what} changed, {found.unchanged} are as before.")
