"""The command `binome import`, which imports a people file."""

import asyncio
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from binome.commands.options import DEFAULT_DATA, Data, Json
from binome.errors import CommandRefused
from binome.printing import print_json, print_table, say, warn
from binome.servers import find_servers
from schemas.wording.counted import counted

if TYPE_CHECKING:
    from schemas.people import (
        ImportOptions,
        ImportPreview,
        ImportStep,
        ReportImportProgress,
    )

PROBLEMS_SHOWN = 50
IDS_SHOWN = 20
EXIT_NOT_CONFIRMED = 3
"""Exit code: the file is right, and somebody must confirm how many leave."""


class Command(TyperCommand):
    """Command class that reads `--leavers` without a number as `--leavers=few`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        return super().parse_args(
            ctx, ["--leavers=few" if each == "--leavers" else each for each in args]
        )


_File = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        metavar="FILE",
        help="A people file: CSV, UTF-8.",
    ),
]
_Columns = Annotated[
    Path | None,
    typer.Option(
        "--columns",
        exists=True, dir_okay=False, readable=True, metavar="FILE",
        help="Which header of the file is which of our columns: TOML or JSON.",
    ),
]  # fmt: skip
_Leavers = Annotated[
    str | None,
    typer.Option(
        "--leavers",
        metavar="[=N]",
        help="Who is in the file's regions and not in the file has left; more than one in ten only with their number.",
    ),
]


def command(
    file: _File,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Say what would change, and change nothing."),
    ] = False,
    columns: _Columns = None,
    print_columns: Annotated[
        bool,
        typer.Option(
            "--print-columns",
            help="Print a columns file guessed from the file's header, and stop.",
        ),
    ] = False,
    leavers: _Leavers = None,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Import people: the whole file or, with any mistake in it, nothing."""
    if print_columns:
        sys.stdout.write(_template(file))
        return
    found = asyncio.run(_import(file, data, preview, _order(columns, leavers)))
    if as_json:
        # On a terminal, which may be on a wall, nobody is shown with more than their id.
        print_json(
            found.model_dump(mode="json", exclude={"changes": {"__all__": {"name"}}})
        )
    else:
        _show(found, preview)
    if found.problems:
        raise typer.Exit(2)
    if found.refused:
        raise typer.Exit(EXIT_NOT_CONFIRMED)


def _order(columns: Path | None, leavers: str | None) -> "ImportOptions":
    from schemas.people import ImportOptions

    if leavers not in (None, "few") and not (
        str(leavers).isascii() and str(leavers).isdigit()
    ):
        raise CommandRefused("--leavers takes a whole number, as --leavers=12, or none")
    return ImportOptions.model_validate(
        {
            "columns": (columns.read_bytes() or b"\n") if columns else b"",
            "leavers": int(leavers) if leavers and leavers != "few" else leavers,
        }
    )


def _template(file: Path) -> str:
    from domain.people.column_guesses import columns_file_template
    from domain.people.header import HeaderInvalid

    try:
        return columns_file_template(file.read_bytes())
    except HeaderInvalid as error:
        raise CommandRefused(f"line 1: {error}") from None


async def _import(
    file: Path, data: Path, preview: bool, order: "ImportOptions"
) -> "ImportPreview":
    content = await asyncio.to_thread(file.read_bytes)
    async with find_servers(data).store() as store:
        act = store.imports.preview if preview else store.imports.apply
        return await act(content, order, _progress())


def _progress(every_seconds: float = 1.0) -> "ReportImportProgress":
    """Shows progress, at most once in so many seconds; a small file shows none."""
    last = monotonic()

    def progress(step: "ImportStep", done: int, of: int) -> None:
        nonlocal last
        if monotonic() - last >= every_seconds:
            last = monotonic()
            warn(f"{done:,} of {of:,} lines {step}")

    return progress


def _show(found: "ImportPreview", preview: bool) -> None:
    if found.problems:
        for problem in found.problems[:PROBLEMS_SHOWN]:
            warn(str(problem))
        if found.wrong > PROBLEMS_SHOWN:
            warn(f"… and {found.wrong - PROBLEMS_SHOWN:,} more")
        warn(
            f"{counted(found.wrong, 'problem')}; nothing was imported. Correct the file and import it again."
        )
        return
    print_table("", ["region", "people"], sorted(found.regions.items()))
    _show_changes(found, "would be" if preview or found.refused else "were")
    _show_leavers(found, preview)


def _show_changes(found: "ImportPreview", what: str) -> None:
    fields = ", ".join(f"{field} {people:,}" for field, people in found.fields.items())
    say(
        f"{found.added:,} {what} added, {found.changed:,} {what} changed, {found.back:,} {what} back after leaving, "
        f"{found.unchanged:,} are as before."
    )
    if fields:
        say(f"Columns that change: {fields}.")
    for kind, total in (
        ("changed", found.changed),
        ("back", found.back),
        ("left", found.absent),
    ):
        if ids := [
            " ".join(
                [
                    change.external_id,
                    f"({', '.join(change.fields)})" if change.fields else "",
                ]
            ).strip()
            for change in found.changes
            if change.what == kind
        ][:IDS_SHOWN]:
            more = f" and {total - len(ids):,} more" if total > len(ids) else ""
            say(f"{kind}: {', '.join(ids)}{more}")


def _show_leavers(found: "ImportPreview", preview: bool) -> None:
    if found.refused:
        warn(f"{found.refused} with --leavers={found.absent}.")
    elif found.leaving:
        say(
            f"{found.absent:,} {'would leave' if preview else 'left'}: in the file's regions, and not in the file."
        )
    elif found.absent:
        say(
            f"{found.absent:,} of these regions are not in the file and stay; --leavers says that they have left."
        )
