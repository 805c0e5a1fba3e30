"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from binome.errors import CommandRefused
from domain.wording import CODE
from schemas.ids import is_code

Data = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="Where `binome up` runs; when it does not, the settings (BINOME_*) count.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
DEFAULT_DATA = Path(".binome")


def code(name: str, value: str) -> str:
    """What was typed for the argument `name`, if it is a code; bytes that are no text come here too.

    Raises:
        CommandRefused: it is none.
    """
    if not is_code(value):
        raise CommandRefused(f"{name} is not a code; allowed: {CODE}")
    return value
