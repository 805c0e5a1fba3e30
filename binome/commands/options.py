"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path,
    typer.Option(
        "--data", metavar="FOLDER", help="Where `binome up` runs; when it does not, the settings (BINOME_*) count."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
DEFAULT_DATA = Path(".binome")
