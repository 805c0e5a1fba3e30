"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path, typer.Option("--data", help="Folder of the one-machine stack; where none runs in it, the settings count.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]
DEFAULT_DATA = Path(".binome")
